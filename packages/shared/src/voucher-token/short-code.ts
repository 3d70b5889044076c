/** Without what is taken for something else when it is read aloud or typed: 0 and O, 1, I and L, U and V. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const bodyLength = 9;
/** A prime greater than the alphabet: no weight and no difference of two characters is a multiple of it. */
const modulus = 31;

/**
 * Nine characters at random and one that checks them, so that a wrong character, or two that changed places, is always
 * noticed. 44 bits; whether it is taken is for the database to say.
 */
export function newShortCode(randomByte: () => number = cryptoByte): string {
  for (;;) {
    const body = Array.from({ length: bodyLength }, () => randomValue(randomByte));
    const check = alphabet[checkOf(body)];
    if (check !== undefined) return body.map((value) => alphabet[value]).join('') + check;
  }
}

/** The code as it is stored, of what a person typed: any case, spaces and hyphens anywhere. Null where it is none. */
export function readShortCode(typed: string): string | null {
  const code = typed.replaceAll(/[\s\p{Pd}]/gu, '').toUpperCase();
  const values = Array.from(code, (character) => alphabet.indexOf(character));
  if (values.length !== bodyLength + 1 || values.includes(-1)) return null;
  return checkOf(values.slice(0, bodyLength)) === values[bodyLength] ? code : null;
}

/** XXXXX-XXXXX */
export function showShortCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

/** What makes the sum of the weighted values, the check's own weight being 1, a multiple of 31; 30 is no character. */
function checkOf(body: readonly number[]): number {
  const sum = body.reduce((before, value, index) => before + value * (bodyLength + 1 - index), 0);
  return (modulus - (sum % modulus)) % modulus;
}

/** Evenly: 240 is the greatest multiple of 30 in a byte. */
function randomValue(randomByte: () => number): number {
  for (;;) {
    const byte = randomByte();
    if (byte < 240) return byte % alphabet.length;
  }
}

const cryptoByte = () => crypto.getRandomValues(new Uint8Array(1))[0]!;
