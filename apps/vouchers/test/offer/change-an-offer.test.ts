import { randomUUID } from 'node:crypto';
import { addPerson } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, faultsIn, offerIn, openOfferWorld, type OfferBody, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world?.close());

const newOffer = async (fields = {}): Promise<OfferBody> => offerIn(await world.draft(fields));

describe('200', () => {
  it('changes what is named and leaves the rest', async () => {
    const before = await newOffer({ limits: { total: 10, perUser: 1 }, terms: { es: 'Uno' } });
    const answer = await world.patch('manager', before.id, {
      limits: { total: 20 },
      lastDay: '2026-12-31',
      stackingGroup: 'a',
    });
    expect(answer.status, answer.text).toBe(200);
    const { updatedAt: _then, ...same } = before;
    expect(offerIn(answer)).toMatchObject({
      ...same,
      limits: { ...before.limits, total: 20 },
      lastDay: '2026-12-31',
      stackingGroup: 'a',
      version: 2,
    });
    expect(answer.headers['etag']).toBe('"v2"');
  });

  it('takes away what is null', async () => {
    const { id } = await newOffer({ limits: { total: 10 }, lastDay: '2026-12-31', terms: { es: 'Uno', en: 'One' } });
    const changed = offerIn(
      await world.patch('owner', id, { limits: { total: null }, lastDay: null, terms: { en: null } }),
    );
    expect(changed).toMatchObject({ limits: { total: null }, lastDay: null, terms: { es: 'Uno' } });
    expect(changed['terms']).toEqual({ es: 'Uno' });
  });

  it('replaces the discount as a whole', async () => {
    const { id } = await newOffer({ discount: { type: 'percentage', percent: 10, capMinor: 5 }, currency: 'PYG' });
    const discount = { type: 'fixed_amount', amountMinor: 7 };
    expect(offerIn(await world.patch('owner', id, { discount }))).toMatchObject({ discount, currency: 'PYG' });
  });

  it('moves the version when texts or locations change', async () => {
    const { id } = await newOffer();
    const locationId = await world.addLocation();
    expect(offerIn(await world.patch('owner', id, { title: { gn: 'Sopa' } })).version).toBe(2);
    const moved = offerIn(await world.patch('owner', id, { locationIds: [locationId] }));
    expect(moved).toMatchObject({ version: 3, locations: [{ id: locationId }] });
    expect(offerIn(await world.patch('owner', id, { locationIds: [] })).locations).toEqual([]);
  });

  it('makes translations of the old source stale, and fresh ones not', async () => {
    const { id } = await newOffer({ title: { es: 'Sopa', en: 'Soup', fr: 'Soupe' } });
    const stale = offerIn(await world.patch('owner', id, { title: { es: 'Caldo' } }));
    expect(stale.stale).toEqual([
      { field: 'title', language: 'en' },
      { field: 'title', language: 'fr' },
    ]);
    expect(stale.missing).toEqual([]);
    const fresh = offerIn(await world.patch('owner', id, { title: { en: 'Broth' } }));
    expect(fresh.stale).toEqual([{ field: 'title', language: 'fr' }]);
    const both = offerIn(await world.patch('owner', id, { title: { es: 'Sopa', en: 'Soup' } }));
    expect(both.stale).toEqual([]);
  });

  it('makes translations stale that never said what they were made from', async () => {
    const { id } = await newOffer();
    await world.test.pool.query('UPDATE i18n.translations SET source_hash = NULL WHERE key = $1', [
      `voucher.${id}.title`,
    ]);
    expect(offerIn(await world.patch('owner', id, { title: { es: 'Sopa' } })).stale).toEqual([]);
    expect(offerIn(await world.patch('owner', id, { title: { es: 'Caldo' } })).stale).toEqual([
      { field: 'title', language: 'en' },
    ]);
  });

  it('lets one of two through who read the same version', async () => {
    const { id } = await newOffer();
    const answers = await Promise.all([
      world.patch('owner', id, { stackingGroup: 'a' }, '"v1"'),
      world.patch('manager', id, { stackingGroup: 'b' }, '"v1"'),
    ]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '412']);
  });
});

describe('400', () => {
  it.each([
    ['takes the title away', { title: { es: null } }, 'title.es: sourceText'],
    ['has a cap and no currency', { discount: { type: 'percentage', percent: 5, capMinor: 5 } }, 'currency: required'],
    ['ends before it begins', { lastDay: '2026-01-01' }, 'lastDay: beforeFirstDay'],
    ['names somebody else’s campaign', { campaignId: randomUUID() }, 'campaignId: unknownReference'],
    ['changes hands', { businessId: randomUUID() }, 'businessId: unknown'],
    ['sets the state by the way', { state: 'published' }, 'state: unknown'],
  ])('for what %s', async (_what, patch, fault) => {
    const { id } = await newOffer();
    const answer = await world.patch('owner', id, patch);
    expect(answer.status).toBe(400);
    expect(faultsIn(answer)).toContain(fault);
  });
});

