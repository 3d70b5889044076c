import { readVoucherKeys, verifyVoucherToken } from '@pika/shared/voucher-token';
import { addLanguages, openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startVouchersApi, type VouchersApi } from '../vouchers-api.ts';
import { addConsumer, addOffer } from './offers.ts';
import { decode, readPng } from './read-png.ts';

const noon = '2026-11-21T15:00:00Z';
const clock = testClock(noon);
let test: OpenTestDatabase;
let api: VouchersApi;
let me: Awaited<ReturnType<typeof addConsumer>>;

beforeAll(async () => {
  test = await openTestDatabase();
  await addLanguages(test.pool);
  api = await startVouchersApi(test, clock);
});
afterAll(async () => {
  await api?.close();
  await test?.close();
});
beforeEach(async () => {
  clock.set(noon);
  me = await addConsumer(test);
});

async function claim(voucherId: string): Promise<string> {
  const answer = await api.post(`/v1/vouchers/${voucherId}/claims`, {}, me.headers);
  expect(answer.status, answer.text).toBe(201);
  return (answer.body as { id: string }).id;
}

const ask = (id: string, type: 'svg' | 'png', headers: Readonly<Record<string, string>> = me.headers) =>
  fetch(`${api.url}/v1/claims/${id}/qr.${type}`, { headers });

/** As a till does it: keys by the network, once; then none. */
async function verify(text: string, now = clock.now()) {
  const { body } = await api.get('/.well-known/voucher-keys.json');
  return verifyVoucherToken(text, readVoucherKeys(body) ?? [], { now });
}

describe('200', () => {
  it('is a PNG of 37 × 37 modules that holds a good token of the claim', async () => {
    const { voucherId } = await addOffer(test);
    const id = await claim(voucherId);
    const answer = await ask(id, 'png');
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'no-store',
      'pika-token-expires': '2026-11-21T15:15:00Z',
    });
    const picture = readPng(Buffer.from(await answer.arrayBuffer()));
    expect(picture.width).toBe((37 + 2 * 4) * 8);
    const token = decode(picture);
    expect(token.length).toBeLessThan(120);
    expect(await verify(token)).toMatchObject({
      isGood: true,
      kind: 'claim',
      id,
      expiresAt: new Date('2026-11-21T15:15:00Z'),
    });
    expect(await verify(token, new Date('2026-11-21T15:15:00Z'))).toEqual({ isGood: false, reason: 'expired' });
  });

  it('is an SVG of the same size, black on white with its quiet zone', async () => {
    const { voucherId } = await addOffer(test);
    const answer = await ask(await claim(voucherId), 'svg');
    expect(answer.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    const text = await answer.text();
    expect(text).toMatch(/^<svg [^>]*viewBox="-4 -4 45 45"/);
    expect(text).toContain('black');
    expect(text).toContain('white');
    expect(text).not.toMatch(/<script|href|on\w+=/);
  });

  it('ends with the claim where that is sooner', async () => {
    const { voucherId } = await addOffer(test, { voucher: { valid_days_after_claim: 1 } });
    const id = await claim(voucherId);
    clock.set('2026-11-22T14:55:30Z');
    expect((await ask(id, 'svg')).headers.get('pika-token-expires')).toBe('2026-11-22T15:00:00Z');
  });

  it('is given before the voucher is valid and while the place is closed: a person shows it then', async () => {
    const { voucherId } = await addOffer(test, { validFrom: '2026-12-24' });
    expect((await ask(await claim(voucherId), 'svg')).status).toBe(200);
  });
});

describe('409 claim.over', () => {
  const codes = async (id: string) => {
    const answer = await api.get(`/v1/claims/${id}/qr.svg`, { ...me.headers, Accept: 'image/svg+xml' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'claim.over' } });
    return (answer.body as { violations: { code: string }[] }).violations.map(({ code }) => code);
  };

  it('says why there is nothing to show', async () => {
    const { voucherId, businessId } = await addOffer(test, { voucher: { valid_days_after_claim: 1 } });
    const id = await claim(voucherId);
    await test.pool.query(`UPDATE marketplace.vouchers SET state = 'suspended' WHERE id = $1`, [voucherId]);
    expect(await codes(id)).toEqual(['voucher.suspended']);
    await test.pool.query(`UPDATE business.businesses SET status = 'suspended' WHERE id = $1`, [businessId]);
    clock.set('2026-11-22T15:00:00Z');
    expect(await codes(id)).toEqual(['claim.expired', 'voucher.suspended', 'business.inactive']);
    await test.pool.query(`UPDATE marketplace.claims SET state = 'redeemed' WHERE id = $1`, [id]);
    expect(await codes(id)).toContain('claim.redeemed');
  });
});

describe('404', () => {
  it('for everybody else', async () => {
    const { voucherId } = await addOffer(test);
    const id = await claim(voucherId);
    const other = await addConsumer(test);
    for (const type of ['svg', 'png'] as const) {
      expect((await ask(id, type, other.headers)).status).toBe(404);
      expect((await ask(voucherId, type)).status).toBe(404);
      expect((await ask(id, type, {})).status).toBe(401);
    }
  });
});
