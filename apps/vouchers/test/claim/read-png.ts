import { inflateSync } from 'node:zlib';
import decodeQr from 'qr/decode.js';

export interface Picture {
  width: number;
  /** Black or white, row by row. */
  isDark: (x: number, y: number) => boolean;
}

/** Of one bit a pixel, or of a byte each in a palette or in grey, without filters. */
export function readPng(bytes: Buffer): Picture {
  const width = bytes.readUInt32BE(16);
  const [depth, colour] = [bytes.readUInt8(24), bytes.readUInt8(25)];
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const pixels = inflateSync(Buffer.concat(data));
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour] ?? 1;
  const stride = Math.ceil((width * depth * samples) / 8) + 1;
  const rows = unfilter(pixels, stride, Math.max(1, (depth * samples) / 8));
  const first = rows[1] ?? 0;
  const sample = (x: number, y: number) => {
    const bit = x * depth * samples;
    const byte = rows[y * stride + 1 + (bit >>> 3)] ?? 0;
    return depth === 8 ? byte : (byte >>> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  };
  const white = depth === 8 ? first : sample(0, 0);
  return { width, isDark: (x, y) => sample(x, y) !== white };
}

function unfilter(pixels: Buffer, stride: number, step: number): Buffer {
  const rows = Buffer.from(pixels);
  for (let start = 0; start < rows.length; start += stride) {
    const filter = rows[start];
    for (let index = 1; index < stride; index++) {
      const left = index > step ? (rows[start + index - step] ?? 0) : 0;
      const up = start > 0 ? (rows[start + index - stride] ?? 0) : 0;
      const corner = start > 0 && index > step ? (rows[start + index - stride - step] ?? 0) : 0;
      const nearest = [left, up, corner].toSorted(
        (one, other) => Math.abs(left + up - corner - one) - Math.abs(left + up - corner - other),
      )[0];
      const guess = { 0: 0, 1: left, 2: up, 3: (left + up) >> 1, 4: nearest ?? 0 }[filter ?? 0] ?? 0;
      rows[start + index] = ((rows[start + index] ?? 0) + guess) & 0xff;
    }
  }
  return rows;
}

/** What a scanner reads. */
export function decode({ width, isDark }: Picture): string {
  const data = new Uint8Array(width * width * 4);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) data.set(isDark(x, y) ? [0, 0, 0, 255] : [255, 255, 255, 255], (y * width + x) * 4);
  }
  return decodeQr({ width, height: width, data });
}
