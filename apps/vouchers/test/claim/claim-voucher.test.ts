import { readShortCode } from '@pika/shared/voucher-token';
import { addLanguages, exactly, openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimAnswer, type ClaimAnswer } from '../../src/claim/claim.schemas.ts';
import { startVouchersApi, type VouchersApi } from '../vouchers-api.ts';
import { addConsumer, addOffer, keyed } from './offers.ts';

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

const claim = (voucherId: string, body: unknown = {}, headers: Readonly<Record<string, string>> = me.headers) =>
  api.post(`/v1/vouchers/${voucherId}/claims`, body, headers);
const idOf = ({ body }: { body: unknown }) => (body as ClaimAnswer).id;
const count = async (text: string, ...values: unknown[]) => {
  const { rows } = await test.pool.query<{ count: string }>(`SELECT count(*) FROM ${text}`, values);
  return Number(rows[0]?.count);
};
const claimedCount = async (voucherId: string) => {
  const { rows } = await test.pool.query<{ claimed_count: number }>(
    'SELECT claimed_count FROM marketplace.voucher_counters WHERE voucher_id = $1',
    [voucherId],
  );
  return rows[0]?.claimed_count;
};

describe('201', () => {
  it('puts the voucher into the wallet, with a code to type and all that is shown of it', async () => {
    const { voucherId, locationIds } = await addOffer(test, { validUntil: '2026-12-31' });
    const answer = await claim(voucherId, { sourceId: 'mail-7' });
    expect(answer.status, answer.text).toBe(201);
    const body = exactly(claimAnswer, answer.body);
    expect(body).toMatchObject({
      state: 'active',
      sourceId: 'mail-7',
      claimedAt: noon,
      // The end of the last day in Asunción, three hours west of Greenwich.
      expiresAt: '2027-01-01T03:00:00Z',
      voucher: { id: voucherId, title: `title ${voucherId}`, state: 'published', expiresAt: '2027-01-01T03:00:00Z' },
      location: { id: locationIds[0], distanceMeters: null },
      redeemable: { now: true, reasons: [] },
    });
    expect(body.shortCode).toMatch(/^\w{5}-\w{5}$/);
    expect(readShortCode(body.shortCode ?? '')).not.toBeNull();
    expect(answer.headers).toMatchObject({
      location: `/v1/claims/${body.id}`,
      etag: '"v1"',
      'cache-control': 'no-store',
      'content-language': 'es',
    });
    expect(await claimedCount(voucherId)).toBe(1);
    expect(
      await count(
        `analytics.events WHERE voucher_id = $1 AND type = 'claimed' AND language_code = 'es' AND occurred_at = $2`,
        voucherId,
        noon,
      ),
    ).toBe(1);
  });

  it('fixes the end at so many times 24 hours, and never later than the voucher’s own', async () => {
    const days = await addOffer(test, { voucher: { valid_days_after_claim: 7 }, validUntil: '2026-12-31' });
    expect((await claim(days.voucherId)).body).toMatchObject({ expiresAt: '2026-11-28T15:00:00Z' });
    const short = await addOffer(test, { voucher: { valid_days_after_claim: 7 }, validUntil: '2026-11-22' });
    expect((await claim(short.voucherId)).body).toMatchObject({ expiresAt: '2026-11-23T03:00:00Z' });
    const endless = await addOffer(test);
    expect((await claim(endless.voucherId)).body).toMatchObject({ expiresAt: null });
    await test.pool.query(`UPDATE marketplace.vouchers SET valid_days_after_claim = 1 WHERE id = $1`, [days.voucherId]);
    expect((await claim(days.voucherId)).body).toMatchObject({ expiresAt: '2026-11-28T15:00:00Z' });
  });

  it('ends at the place where the last day ends last', async () => {
    const { voucherId, locationIds } = await addOffer(test, { north: [0, 0.01], validUntil: '2026-11-30' });
    await test.pool.query(`UPDATE business.locations SET time_zone = 'Pacific/Honolulu' WHERE id = $1`, [
      locationIds[1],
    ]);
    expect((await claim(voucherId)).body).toMatchObject({ expiresAt: '2026-12-01T10:00:00Z', location: null });
  });

  it('carries the balance of a gift', async () => {
    await test.pool.query(`INSERT INTO catalog.currencies (code, exponent) VALUES ('PYG', 0) ON CONFLICT DO NOTHING`);
    const { voucherId } = await addOffer(test, {
      voucher: { discount_type: 'gift_balance', percent_off: null, gift_balance_minor: 50_000, currency: 'PYG' },
    });
    expect((await claim(voucherId)).body).toMatchObject({ balanceMinor: 50_000 });
  });

  it('is another claim for another source, and for another person', async () => {
    const { voucherId } = await addOffer(test);
    const other = await addConsumer(test);
    const ids = [
      await claim(voucherId),
      await claim(voucherId, { sourceId: 'a' }),
      await claim(voucherId, { sourceId: 'b' }),
      await claim(voucherId, {}, other.headers),
    ].map(idOf);
    expect(new Set(ids).size).toBe(4);
    expect(await claimedCount(voucherId)).toBe(4);
  });

  it('is possible before the voucher is valid', async () => {
    const { voucherId } = await addOffer(test, { validFrom: '2026-12-24' });
    expect((await claim(voucherId)).body).toMatchObject({
      redeemable: { now: false, reasons: ['voucher.notYetValid'] },
      voucher: { validFrom: '2026-12-24T03:00:00Z' },
    });
  });
});

