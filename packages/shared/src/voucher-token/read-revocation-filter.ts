import { filterBytes } from './signed-bytes.ts';
import { isSignedBy, type VoucherKey } from './voucher-key.ts';
import { placeOf, revocationFilterVersion, revocationPrecisionBits } from './write-revocation-filter.ts';

export interface RevocationFilter {
  /** It knows of what was revoked before. */
  madeAt: Date;
  count: number;
  /** Whether a claim or voucher was revoked: a no is sure, a yes is wrong once in 2 ** 20 times. */
  has(id: string): boolean;
}

export type RevocationFilterVerdict =
  { isGood: true; filter: RevocationFilter } | { isGood: false; reason: 'malformed' | 'unknownKey' | 'badSignature' };

const signatureBytes = 64;
const kidBytes = 43;
const headBytes = 1 + 4 + kidBytes + 4;

/** Reads a downloaded filter, if one of the keys signed it. Rejects where this runtime has no Ed25519. */
export async function readRevocationFilter(
  bytes: Uint8Array,
  keys: readonly VoucherKey[],
): Promise<RevocationFilterVerdict> {
  if (bytes.length < headBytes + signatureBytes || bytes[0] !== revocationFilterVersion) {
    return { isGood: false, reason: 'malformed' };
  }
  const content = bytes.slice(0, -signatureBytes);
  const view = new DataView(content.buffer);
  const kid = String.fromCharCode(...content.subarray(5, 5 + kidBytes));
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) return { isGood: false, reason: 'unknownKey' };
  if (!(await isSignedBy(key, bytes.slice(-signatureBytes), filterBytes(content)))) {
    return { isGood: false, reason: 'badSignature' };
  }
  const count = view.getUint32(5 + kidBytes);
  const places = new Set(placesOf(content.subarray(headBytes)));
  return {
    isGood: true,
    filter: {
      madeAt: new Date(view.getUint32(1) * 1_000),
      count,
      has: (id) => count > 0 && places.has(placeOf(id, count)),
    },
  };
}

function placesOf(coded: Uint8Array): number[] {
  const bits = Array.from(coded, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const coding = new RegExp(`(1*)0([01]{${revocationPrecisionBits}})`, 'y');
  const places: number[] = [];
  let place = 0;
  for (let match = coding.exec(bits); match !== null; match = coding.exec(bits)) {
    const [, multiples = '', rest = ''] = match;
    place += multiples.length * 2 ** revocationPrecisionBits + Number.parseInt(rest, 2);
    places.push(place);
  }
  return places;
}