describe('403 and 404', () => {
  it.each([
    ['redeemer', 403, 'access.denied'],
    ['readKey', 403, 'access.denied'],
    ['stranger', 404, 'record.notFound'],
    ['otherKey', 404, 'record.notFound'],
  ] as const)('to %s: %i, and of nothing the same', async (name, status, code) => {
    const { id } = await newOffer();
    const answer = await world.patch(name, id, { stackingGroup: 'a' });
    expect([answer.status, codeIn(answer)]).toEqual([status, code]);
    const absent = await world.patch(name, randomUUID(), { stackingGroup: 'a' });
    if (status === 404) expect([absent.status, codeIn(absent)]).toEqual([status, code]);
  });
});

describe('409', () => {
  it('keeps the kind of discount and the currency once somebody claimed it', async () => {
    const { id } = await newOffer({ discount: { type: 'fixed_amount', amountMinor: 7 }, currency: 'PYG' });
    const { id: other } = await newOffer({ discount: { type: 'fixed_amount', amountMinor: 7 }, currency: 'PYG' });
    await world.test.pool.query(
      `INSERT INTO marketplace.claims (id, voucher_id, user_id, updated_at) VALUES (gen_random_uuid(), $1, $2, now())`,
      [id, await addPerson(world.test)],
    );
    for (const patch of [{ currency: 'USD' }, { discount: { type: 'fixed_price', amountMinor: 7 } }]) {
      const answer = await world.patch('owner', id, patch);
      expect([answer.status, codeIn(answer)]).toEqual([409, 'voucher.discountInUse']);
      expect((await world.patch('owner', other, patch)).status).toBe(200);
    }
    const amount = { discount: { type: 'fixed_amount', amountMinor: 8 } };
    expect((await world.patch('owner', id, amount)).status).toBe(200);
  });
});

describe('412 and 428', () => {
  it('refuses another version, and none', async () => {
    const { id } = await newOffer();
    expect((await world.patch('owner', id, { stackingGroup: 'a' }, '"v7"')).status).toBe(412);
    const path = `/v1/vouchers/${id}`;
    const headers = { ...world.headers.owner, 'Content-Type': 'application/json' };
    expect((await world.api.send('PATCH', path, headers, '{}')).status).toBe(428);
    expect((await world.api.send('DELETE', path, world.headers.owner)).status).toBe(428);
    expect((await world.api.send('POST', `${path}/publish`, world.headers.owner)).status).toBe(428);
  });
});

describe('422', () => {
  it('refuses a limit below what is used', async () => {
    const { id } = await newOffer({ limits: { total: 10, claims: 10, budgetMinor: 100 }, currency: 'PYG' });
    await world.test.pool.query(
      'UPDATE marketplace.voucher_counters SET used_count = 5, claimed_count = 5, discount_minor = 50 WHERE voucher_id = $1',
      [id],
    );
    for (const limits of [{ total: 4 }, { claims: 4 }, { budgetMinor: 49 }]) {
      const answer = await world.patch('owner', id, { limits });
      expect([answer.status, codeIn(answer)]).toEqual([422, 'voucher.limitBelowUse']);
    }
    const kept = await world.patch('owner', id, { limits: { total: 5, claims: 5, budgetMinor: 50 } });
    expect(offerIn(kept)).toMatchObject({ counters: { redeemed: 5, claimed: 5, discountMinor: 50 }, version: 2 });
  });
});

describe('what an offer points to and has gone since', () => {
  it('does not stand in the way of other changes', async () => {
    const { pool } = world.test;
    const { rows } = await pool.query<{ id: string }>(
      `INSERT INTO catalog.categories (id, slug, name_key, source_language, updated_at)
       VALUES (gen_random_uuid(), 'gone', 'category.gone.name', 'es', now()) RETURNING id`,
    );
    const locationId = await world.addLocation();
    const categoryId = rows[0]!.id;
    const { id } = await newOffer({ categoryId, locationIds: [locationId] });
    await pool.query('UPDATE catalog.categories SET deleted_at = now() WHERE id = $1', [categoryId]);
    await pool.query('UPDATE business.locations SET deleted_at = now() WHERE id = $1', [locationId]);
    expect(offerIn(await world.patch('owner', id, { stackingGroup: 'a' }))).toMatchObject({
      version: 2,
      locations: [],
    });
    expect(faultsIn(await world.draft({ categoryId }))).toEqual(['categoryId: unknownReference']);
  });
});
