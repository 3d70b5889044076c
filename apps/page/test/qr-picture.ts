import type { Browser } from 'playwright-core';
import decodeQr from 'qr/decode.js';

export interface Picture {
  width: number;
  height: number;
  /** RGBA. */
  data: Uint8ClampedArray;
}

export const svgUrl = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
export const pngUrl = (png: Buffer) => `data:image/png;base64,${png.toString('base64')}`;

/** The pixels of a picture, as the browser draws it onto white. */
export async function drawPicture(browser: Browser, url: string, box = { width: 640, height: 480 }): Promise<Picture> {
  const page = await browser.newPage();
  try {
    const text = await page.evaluate(
      async ({ url: source, box: { width, height } }) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = width;
        canvas.height = height;
        const context = canvas.getContext('2d')!;
        context.fillStyle = 'white';
        context.fillRect(0, 0, width, height);
        context.imageSmoothingEnabled = false;
        const scale = Math.min(width / image.width, height / image.height);
        const [w, h] = [image.width * scale, image.height * scale];
        context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
        let bytes = '';
        for (const byte of context.getImageData(0, 0, width, height).data) bytes += String.fromCharCode(byte);
        return btoa(bytes);
      },
      { url, box },
    );
    return { ...box, data: new Uint8ClampedArray(Buffer.from(text, 'base64')) };
  } finally {
    await page.close();
  }
}

/** What the decoder of the counter reads in it. */
export const readQr = (picture: Picture): string => decodeQr(picture);

/** A film that Chromium takes for a camera: ten frames of the same picture, over and over. */
export function filmOf({ width, height, data }: Picture): Buffer {
  const luma = Buffer.alloc(width * height);
  for (let at = 0; at < luma.length; at++) {
    luma[at] = Math.round(0.299 * data[at * 4]! + 0.587 * data[at * 4 + 1]! + 0.114 * data[at * 4 + 2]!);
  }
  const chroma = Buffer.alloc((width * height) / 2, 128);
  const frames = Array.from({ length: 10 }, () => [Buffer.from('FRAME\n'), luma, chroma]).flat();
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), ...frames]);
}
