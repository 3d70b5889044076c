import { addLanguages, openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimAnswer } from '../../src/claim/claim.schemas.ts';
import { startVouchersApi, type VouchersApi } from '../vouchers-api.ts';
import { addConsumer, addOffer, type Offer } from './offers.ts';

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

async function claim({ voucherId }: Offer, status = 201): Promise<ClaimAnswer> {
  const answer = await api.post(`/v1/vouchers/${voucherId}/claims`, {}, me.headers);
  expect(answer.status, answer.text).toBe(status);
  return answer.body as ClaimAnswer;
}

const release = (id: string, headers: Readonly<Record<string, string>> = {}) =>
  api.send('DELETE', `/v1/claims/${id}`, { ...me.headers, ...headers });

const claimedCount = async ({ voucherId }: Offer) => {
  const { rows } = await test.pool.query<{ claimed_count: number }>(
    'SELECT claimed_count FROM marketplace.voucher_counters WHERE voucher_id = $1',
    [voucherId],
  );
  return rows[0]?.claimed_count;
};

describe('204', () => {
  it('gives the claim back, once, however often it is asked', async () => {
    const offer = await addOffer(test);
    const { id } = await claim(offer);
    for (let each = 0; each < 3; each++) expect((await release(id)).status).toBe(204);
    expect(await claimedCount(offer)).toBe(0);
    expect((await api.get(`/v1/claims/${id}`, me.headers)).body).toMatchObject({
      state: 'released',
      redeemable: { now: false, reasons: ['claim.released'] },
    });
  });

  it('lets it be claimed again: the same claim, that ends when it would have', async () => {
    const offer = await addOffer(test, { voucher: { valid_days_after_claim: 2 } });
    const first = await claim(offer);
    await release(first.id);
    clock.set('2026-11-22T15:00:00Z');
    const again = await claim(offer);
    expect(again).toMatchObject({
      id: first.id,
      shortCode: first.shortCode,
      state: 'active',
      expiresAt: first.expiresAt,
    });
    expect(await claimedCount(offer)).toBe(1);
    await release(first.id);
    clock.set('2026-11-23T15:00:00Z');
    expect(await claim(offer, 200)).toMatchObject({ id: first.id, state: 'released' });
    expect(await claimedCount(offer)).toBe(0);
  });

  it('takes the version that was seen', async () => {
    const { id } = await claim(await addOffer(test));
    expect((await release(id, { 'If-Match': '"v1"' })).status).toBe(204);
  });

  it('is possible when it has expired', async () => {
    const offer = await addOffer(test, { voucher: { valid_days_after_claim: 1 } });
    const { id } = await claim(offer);
    clock.set('2026-12-01T15:00:00Z');
    expect((await release(id)).status).toBe(204);
    expect(await claimedCount(offer)).toBe(0);
  });
});

describe('409 claim.over', () => {
  it('for what was redeemed', async () => {
    const offer = await addOffer(test);
    const { id } = await claim(offer);
    await test.pool.query(`UPDATE marketplace.claims SET state = 'redeemed' WHERE id = $1`, [id]);
    expect(await release(id)).toMatchObject({
      status: 409,
      body: { code: 'claim.over', violations: [{ code: 'claim.redeemed' }] },
    });
    expect(await claimedCount(offer)).toBe(1);
  });
});

describe('412', () => {
  it('for another version', async () => {
    const offer = await addOffer(test);
    const { id } = await claim(offer);
    expect((await release(id, { 'If-Match': '"v7"' })).status).toBe(412);
    expect(await claimedCount(offer)).toBe(1);
  });
});

describe('404', () => {
  it('for another’s claim, which stays as it is', async () => {
    const offer = await addOffer(test);
    const { id } = await claim(offer);
    const { headers } = await addConsumer(test);
    expect((await release(id, headers)).status).toBe(404);
    expect((await release(offer.voucherId)).status).toBe(404);
    expect(await claimedCount(offer)).toBe(1);
  });
});
