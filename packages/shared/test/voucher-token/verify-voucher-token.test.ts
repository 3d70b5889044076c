import { randomBytes, randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../../src/id.ts';
import {
  readVoucherToken,
  readVoucherKeys,
  signVoucherToken,
  verifyVoucherToken,
} from '../../src/voucher-token/index.ts';
import { tokenBytes } from '../../src/voucher-token/signed-bytes.ts';
import { writeVoucherToken } from '../../src/voucher-token/voucher-token-text.ts';
import { makeKey, makeKeyLike } from './made-keys.ts';

const now = new Date('2026-11-21T12:00:00Z');
const second = Math.floor(now.getTime() / 1_000);
const day = 86_400;
const key = makeKey({ nbf: second - 10 * day, exp: second + 80 * day });
const id = newId(now);
const expiresAt = new Date(now.getTime() + 15 * 60_000);
const good = signVoucherToken({ kind: 'claim', id, expiresAt }, key, key.sign);
const parts = readVoucherToken(good.text)!;
const verify = (text: string, rules: Partial<Parameters<typeof verifyVoucherToken>[2]> = {}, keys = [key]) =>
  verifyVoucherToken(text, keys, { now, ...rules });

describe('a good token', () => {
  it('says which claim or voucher it is for, until when and by which key', async () => {
    for (const kind of ['claim', 'voucher'] as const) {
      const { text } = signVoucherToken({ kind, id, expiresAt }, key, key.sign);
      expect(await verify(text)).toEqual({ isGood: true, kind, id, expiresAt, kid: key.kid });
    }
  });

  it('is 119 characters that a QR code holds as alphanumeric, none of them a space', () => {
    expect(good.text).toHaveLength(119);
    expect(good.text).toMatch(/^[0-9A-Z$%*+\-./:]+$/);
  });

  it('is found among keys whose names begin alike', async () => {
    const like = makeKeyLike(key);
    expect(await verify(good.text, {}, [like, key])).toMatchObject({ isGood: true, kid: key.kid });
    expect(await verify(good.text, {}, [like])).toEqual({ isGood: false, reason: 'badSignature' });
  });

  it('reads back whatever ids, times and signatures it was written with', () => {
    for (let round = 0; round < 2_000; round++) {
      const signature = Uint8Array.from(randomBytes(64));
      signature[63]! &= 0x1f;
      const written = {
        kind: randomInt(2) === 0 ? ('claim' as const) : ('voucher' as const),
        id: newId(new Date(randomInt(2 ** 42))),
        keyTag: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.charAt(randomInt(64)),
        minutes: randomInt(2 ** 17),
        signature,
      };
      const text = writeVoucherToken(written);
      expect(text).toHaveLength(119);
      expect(readVoucherToken(text)).toEqual(written);
    }
  });

  it('lives no longer than its key', () => {
    const sign = (at: number) =>
      signVoucherToken({ kind: 'claim', id, expiresAt: new Date(at * 1_000) }, key, key.sign);
    expect(() => sign(key.exp + 60)).toThrow(RangeError);
    expect(() => sign(key.nbf - 60)).toThrow(RangeError);
    expect(sign(key.exp).expiresAt.getTime()).toBeLessThanOrEqual(key.exp * 1_000);
  });

  it('is made for ids of version 7 alone', () => {
    for (const other of ['not an id', 'c0ffee00-0000-4000-8000-000000000000', 'ffffffff-ffff-7fff-8fff-ffffffffffff']) {
      expect(() => signVoucherToken({ kind: 'claim', id: other, expiresAt }, key, key.sign)).toThrow(RangeError);
    }
  });
});

describe('malformed', () => {
  it('is what is no token', async () => {
    const last = good.text.at(-1)!;
    const others = {
      nothing: '',
      'an access token': 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln',
      'one character less': good.text.slice(0, -1),
      'one character more': `${good.text}0`,
      'a space around it': ` ${good.text.slice(1)}`,
      'lower case': good.text.toLowerCase(),
      'a character beyond ASCII': `${good.text.slice(0, -1)}É`,
      'half a pair': `${good.text.slice(0, -1)}\uD83D`,
      'a number too great': `:${good.text.slice(1)}`,
      'a full-width digit': `${good.text.slice(0, -1)}${String.fromCharCode(last.charCodeAt(0) + 0xfee0)}`,
      'a megabyte': 'A'.repeat(1_000_000),
    };
    for (const [name, text] of Object.entries(others)) {
      expect([name, await verify(text)]).toEqual([name, { isGood: false, reason: 'malformed' }]);
    }
  });
});

describe('refused', () => {
  it('is each token with another character, at every place', async () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:';
    for (let index = 0; index < good.text.length; index++) {
      for (let attempt = 0; attempt < 4; attempt++) {
        const others = alphabet.replace(good.text.charAt(index), '');
        const wrong = others.charAt(randomInt(others.length));
        const verdict = await verify(good.text.slice(0, index) + wrong + good.text.slice(index + 1));
        expect([index, wrong, verdict.isGood]).toEqual([index, wrong, false]);
      }
    }
  });

  it('is each token with one bit flipped, in every part', async () => {
    let tried = 0;
    const refuse = async (changed: Partial<typeof parts>) => {
      tried++;
      const verdict = await verify(writeVoucherToken({ ...parts, ...changed }));
      expect([changed, verdict.isGood]).toEqual([changed, false]);
    };
    for (let bit = 0; bit < 509; bit++) {
      const signature = parts.signature.slice();
      signature[bit >>> 3]! ^= 1 << (bit & 7);
      await refuse({ signature });
    }
    for (let bit = 0; bit < 17; bit++) await refuse({ minutes: parts.minutes ^ (1 << bit) });
    const hex = id.replaceAll('-', '');
    for (let index = 0; index < 32; index++) {
      if (index < 2 || index === 12 || index === 16) continue;
      const digit = (Number.parseInt(hex[index]!, 16) ^ 1).toString(16);
      const other = hex.slice(0, index) + digit + hex.slice(index + 1);
      await refuse({ id: other.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') });
    }
    await refuse({ kind: 'voucher' });
    expect(tried).toBe(509 + 17 + 28 + 1);
  });

  it('is a token whose signature was moved by the order of the group, which says the same', async () => {
    const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const half = parts.signature.slice(32).reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n) + order;
    const signature = parts.signature.slice();
    for (let index = 0; index < 32; index++) signature[32 + index] = Number((half >> BigInt(8 * index)) & 0xffn);
    if (half >> 253n !== 0n) expect(() => writeVoucherToken({ ...parts, signature })).toThrow(RangeError);
    else expect((await verify(writeVoucherToken({ ...parts, signature }))).isGood).toBe(false);
  });

  it('is what another key signed under the name of ours', async () => {
    const thief = makeKey(key);
    const { text } = signVoucherToken({ kind: 'claim', id, expiresAt }, key, thief.sign);
    expect(await verify(text)).toEqual({ isGood: false, reason: 'badSignature' });
  });

  it('is what our key signed for another purpose or in another form', async () => {
    const content = { kind: 'claim', id, expiresAt: good.expiresAt } as const;
    const own = tokenBytes(content, key.kid);
    const forms = {
      'without the purpose': own.slice(22),
      'of another version': Uint8Array.from(own, (byte, index) => (index === 20 ? 0x32 : byte)),
      'of a filter': new TextEncoder().encode(`pika.voucher-revocations.v1\0${id}`),
      'of the other kind': tokenBytes({ ...content, kind: 'voucher' }, key.kid),
      'of another key': tokenBytes(content, makeKeyLike(key).kid),
      'of nothing': new Uint8Array(),
    };
    for (const [name, bytes] of Object.entries(forms)) {
      const text = writeVoucherToken({ ...parts, signature: Uint8Array.from(key.sign(bytes)) });
      expect([name, await verify(text)]).toEqual([name, { isGood: false, reason: 'badSignature' }]);
    }
    const same = writeVoucherToken({ ...parts, signature: Uint8Array.from(key.sign(own)) });
    expect((await verify(same)).isGood).toBe(true);
  });

  it('is a signature of zeros, and one by the key of the neutral element', async () => {
    const zeros = writeVoucherToken({ ...parts, signature: new Uint8Array(64) });
    expect((await verify(zeros)).isGood).toBe(false);
    const neutral = new Uint8Array(64);
    neutral[0] = 1;
    expect((await verify(writeVoucherToken({ ...parts, signature: neutral }))).isGood).toBe(false);
  });

  it('is the signature of one token on another', async () => {
    const other = signVoucherToken({ kind: 'claim', id: newId(now), expiresAt }, key, key.sign);
    const { signature } = readVoucherToken(other.text)!;
    expect(await verify(writeVoucherToken({ ...parts, signature }))).toEqual({ isGood: false, reason: 'badSignature' });
  });
});

describe('unknownKey', () => {
  it('is a token of a key that is not published, or retired', async () => {
    expect(await verify(good.text, {}, [])).toEqual({ isGood: false, reason: 'unknownKey' });
    const retired = { ...key, exp: second };
    expect(await verify(good.text, {}, [retired])).toEqual({ isGood: false, reason: 'unknownKey' });
  });
});

describe('expired', () => {
  it('is a token from its end on, and not a moment before', async () => {
    const end = good.expiresAt.getTime();
    expect((await verify(good.text, { now: new Date(end - 1) })).isGood).toBe(true);
    expect(await verify(good.text, { now: new Date(end) })).toEqual({ isGood: false, reason: 'expired' });
  });

  it('cannot be put off, and means the same time whatever set of keys is asked', async () => {
    for (const minutes of [parts.minutes + 1, parts.minutes - 1, 0, 2 ** 17 - 1]) {
      expect(await verify(writeVoucherToken({ ...parts, minutes }))).toEqual({ isGood: false, reason: 'badSignature' });
    }
    const shifted = { ...key, nbf: key.nbf + 60 };
    expect(await verify(good.text, {}, [shifted])).toEqual({ isGood: false, reason: 'badSignature' });
  });

  it('is a token that would outlive its key, which was withdrawn early', async () => {
    const withdrawn = { ...key, exp: second + 60 };
    expect(await verify(good.text, {}, [withdrawn])).toEqual({ isGood: false, reason: 'expired' });
  });
});

describe('revoked', () => {
  it('is a good token that the filter knows of', async () => {
    const revoked = { has: (asked: string) => asked === id };
    expect(await verify(good.text, { revoked })).toEqual({
      isGood: false,
      reason: 'revoked',
      kind: 'claim',
      id,
      expiresAt,
      kid: key.kid,
    });
    expect((await verify(good.text, { revoked: { has: () => false } })).isGood).toBe(true);
  });
});

describe('a set of keys', () => {
  const published = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: key.kid, x: key.x, nbf: 1, exp: 2 };
  it('is read where it says that it is one of voucher keys', () => {
    const set = { typ: 'pika-voucher-keys', keys: [published] };
    expect(readVoucherKeys(set)).toEqual([{ kid: key.kid, x: key.x, nbf: 1, exp: 2 }]);
  });

  it('is not read where it is one of access tokens, or malformed', () => {
    const others = [
      null,
      [],
      'keys',
      { keys: [published] },
      { typ: 'pika-voucher-keys' },
      { typ: 'pika-voucher-keys', keys: [{ ...published, nbf: undefined }] },
      { typ: 'pika-voucher-keys', keys: [{ ...published, x: 'short' }] },
      { typ: 'pika-voucher-keys', keys: [{ ...published, crv: 'X25519' }] },
      { typ: 'pika-voucher-keys', keys: [{ ...published, exp: '2' }] },
      { typ: 'pika-voucher-keys', keys: [null] },
    ];
    for (const other of others) expect([other, readVoucherKeys(other)]).toEqual([other, null]);
  });
});
