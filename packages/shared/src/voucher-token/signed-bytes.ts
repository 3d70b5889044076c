import type { VoucherTokenKind } from './voucher-token-text.ts';

export interface VoucherTokenContent {
  kind: VoucherTokenKind;
  id: string;
  expiresAt: Date;
}

const kindBytes: Readonly<Record<VoucherTokenKind, number>> = { claim: 1, voucher: 2 };

const text = new TextEncoder();

/** What a signature of a token is over: purpose, kind, id, expiry in seconds (32 bits), whole name of the key. */
export function tokenBytes({ kind, id, expiresAt }: VoucherTokenContent, kid: string): Uint8Array<ArrayBuffer> {
  const expiry = Math.floor(expiresAt.getTime() / 1_000);
  return concatenated(
    text.encode('pika.voucher-token.v1\0'),
    Uint8Array.of(kindBytes[kind]),
    Uint8Array.from(id.replaceAll('-', '').match(/../g) ?? [], (hex) => Number.parseInt(hex, 16)),
    fourBytes(expiry),
    text.encode(kid),
  );
}

/** What a signature of a revocation filter is over. */
export function filterBytes(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatenated(text.encode('pika.voucher-revocations.v1\0'), content);
}

/** Unsigned, the most significant first. */
export function fourBytes(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function concatenated(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
