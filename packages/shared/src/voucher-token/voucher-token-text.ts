/** What alphanumeric QR codes can hold but for the space, which forms trim and pages fold. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:';
const radix = BigInt(alphabet.length);
const values = new Map(Array.from(alphabet, (character, value) => [character, BigInt(value)]));

export const voucherTokenLength = 119;

export type VoucherTokenKind = 'claim' | 'voucher';

const kinds: readonly VoucherTokenKind[] = ['claim', 'voucher'];
const tags = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What a token says before anybody has looked at its signature. */
export interface VoucherTokenParts {
  kind: VoucherTokenKind;
  /** UUIDv7, in lower case. */
  id: string;
  /** The first character of the name of the key. */
  keyTag: string;
  /** From when that key began to sign to when the token expires. */
  minutes: number;
  signature: Uint8Array<ArrayBuffer>;
}

/** Widths in bits, from the most significant on: 649 together, and 44 ** 119 > 2 ** 649. */
const tagBits = 6n;
const minuteBits = 17n;
const timeBits = 42n;
const randomBits = 74n;
const idBits = timeBits + randomBits;
/** As a little-endian number: its second half is less than 2 ** 253 (RFC 8032). */
const signatureBits = 509n;
const allBits = 1n + tagBits + minuteBits + idBits + signatureBits;

export const minutesMax = 2 ** Number(minuteBits) - 1;

/** Throws `RangeError` where an id is no UUIDv7 of before the year 2109, or another part does not fit. */
export function writeVoucherToken({ kind, id, keyTag, minutes, signature }: VoucherTokenParts): string {
  const fields: [value: bigint, bits: bigint][] = [
    [BigInt(kinds.indexOf(kind)), 1n],
    [BigInt(tags.indexOf(keyTag)), tagBits],
    [BigInt(minutes), minuteBits],
    [packId(id), idBits],
    [fromLittleEndian(signature), signatureBits],
  ];
  let number = 0n;
  for (const [value, bits] of fields) {
    if (value < 0n || value >> bits !== 0n) throw new RangeError('A part does not fit into a voucher token.');
    number = (number << bits) | value;
  }
  return digitsOf(number);
}

/** Null where nobody can have made it: each token has one spelling. */
export function readVoucherToken(text: string): VoucherTokenParts | null {
  let number = numberOf(text);
  if (number === null || number >> allBits !== 0n) return null;
  const take = (bits: bigint) => {
    const value = BigInt.asUintN(Number(bits), number!);
    number = number! >> bits;
    return value;
  };
  const signature = toLittleEndian(take(signatureBits), 64);
  const id = unpackId(take(idBits));
  const minutes = Number(take(minuteBits));
  const keyTag = tags[Number(take(tagBits))]!;
  return { kind: kinds[Number(number)]!, id, keyTag, minutes, signature };
}

function digitsOf(number: bigint): string {
  let text = '';
  for (let rest = number; text.length < voucherTokenLength; rest /= radix) {
    text = alphabet[Number(rest % radix)]! + text;
  }
  return text;
}

function numberOf(text: string): bigint | null {
  if (text.length !== voucherTokenLength) return null;
  let number = 0n;
  for (const character of text) {
    const value = values.get(character);
    if (value === undefined) return null;
    number = number * radix + value;
  }
  return number;
}

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The time in milliseconds and what is random, without version and variant. */
function packId(id: string): bigint {
  if (!uuidV7.test(id)) throw new RangeError('The id in a voucher token is a UUIDv7.');
  const number = BigInt(`0x${id.replaceAll('-', '')}`);
  const randomA = BigInt.asUintN(12, number >> 64n);
  return ((number >> 80n) << randomBits) | (randomA << 62n) | BigInt.asUintN(62, number);
}

function unpackId(packed: bigint): string {
  const randomA = BigInt.asUintN(12, packed >> 62n);
  const number =
    ((packed >> randomBits) << 80n) | (7n << 76n) | (randomA << 64n) | (2n << 62n) | BigInt.asUintN(62, packed);
  return number
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toLittleEndian(number: bigint, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => Number(BigInt.asUintN(8, number >> BigInt(8 * index))));
}
