import { createHmac, timingSafeEqual } from 'node:crypto';

const sealBytes = 16;
const cursorLengthMax = 4096;

/** Opaque text that {@link openCursor} accepts only under the same secret. Equal payloads give equal text. */
export function sealCursor(payload: object, secret: string): string {
  const json = Buffer.from(JSON.stringify(payload));
  return Buffer.concat([sealOf(json, secret), json]).toString('base64url');
}

/** The sealed payload, or null when the text was not sealed with this secret. Never throws. */
export function openCursor(text: string, secret: string): unknown {
  if (text.length > cursorLengthMax) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= sealBytes || bytes.toString('base64url') !== text) return null;
  const json = bytes.subarray(sealBytes);
  if (!timingSafeEqual(bytes.subarray(0, sealBytes), sealOf(json, secret))) return null;
  return JSON.parse(json.toString());
}

function sealOf(json: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update('pika.cursor\0').update(json).digest().subarray(0, sealBytes);
}
