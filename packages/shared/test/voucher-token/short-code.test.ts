import { describe, expect, it } from 'vitest';
import { newShortCode, readShortCode, showShortCode } from '../../src/voucher-token/short-code.ts';

const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Drawn anew in each run; what fails is told with its code. */
const codes = Array.from({ length: 2_000 }, () => newShortCode());

describe('a short code', () => {
  it('has ten characters that nobody mistakes', () => {
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{10}$/);
    expect(new Set(codes).size).toBe(codes.length);
    for (const character of alphabet) expect(codes.some((code) => code.includes(character))).toBe(true);
  });

  it('is told from every code with one wrong character', () => {
    let tried = 0;
    for (const code of codes) {
      expect(readShortCode(code)).toBe(code);
      for (let index = 0; index < code.length; index++) {
        for (const wrong of alphabet) {
          if (wrong === code[index]) continue;
          tried++;
          if (readShortCode(code.slice(0, index) + wrong + code.slice(index + 1)) !== null) {
            expect.fail(`${code}: ${wrong} at ${index} is not noticed`);
          }
        }
      }
    }
    expect(tried).toBe(codes.length * 10 * 29);
  });

  it('is told from every code with two characters that changed places, neighbours or not', () => {
    let tried = 0;
    for (const code of codes) {
      for (let one = 0; one < code.length; one++) {
        for (let other = one + 1; other < code.length; other++) {
          const characters = Array.from(code);
          [characters[one], characters[other]] = [characters[other]!, characters[one]!];
          if (characters[one] === characters[other]) continue;
          tried++;
          if (readShortCode(characters.join('')) !== null) expect.fail(`${code}: ${one} and ${other} swapped`);
        }
      }
    }
    expect(tried).toBeGreaterThan(codes.length * 40);
  });

  it('is read as people type it', () => {
    for (const code of codes.slice(0, 50)) {
      const shown = showShortCode(code);
      expect(shown).toMatch(/^.{5}-.{5}$/);
      for (const typed of [
        shown,
        shown.toLowerCase(),
        ` ${code.slice(0, 3)} ${code.slice(3)}\t`,
        Array.from(code).join('–'),
      ]) {
        expect(readShortCode(typed)).toBe(code);
      }
    }
  });

  it('is not found in anything else', () => {
    const [code = ''] = codes;
    const others = [
      '',
      ' ',
      code.slice(1),
      `${code}2`,
      code.replace(/.$/, 'O'),
      'ÀÀÀÀÀÀÀÀÀÀ',
      '0'.repeat(10),
      `${code}😀`,
    ];
    for (const other of others) expect([other, readShortCode(other)]).toEqual([other, null]);
  });
});
