import { addLanguages, exactly, openTestDatabase, testClock, type OpenTestDatabase, type Row } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdAnswer } from '../../src/hold/hold.schemas.ts';
import { addConsumer, addOffer, keyed } from '../claim/offers.ts';
import { startVouchersApi, type VouchersApi } from '../vouchers-api.ts';

const noon = '2026-11-21T15:00:00Z';
const later = (seconds: number) => new Date(Date.parse(noon) + seconds * 1_000);
const clock = testClock(noon);
let test: OpenTestDatabase;
let api: VouchersApi;
let me: Awaited<ReturnType<typeof addConsumer>>;
let other: Awaited<ReturnType<typeof addConsumer>>;

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
  other = await addConsumer(test);
});

const offer = async (voucher: Row = {}) => (await addOffer(test, { voucher })).voucherId;
const hold = (
  voucherId: string,
  key: string,
  { headers = me.headers, ttlSeconds = 300 }: { headers?: Readonly<Record<string, string>>; ttlSeconds?: number } = {},
) => api.post(`/v1/vouchers/${voucherId}/holds`, { key, ttlSeconds }, headers);
const release = (voucherId: string, key: string, headers = me.headers) =>
  api.send('DELETE', `/v1/vouchers/${voucherId}/holds/${key}`, headers);

async function codesOf(asked: ReturnType<typeof hold>): Promise<string[]> {
  const answer = await asked;
  expect(answer).toMatchObject({ status: 409, body: { code: 'hold.refused' } });
  return (answer.body as { violations: { code: string }[] }).violations.map(({ code }) => code);
}

describe('201', () => {
  it('reserves the voucher for so long', async () => {
    const voucherId = await offer({ limit_total: 1 });
    const answer = await hold(voucherId, 'basket-1', { ttlSeconds: 900 });
    expect(answer.status, answer.text).toBe(201);
    expect(exactly(holdAnswer, answer.body)).toMatchObject({
      voucherId,
      key: 'basket-1',
      createdAt: noon,
      expiresAt: '2026-11-21T15:15:00Z',
    });
    expect(await codesOf(hold(voucherId, 'basket-2', { headers: other.headers }))).toEqual(['voucher.soldOut']);
  });

  it('is what others get as soon as it has expired, though nobody swept it away', async () => {
    const voucherId = await offer({ limit_total: 1 });
    await hold(voucherId, 'a');
    clock.set(later(299));
    expect(await codesOf(hold(voucherId, 'b', { headers: other.headers }))).toEqual(['voucher.soldOut']);
    clock.set(later(300));
    expect((await hold(voucherId, 'b', { headers: other.headers })).status).toBe(201);
  });

  it('takes over a key whose hold is over, whoever held it', async () => {
    const voucherId = await offer({ limit_total: 1 });
    const first = await hold(voucherId, 'a');
    clock.set(later(300));
    const again = await hold(voucherId, 'a', { headers: other.headers });
    expect(again).toMatchObject({ status: 201, body: { createdAt: '2026-11-21T15:05:00Z' } });
    expect(first.status).toBe(201);
    expect((await release(voucherId, 'a')).status).toBe(404);
    expect((await release(voucherId, 'a', other.headers)).status).toBe(204);
  });
});

describe('200', () => {
  it('is the same hold under its key, with its end as it was', async () => {
    const voucherId = await offer({ limit_total: 1 });
    const first = await hold(voucherId, 'a');
    clock.set(later(60));
    for (const headers of [me.headers, keyed(me.headers)]) {
      const again = await hold(voucherId, 'a', { headers, ttlSeconds: 900 });
      expect([again.status, again.body]).toEqual([200, first.body]);
    }
  });
});