describe('200', () => {
  it('is the same claim, however often it is asked for, with keys or without', async () => {
    const { voucherId } = await addOffer(test);
    const first = await claim(voucherId);
    clock.set('2026-11-22T15:00:00Z');
    for (const headers of [me.headers, keyed(me.headers), keyed(me.headers)]) {
      const again = await claim(voucherId, {}, headers);
      expect([again.status, idOf(again)]).toEqual([200, idOf(first)]);
      expect(again.body).toMatchObject({ claimedAt: noon });
    }
    expect(await claimedCount(voucherId)).toBe(1);
    expect(await count('analytics.events WHERE voucher_id = $1', voucherId)).toBe(1);
  });

  it('is the first answer, byte for byte, for the same key', async () => {
    const { voucherId } = await addOffer(test);
    const headers = keyed(me.headers);
    const first = await claim(voucherId, {}, headers);
    clock.set('2026-11-22T15:00:00Z');
    const again = await claim(voucherId, {}, headers);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await claim(voucherId, { sourceId: 'other' }, headers)).status).toBe(422);
  });

  it('is what one gets who claimed before it was sold out or suspended', async () => {
    const { voucherId } = await addOffer(test, { voucher: { claim_limit_total: 1 } });
    const first = await claim(voucherId);
    await test.pool.query(`UPDATE marketplace.vouchers SET state = 'suspended' WHERE id = $1`, [voucherId]);
    const again = await claim(voucherId);
    expect([again.status, idOf(again)]).toEqual([200, idOf(first)]);
    expect(again.body).toMatchObject({ redeemable: { now: false, reasons: ['voucher.suspended'] } });
  });

  it('is the claim that has expired: nobody prolongs it by claiming', async () => {
    const { voucherId } = await addOffer(test, { voucher: { valid_days_after_claim: 1 } });
    const first = await claim(voucherId);
    clock.set('2026-11-22T15:00:00Z');
    const again = await claim(voucherId);
    expect(again.body).toMatchObject({ id: idOf(first), state: 'expired', expiresAt: '2026-11-22T15:00:00Z' });
  });
});

