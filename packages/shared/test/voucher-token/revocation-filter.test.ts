import { describe, expect, it } from 'vitest';
import { newId } from '../../src/id.ts';
import { readRevocationFilter, writeRevocationFilter } from '../../src/voucher-token/index.ts';
import { makeKey } from './made-keys.ts';

const madeAt = new Date('2026-11-21T12:00:00Z');
const key = makeKey({ nbf: 1, exp: 2 ** 31 });
const write = (ids: readonly string[]) => writeRevocationFilter(ids, { madeAt, kid: key.kid, sign: key.sign });

async function read(bytes: Uint8Array) {
  const verdict = await readRevocationFilter(bytes, [key]);
  if (!verdict.isGood) throw new Error(verdict.reason);
  return verdict.filter;
}

describe('a filter', () => {
  it('knows every id in it, and of 100,000 others mistakes next to none', async () => {
    for (const count of [1, 2, 1_000, 20_000]) {
      const ids = Array.from({ length: count }, () => newId());
      const filter = await read(write(ids));
      expect(filter).toMatchObject({ madeAt, count });
      expect(ids.filter((id) => !filter.has(id))).toEqual([]);
      expect(ids.filter((id) => !filter.has(id.toUpperCase()))).toEqual([]);
      const mistaken = Array.from({ length: 25_000 }, () => newId()).filter((id) => filter.has(id)).length;
      expect(mistaken).toBeLessThanOrEqual(2);
    }
  });

  it('knows nothing where it is empty, and takes an id twice for one', async () => {
    const empty = await read(write([]));
    expect([empty.count, empty.has(newId())]).toEqual([0, false]);
    const id = newId();
    expect((await read(write([id, id, id.toUpperCase()]))).count).toBe(1);
  });

  it('takes about 22 bits for an id', () => {
    const bytes = write(Array.from({ length: 10_000 }, () => newId())).length;
    expect((bytes - 116) * 8).toBeLessThan(10_000 * 22);
  });

  it('is the same whatever the order', () => {
    const ids = Array.from({ length: 100 }, () => newId());
    expect(write(ids.toReversed())).toEqual(write(ids));
  });
});

describe('a filter that is refused', () => {
  const bytes = write(Array.from({ length: 20 }, () => newId()));

  it('is each with one bit flipped', async () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >>> 3]! ^= 1 << (bit & 7);
      expect([bit, (await readRevocationFilter(changed, [key])).isGood]).toEqual([bit, false]);
    }
  });

  it('is each that was cut or lengthened', async () => {
    for (let length = 0; length < bytes.length; length++) {
      expect((await readRevocationFilter(bytes.slice(0, length), [key])).isGood).toBe(false);
    }
    expect((await readRevocationFilter(Uint8Array.from([...bytes, 0]), [key])).isGood).toBe(false);
  });

  it('is one of another key, or of a key that nobody knows', async () => {
    const thief = makeKey(key);
    const forged = writeRevocationFilter([], { madeAt, kid: key.kid, sign: thief.sign });
    expect(await readRevocationFilter(forged, [key])).toEqual({ isGood: false, reason: 'badSignature' });
    expect(await readRevocationFilter(bytes, [thief])).toEqual({ isGood: false, reason: 'unknownKey' });
  });
});