describe('409 hold.refused', () => {
  it('when redemptions and holds together reach the limit', async () => {
    const voucherId = await offer({ limit_total: 3 });
    await test.pool.query('UPDATE marketplace.voucher_counters SET used_count = 1 WHERE voucher_id = $1', [voucherId]);
    expect((await hold(voucherId, 'a')).status).toBe(201);
    expect((await hold(voucherId, 'b')).status).toBe(201);
    const refused = await hold(voucherId, 'c', { headers: { ...me.headers } });
    expect((refused.body as { violations: unknown[] }).violations).toEqual([
      { code: 'voucher.soldOut', message: expect.any(String), limit: 3, used: 1 },
    ]);
  });

  it('when the person’s own limit is reached, and not by what others hold', async () => {
    const voucherId = await offer({ limit_per_user: 2 });
    await test.pool.query(
      'INSERT INTO marketplace.user_counters (voucher_id, user_id, used_count) VALUES ($1, $2, 1)',
      [voucherId, me.userId],
    );
    await hold(voucherId, 'theirs', { headers: other.headers });
    expect((await hold(voucherId, 'a')).status).toBe(201);
    expect(await codesOf(hold(voucherId, 'b'))).toEqual(['user.limitReached']);
  });

  it('when the campaign is used up by its other vouchers', async () => {
    const { voucherId, businessId } = await addOffer(test);
    const { rows } = await test.pool.query<{ id: string }>(
      `INSERT INTO marketplace.campaigns (id, business_id, name, limit_total, limit_per_user, updated_at)
       VALUES (gen_random_uuid(), $1, 'Spring', 2, 1, now()) RETURNING id`,
      [businessId],
    );
    const campaign = { campaign_id: rows[0]?.id };
    const sister = await addOffer(test, { voucher: { ...campaign, business_id: businessId } });
    await test.pool.query('UPDATE marketplace.vouchers SET campaign_id = $1 WHERE id = $2', [rows[0]?.id, voucherId]);
    expect((await hold(voucherId, 'a')).status).toBe(201);
    expect(await codesOf(hold(sister.voucherId, 'b'))).toEqual(['campaign.userLimitReached']);
    expect((await hold(sister.voucherId, 'c', { headers: other.headers })).status).toBe(201);
    const third = await addConsumer(test);
    expect(await codesOf(hold(sister.voucherId, 'd', third))).toEqual(['campaign.soldOut']);
  });

  it('for what is suspended, over, or of a business that is away: every reason at once', async () => {
    const { voucherId, businessId } = await addOffer(test, {
      validUntil: '2026-11-20',
      voucher: { state: 'suspended', limit_total: 1 },
    });
    await test.pool.query('UPDATE marketplace.voucher_counters SET used_count = 1 WHERE voucher_id = $1', [voucherId]);
    await test.pool.query(`UPDATE business.businesses SET status = 'suspended' WHERE id = $1`, [businessId]);
    expect(await codesOf(hold(voucherId, 'a'))).toEqual([
      'voucher.suspended',
      'business.inactive',
      'voucher.expired',
      'voucher.soldOut',
    ]);
  });
});

describe('409 hold.keyTaken', () => {
  it('for a key that somebody else holds', async () => {
    const voucherId = await offer();
    await hold(voucherId, 'a', { headers: other.headers });
    expect(await hold(voucherId, 'a')).toMatchObject({ status: 409, body: { code: 'hold.keyTaken' } });
  });
});

describe('400', () => {
  it('for more than fifteen minutes, and for keys that are none', async () => {
    const voucherId = await offer();
    for (const ttlSeconds of [0, 901, 1.5]) expect((await hold(voucherId, 'a', { ttlSeconds })).status).toBe(400);
    for (const key of ['', 'a b', 'x'.repeat(101), 'é']) expect((await hold(voucherId, key)).status).toBe(400);
  });
});

describe('404', () => {
  it('for drafts, and to release what one does not hold', async () => {
    expect((await hold(await offer({ state: 'draft' }), 'a')).status).toBe(404);
    const voucherId = await offer();
    await hold(voucherId, 'a', { headers: other.headers });
    expect((await release(voucherId, 'a')).status).toBe(404);
    expect((await release(voucherId, 'none')).status).toBe(404);
  });
});

describe('204', () => {
  it('frees it at once, and may be said again', async () => {
    const voucherId = await offer({ limit_total: 1 });
    await hold(voucherId, 'a');
    expect((await release(voucherId, 'a')).status).toBe(204);
    expect((await release(voucherId, 'a')).status).toBe(204);
    expect((await hold(voucherId, 'b', { headers: other.headers })).status).toBe(201);
  });
});