describe('409 claim.refused', () => {
  const violationsOf = async (voucherId: string, language = 'en') => {
    const answer = await claim(voucherId, {}, { ...me.headers, 'Accept-Language': language });
    expect(answer).toMatchObject({ status: 409, body: { code: 'claim.refused' } });
    return (answer.body as { violations: { code: string; message: string }[] }).violations;
  };

  it('when all are claimed, and again possible when one is given back', async () => {
    const { voucherId } = await addOffer(test, { voucher: { claim_limit_total: 1 } });
    const other = await addConsumer(test);
    const first = await claim(voucherId, {}, other.headers);
    expect(await violationsOf(voucherId)).toEqual([
      { code: 'claim.limitReached', message: 'All of them are claimed: 1 of 1.', limit: 1, used: 1 },
    ]);
    await api.send('DELETE', `/v1/claims/${idOf(first)}`, other.headers);
    expect((await claim(voucherId)).status).toBe(201);
  });

  it('when this person has as many as one may', async () => {
    const { voucherId } = await addOffer(test, { voucher: { claim_limit_per_user: 2 } });
    await claim(voucherId, { sourceId: 'a' });
    await claim(voucherId, { sourceId: 'b' });
    expect(await violationsOf(voucherId)).toEqual([
      expect.objectContaining({ code: 'claim.userLimitReached', limit: 2, used: 2 }),
    ]);
    expect((await claim(voucherId, {}, (await addConsumer(test)).headers)).status).toBe(201);
  });

  it('for everything that ends it, at once, in the caller’s language', async () => {
    const { voucherId, businessId } = await addOffer(test, {
      validUntil: '2026-11-20',
      voucher: { state: 'suspended', limit_total: 1 },
    });
    await test.pool.query(`UPDATE marketplace.voucher_counters SET used_count = 1 WHERE voucher_id = $1`, [voucherId]);
    await test.pool.query(`UPDATE business.businesses SET status = 'suspended' WHERE id = $1`, [businessId]);
    const codes = ['voucher.suspended', 'business.inactive', 'voucher.expired', 'voucher.soldOut'];
    expect((await violationsOf(voucherId)).map(({ code }) => code)).toEqual(codes);
    expect(await violationsOf(voucherId)).toContainEqual(
      expect.objectContaining({ code: 'voucher.expired', expiresAt: '2026-11-21T03:00:00Z' }),
    );
    const messages = await Promise.all(
      ['en', 'es', 'gn', 'ar'].map(async (language) => (await violationsOf(voucherId, language))[0]?.message),
    );
    expect(new Set(messages).size).toBe(4);
  });

  it('is the kept answer for its key, also when it would be possible now', async () => {
    const { voucherId } = await addOffer(test, { voucher: { state: 'suspended' } });
    const headers = keyed(me.headers);
    const refused = await claim(voucherId, {}, headers);
    await test.pool.query(`UPDATE marketplace.vouchers SET state = 'published' WHERE id = $1`, [voucherId]);
    expect((await claim(voucherId, {}, headers)).text).toBe(refused.text);
    expect((await claim(voucherId, {}, keyed(me.headers))).status).toBe(201);
  });

  it('writes nothing', async () => {
    const { voucherId } = await addOffer(test, { voucher: { state: 'archived' } });
    await claim(voucherId);
    expect(await claimedCount(voucherId)).toBe(0);
    expect(await count('marketplace.claims WHERE voucher_id = $1', voucherId)).toBe(0);
    expect(await count('analytics.events WHERE voucher_id = $1', voucherId)).toBe(0);
  });
});

describe('404', () => {
  it('for a draft, a deleted voucher and none at all', async () => {
    const draft = await addOffer(test, { voucher: { state: 'draft' } });
    const deleted = await addOffer(test, { voucher: { deleted_at: '2026-01-01T00:00:00Z' } });
    for (const id of [draft.voucherId, deleted.voucherId, draft.businessId]) {
      expect(await claim(id)).toMatchObject({ status: 404, body: { code: 'voucher.notFound' } });
    }
  });
});

describe('400', () => {
  it('for a source that is no line of text', async () => {
    const { voucherId } = await addOffer(test);
    for (const sourceId of ['', 'two\nlines', 'x'.repeat(101), 7]) {
      expect((await claim(voucherId, { sourceId })).status).toBe(400);
    }
  });
});

describe('401', () => {
  it('for nobody', async () => {
    const { voucherId } = await addOffer(test);
    expect((await claim(voucherId, {}, {})).status).toBe(401);
  });
});

describe('the limit in the database', () => {
  it('refuses a claim more, whatever path it comes by', async () => {
    const { voucherId } = await addOffer(test, { voucher: { claim_limit_total: 1 } });
    await claim(voucherId);
    const other = await addConsumer(test);
    const insert = test.pool.query(
      `INSERT INTO marketplace.claims (id, voucher_id, user_id, updated_at) VALUES (gen_random_uuid(), $1, $2, now())`,
      [voucherId, other.userId],
    );
    await expect(insert).rejects.toMatchObject({ constraint: 'voucher_counters_claimed_count_within_limit' });
  });

  it('counts a person’s claims no more when the person is forgotten', async () => {
    const { voucherId } = await addOffer(test, { voucher: { claim_limit_total: 1 } });
    await claim(voucherId);
    await test.pool.query('SELECT marketplace.forget_person($1)', [me.userId]);
    expect(await claimedCount(voucherId)).toBe(0);
  });
});
