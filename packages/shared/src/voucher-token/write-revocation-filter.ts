import { concatenated, filterBytes, fourBytes } from './signed-bytes.ts';

/** An id that is not in a filter is taken for one that is once in 2 ** 20 times. */
export const revocationPrecisionBits = 20;

export const revocationFilterVersion = 1;

export interface SignRevocations {
  madeAt: Date;
  kid: string;
  sign: (bytes: Uint8Array) => Uint8Array;
}

/**
 * A Golomb-coded set of UUIDv7s, of about 22 bits each: version (1 byte), when it was made (4, seconds), name of the key
 * (43), how many (4), the set, signature (64).
 */
export function writeRevocationFilter(ids: readonly string[], { madeAt, kid, sign }: SignRevocations): Uint8Array {
  const count = new Set(ids.map((id) => id.toLowerCase())).size;
  const places = [...new Set(ids.map((id) => placeOf(id, count)))].toSorted((one, other) => one - other);
  const content = concatenated(
    Uint8Array.of(revocationFilterVersion),
    fourBytes(Math.floor(madeAt.getTime() / 1_000)),
    new TextEncoder().encode(kid),
    fourBytes(count),
    riceCoded(places),
  );
  return concatenated(content, sign(filterBytes(content)));
}

/** Where an id stands among `count` × 2 ** 20 places: the last 62 bits of a UUIDv7 are random, so nothing is hashed. */
export function placeOf(id: string, count: number): number {
  const random = BigInt.asUintN(62, BigInt(`0x${id.replaceAll('-', '').slice(16)}`));
  return Number((random * (BigInt(count) << BigInt(revocationPrecisionBits))) >> 62n);
}

/** Each gap as its multiple of 2 ** 20 in ones, a zero, and the 20 bits that are left; filled up with ones. */
function riceCoded(places: readonly number[]): Uint8Array {
  const size = 2 ** revocationPrecisionBits;
  const bits = places
    .map((place, index) => place - (places[index - 1] ?? 0))
    .map(
      (gap) =>
        `${'1'.repeat(Math.floor(gap / size))}0${(gap % size).toString(2).padStart(revocationPrecisionBits, '0')}`,
    )
    .join('');
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}
