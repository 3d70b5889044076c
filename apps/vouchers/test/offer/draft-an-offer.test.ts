import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, faultsIn, offerIn, openOfferWorld, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world?.close());

describe('201', () => {
  it('makes a draft that has all that was sent, and nobody else sees it', async () => {
    const locationId = await world.addLocation();
    const sent = {
      terms: { es: 'Uno por persona' },
      discount: { type: 'percentage', percent: 12.5, capMinor: 20_000 },
      currency: 'PYG',
      lastDay: '2026-03-31',
      validDaysAfterClaim: 7,
      redeemableHours: [{ dayOfWeek: 5, opens: '20:00', closes: '02:00' }],
      locationIds: [locationId],
      limits: { total: 100, perUser: 2, perUserPerDay: 1, perLocationPerDay: 50, budgetMinor: 900_000, claims: 90 },
      geofenceMeters: 200,
      rollbackWindowMinutes: 30,
      stackingGroup: 'lunch',
    };
    const answer = await world.draft(sent);
    expect(answer.status).toBe(201);
    const offer = offerIn(answer);
    const { locationIds: _ids, ...same } = sent;
    expect(offer).toMatchObject({
      ...same,
      state: 'draft',
      version: 1,
      businessId: world.businessId,
      title: { es: 'Sopa', en: 'Soup' },
      stale: [],
      missing: [],
      counters: { redeemed: 0, discountMinor: 0, claimed: 0 },
      locations: [
        {
          id: locationId,
          timeZone: 'America/Asuncion',
          validFrom: '2026-03-01T03:00:00Z',
          expiresAt: '2026-04-01T03:00:00Z',
        },
      ],
    });
    expect(offer.limits).toEqual({ ...sent.limits, claimsPerUser: null });
    expect(answer.headers).toMatchObject({
      location: `/v1/vouchers/${offer.id}`,
      etag: '"v1"',
      'cache-control': 'no-store',
    });
    expect((await world.api.get(`/v1/vouchers/${offer.id}`)).status).toBe(404);
    expect((await world.api.get(`/v1/vouchers/${offer.id}`, world.headers.stranger)).status).toBe(404);
  });

  it.each([
    ['fixed_amount', { type: 'fixed_amount', amountMinor: 15_000 }, 'PYG'],
    ['free_item', { type: 'free_item', quantity: 2 }, null],
    ['fixed_price', { type: 'fixed_price', amountMinor: 0 }, 'USD'],
    ['gift_balance', { type: 'gift_balance', amountMinor: 100_000 }, 'PYG'],
    ['percentage', { type: 'percentage', percent: 100 }, null],
  ])('takes a discount of the type %s', async (_type, discount, currency) => {
    const answer = await world.draft({ discount, ...(currency !== null && { currency }) });
    expect(answer.status, answer.text).toBe(201);
    expect(offerIn(answer)).toMatchObject({ discount, currency });
  });

  it('takes it from a manager and from a key that may', async () => {
    for (const name of ['manager', 'key'] as const) expect((await world.draft({}, name)).status).toBe(201);
  });

  it('makes one draft for one key', async () => {
    const headers = { ...world.headers.owner, 'Idempotency-Key': randomUUID() };
    const body = offerBody();
    const first = await world.api.post('/v1/vouchers', body, headers);
    const second = await world.api.post('/v1/vouchers', body, headers);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('is audited under the person', async () => {
    const { id } = offerIn(await world.draft());
    const { rows } = await world.test.pool.query<{ actor: string }>(
      `SELECT actor FROM audit.entries WHERE table_name = 'vouchers' AND row_key ->> 'id' = $1`,
      [id],
    );
    expect(rows.map(({ actor }) => actor)).toEqual([`user:${world.ids.owner}`]);
  });
});

describe('400', () => {
  it.each([
    ['an amount without a currency', { discount: { type: 'fixed_amount', amountMinor: 5 } }, 'currency: required'],
    ['a cap without a currency', { discount: { type: 'percentage', percent: 5, capMinor: 5 } }, 'currency: required'],
    ['a budget without a currency', { limits: { budgetMinor: 5 } }, 'currency: required'],
    ['a currency without an amount', { currency: 'PYG' }, 'currency: noAmount'],
    ['a currency that there is not', { currency: 'XXX', limits: { budgetMinor: 5 } }, 'currency: unknownCurrency'],
    ['a last day before the first', { lastDay: '2026-02-28' }, 'lastDay: beforeFirstDay'],
    ['a day that there is not', { firstDay: '2026-02-29' }, 'firstDay: noSuchDay'],
    ['a percentage too fine', { discount: { type: 'percentage', percent: 1.234 } }, 'discount.percent: tooFine'],
    [
      'a field of another type',
      { discount: { type: 'free_item', quantity: 1, percent: 5 } },
      'discount.percent: unknown',
    ],
    ['an unknown type', { discount: { type: 'magic' } }, 'discount.type: invalid'],
    ['a category that there is not', { categoryId: randomUUID() }, 'categoryId: unknownReference'],
    ['a place of nobody', { locationIds: [randomUUID()] }, 'locationIds: unknownReference'],
    ['a campaign of nobody', { campaignId: randomUUID() }, 'campaignId: unknownReference'],
    ['no title in its own language', { title: { en: 'Soup' } }, 'title.es: sourceText'],
    ['a language that there is not', { title: { es: 'Sopa', xx: 'x' } }, 'title.xx: unknownLanguage'],
    ['a source that there is not', { sourceLanguage: 'xx', title: { xx: 'x' } }, 'sourceLanguage: unknownLanguage'],
    ['no hours', { redeemableHours: [] }, 'redeemableHours: tooFew'],
    ['a limit of nothing', { limits: { total: 0 } }, 'limits.total: tooSmall'],
  ])('refuses %s', async (_what, fields, fault) => {
    const answer = await world.draft(fields);
    expect(answer.status, answer.text).toBe(400);
    expect(faultsIn(answer)).toContain(fault);
  });

  it('refuses the location of somebody else as one that there is not', async () => {
    const { rows } = await world.test.pool.query<{ id: string }>(
      `INSERT INTO business.locations (id, business_id, latitude, longitude, time_zone, updated_at)
       VALUES (gen_random_uuid(), $1, 0, 0, 'UTC', now()) RETURNING id`,
      [world.otherBusinessId],
    );
    const answer = await world.draft({ locationIds: [rows[0]!.id] });
    expect(faultsIn(answer)).toEqual(['locationIds: unknownReference']);
  });
});

describe('401, 403 and 404', () => {
  it.each([
    ['redeemer', 403, 'access.denied'],
    ['readKey', 403, 'access.denied'],
    ['stranger', 404, 'record.notFound'],
    ['otherKey', 404, 'record.notFound'],
  ] as const)('to %s: %i', async (name, status, code) => {
    const answer = await world.draft({}, name);
    expect([answer.status, codeIn(answer)]).toEqual([status, code]);
  });

  it('to nobody', async () => {
    expect((await world.api.post('/v1/vouchers', offerBody())).status).toBe(401);
  });

  it('to who was removed since the token was given', async () => {
    await world.test.pool.query('DELETE FROM business.members WHERE user_id = $1', [world.ids.manager]);
    const answer = await world.draft({}, 'manager');
    await world.test.pool.query(
      `INSERT INTO business.members (business_id, user_id, role) VALUES ($1, $2, 'manager')`,
      [world.businessId, world.ids.manager],
    );
    expect(answer.status).toBe(404);
  });
});

const offerBody = () => ({
  businessId: world.businessId,
  sourceLanguage: 'es',
  title: { es: 'Sopa' },
  categoryId: '01900000-0000-7000-8000-00000000c0de',
  discount: { type: 'free_item', quantity: 1 },
  firstDay: '2026-03-01',
});
