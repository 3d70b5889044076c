import {
  addLanguages,
  exactly,
  insertRows,
  openTestDatabase,
  testClock,
  translationRows,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimAnswer, claimsAnswer, type ClaimAnswer } from '../../src/claim/claim.schemas.ts';
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

async function claim({ voucherId }: Offer, headers = me.headers): Promise<string> {
  const answer = await api.post(`/v1/vouchers/${voucherId}/claims`, {}, headers);
  expect(answer.status, answer.text).toBe(201);
  clock.set(new Date(clock.now().getTime() + 1_000));
  return (answer.body as ClaimAnswer).id;
}

const ask = (query = '', headers: Readonly<Record<string, string>> = {}) =>
  api.get(`/v1/claims${query}`, { ...me.headers, ...headers });

async function list(query = ''): Promise<{ data: ClaimAnswer[]; next: string | null }> {
  const answer = await ask(query);
  expect(answer.status, answer.text).toBe(200);
  const { data, page } = exactly(claimsAnswer, answer.body);
  return { data, next: page.next };
}

/** Every page of a list, to its end. */
async function walk(query: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { data, next } = await list(`${query}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    ids.push(...data.map(({ id }) => id));
    cursor = next;
  }
  return ids;
}

describe('GET /v1/claims 200', () => {
  it('is the newest first, page by page, and nobody else’s', async () => {
    const ids: string[] = [];
    for (let each = 0; each < 7; each++) ids.unshift(await claim(await addOffer(test)));
    await claim(await addOffer(test), (await addConsumer(test)).headers);
    expect(await walk('?limit=3')).toEqual(ids);
    expect(await walk('?limit=100')).toEqual(ids);
    const first = await list('?limit=3');
    // One more, meanwhile, moves nothing.
    await claim(await addOffer(test));
    const rest = await list(`?limit=100&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect(rest.data.map(({ id }) => id)).toEqual(ids.slice(3));
  });

  it('is sorted by how near the nearest place is, where a point is given, page by page', async () => {
    const far = await claim(await addOffer(test, { north: [0.3] }));
    const near = await claim(await addOffer(test, { north: [0.9, 0.01] }));
    const same = await claim(await addOffer(test, { north: [0.01] }));
    const nowhere = await claim(await addOffer(test, { north: [] }));
    const wanted = [...[near, same].toSorted(), far, nowhere];
    const point = '?latitude=-25.2867&longitude=-57.647';
    expect(await walk(`${point}&limit=1`)).toEqual(wanted);
    const { data } = await list(point);
    expect(data.map(({ id }) => id)).toEqual(wanted);
    const meters = data.map(({ location }) => location?.distanceMeters ?? null);
    expect(meters[0]).toBeCloseTo(1_107.8, 0);
    expect(meters[1]).toBe(meters[0]);
    expect(meters[2]).toBeCloseTo(33_232, -2);
    expect(meters[3]).toBeNull();
  });

  it('shows each state by itself, as it is at this moment', async () => {
    const active = await claim(await addOffer(test));
    const redeemed = await claim(await addOffer(test));
    const released = await claim(await addOffer(test));
    const expired = await claim(await addOffer(test, { voucher: { valid_days_after_claim: 1 } }));
    await test.pool.query(`UPDATE marketplace.claims SET state = 'redeemed' WHERE id = $1`, [redeemed]);
    await api.send('DELETE', `/v1/claims/${released}`, me.headers);
    clock.set('2026-11-22T15:00:10Z');
    for (const [state, id] of Object.entries({ active, redeemed, released, expired })) {
      const { data } = await list(`?state=${state}`);
      expect(data.map((each) => [each.id, each.state])).toEqual([[id, state]]);
    }
    expect((await list()).data).toHaveLength(4);
  });

  it('says of each whether it can be redeemed now, and why not', async () => {
    const offer = await addOffer(test, { validUntil: '2026-11-30' });
    await test.pool.query(
      `UPDATE business.locations SET weekly_hours = '{[0,10080)}'::int4multirange - '{[8640,10080)}'::int4multirange WHERE id = $1`,
      [offer.locationIds[0]],
    );
    const id = await claim(offer);
    const reasons = async () => (await list()).data.find((each) => each.id === id)?.redeemable.reasons;
    expect(await reasons()).toEqual([]);
    clock.set('2026-11-22T15:00:00Z');
    expect(await reasons()).toEqual(['location.closed']);
    expect((await list()).data[0]?.location).toMatchObject({ isOpen: false, opensAt: '2026-11-23T03:00:00Z' });
    await test.pool.query(`UPDATE marketplace.vouchers SET state = 'suspended' WHERE id = $1`, [offer.voucherId]);
    expect(await reasons()).toEqual(['voucher.suspended', 'location.closed']);
    clock.set('2026-12-01T03:00:00Z');
    expect(await reasons()).toEqual(['claim.expired', 'voucher.suspended', 'voucher.expired']);
  });

  it('says so when it is used up or the hour is wrong, and shows the code all the same', async () => {
    const offer = await addOffer(test, {
      // All week but Saturday.
      voucher: { limit_total: 3, limit_per_user: 1, redeemable_hours: '{[0,7200),[8640,10080)}' },
    });
    const id = await claim(offer);
    await test.pool.query('UPDATE marketplace.voucher_counters SET used_count = 3 WHERE voucher_id = $1', [
      offer.voucherId,
    ]);
    await test.pool.query(
      'INSERT INTO marketplace.user_counters (voucher_id, user_id, used_count) VALUES ($1, $2, 1)',
      [offer.voucherId, me.userId],
    );
    expect((await list()).data[0]?.redeemable).toEqual({
      now: false,
      reasons: ['voucher.outsideHours', 'voucher.soldOut', 'user.limitReached'],
    });
    expect((await api.get(`/v1/claims/${id}/qr.svg`, me.headers)).status).toBe(200);
  });

  it('speaks the caller’s language where it can, and says where it cannot', async () => {
    const { voucherId } = await addOffer(test);
    await insertRows(
      test.pool,
      'i18n.translations',
      translationRows('voucher', `voucher.${voucherId}.title`, { gn: 'Pohã' }),
    );
    await api.post(`/v1/vouchers/${voucherId}/claims`, {}, me.headers);
    const answer = await ask('', { 'Accept-Language': 'gn' });
    expect((answer.body as { data: unknown[] }).data[0]).toMatchObject({
      voucher: { title: 'Pohã', language: 'gn', served: { description: 'es', terms: 'es' } },
    });
    expect(answer.headers['content-language']).toBe('es, gn');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('keeps what nobody else is shown any more', async () => {
    const offer = await addOffer(test);
    const id = await claim(offer);
    await test.pool.query(`UPDATE marketplace.vouchers SET state = 'archived' WHERE id = $1`, [offer.voucherId]);
    await test.pool.query(`UPDATE business.businesses SET status = 'suspended' WHERE id = $1`, [offer.businessId]);
    expect((await list()).data[0]).toMatchObject({
      id,
      voucher: { title: `title ${offer.voucherId}`, state: 'archived' },
      redeemable: { reasons: ['voucher.archived', 'business.inactive'] },
    });
  });

  it('is empty for who has claimed nothing', async () => {
    expect(await list()).toEqual({ data: [], next: null });
  });
});

