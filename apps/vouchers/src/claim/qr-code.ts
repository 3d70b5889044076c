import { correction, generate, type Bitmap2D } from 'lean-qr';
import { toPngBuffer } from 'lean-qr/extras/node_export';
import { toSvgSource } from 'lean-qr/extras/svg';

/** Of the quiet zone on each side; ISO/IEC 18004 asks for four. */
const padModules = 4;
const pngPixelsPerModule = 8;

/** Level M or better: a better one where it costs no larger code. */
const encode = (text: string): Bitmap2D => generate(text, { minCorrectionLevel: correction.M });

/** Black on white, whatever the page around it looks like. */
export function drawSvg(text: string): Uint8Array {
  return Buffer.from(toSvgSource(encode(text), { on: 'black', off: 'white', pad: padModules }));
}

export function drawPng(text: string): Uint8Array {
  return toPngBuffer(encode(text), {
    on: [0, 0, 0],
    off: [255, 255, 255],
    pad: padModules,
    scale: pngPixelsPerModule,
  });
}