describe('GET /v1/claims 400', () => {
  it('for half a point, an unknown state, and the cursor of another list or person', async () => {
    for (let each = 0; each < 2; each++) await claim(await addOffer(test));
    const { next } = await list('?limit=1');
    const cursor = encodeURIComponent(next ?? '');
    const wrong = ['?latitude=1', '?state=lost', `?state=active&cursor=${cursor}`, '?cursor=x', '?limit=0'];
    for (const query of [...wrong, `?latitude=1&longitude=1&cursor=${cursor}`]) {
      expect([query, (await ask(query)).status]).toEqual([query, 400]);
    }
    const other = await addConsumer(test);
    expect((await ask(`?limit=1&cursor=${cursor}`, other.headers)).status).toBe(400);
  });
});

describe('GET /v1/claims/{id}', () => {
  it('is one of mine, with the way to it', async () => {
    const id = await claim(await addOffer(test, { north: [0.9, 0.01] }));
    const answer = await api.get(`/v1/claims/${id}?latitude=-25.2867&longitude=-57.647`, me.headers);
    expect(exactly(claimAnswer, answer.body).location?.distanceMeters).toBeCloseTo(1_107.8, 0);
    expect(answer.headers).toMatchObject({ etag: '"v1"', 'cache-control': 'no-store' });
    expect((await api.get(`/v1/claims/${id}`, me.headers)).body).toMatchObject({ id, location: null });
  });

  it('is 404 for another’s, and for what is none', async () => {
    const offer = await addOffer(test);
    const id = await claim(offer);
    const { headers } = await addConsumer(test);
    expect((await api.get(`/v1/claims/${id}`, headers)).status).toBe(404);
    expect((await api.get(`/v1/claims/${offer.voucherId}`, me.headers)).status).toBe(404);
    expect((await api.get(`/v1/claims/${id}`)).status).toBe(401);
  });
});
