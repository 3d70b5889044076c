import { randomUUID } from 'node:crypto';
import { jsonType, withKey, type ApiAnswer } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, faultsIn, offerIn, openOfferWorld, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;
type Name = keyof OfferWorld['headers'];

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world?.close());

const begin = (fields: Record<string, unknown> = {}, as: Name = 'owner') =>
  world.api.post(
    '/v1/campaigns',
    { businessId: world.businessId, name: 'Primavera', ...fields },
    { ...world.headers[as], ...withKey() },
  );
const idIn = ({ body }: ApiAnswer) => (body as { id: string }).id;
const get = (id: string, as: Name = 'owner') => world.api.get(`/v1/campaigns/${id}`, world.headers[as]);
const patch = (id: string, body: unknown, as: Name = 'owner', ifMatch = '*') =>
  world.api.send(
    'PATCH',
    `/v1/campaigns/${id}`,
    { ...world.headers[as], ...jsonType, 'If-Match': ifMatch },
    JSON.stringify(body),
  );
const remove = (id: string, as: Name = 'owner') =>
  world.api.send('DELETE', `/v1/campaigns/${id}`, { ...world.headers[as], 'If-Match': '*' });
const use = (id: string, used: number, discount: number) =>
  world.test.pool.query(
    'UPDATE marketplace.campaign_counters SET used_count = $2, discount_minor = $3 WHERE campaign_id = $1',
    [id, used, discount],
  );

const whole = {
  startsAt: '2026-09-21T03:00:00Z',
  endsAt: '2026-12-21T03:00:00Z',
  limitTotal: 1_000,
  limitPerUser: 3,
  budgetMinor: 5_000_000,
  currency: 'PYG',
};

describe('201 and 200', () => {
  it('has what was sent, and what is used of it', async () => {
    const begun = await begin(whole);
    expect(begun.status, begun.text).toBe(201);
    expect(begun.headers).toMatchObject({ location: `/v1/campaigns/${idIn(begun)}`, etag: '"v1"' });
    await use(idIn(begun), 7, 90_000);
    expect((await get(idIn(begun), 'redeemer')).body).toMatchObject({
      ...whole,
      name: 'Primavera',
      businessId: world.businessId,
      voucherCount: 0,
      counters: { redeemed: 7, discountMinor: 90_000 },
    });
  });

  it('changes what is named and takes away what is null', async () => {
    const id = idIn(await begin(whole));
    const changed = await patch(id, { name: 'Verano', endsAt: null, limitPerUser: null }, 'manager', '"v1"');
    expect(changed.body).toMatchObject({ ...whole, name: 'Verano', endsAt: null, limitPerUser: null, version: 2 });
    expect((await patch(id, { name: 'Otoño' }, 'owner', '"v1"')).status).toBe(412);
  });

  it('is joined by vouchers that count in its currency, and left', async () => {
    const id = idIn(await begin(whole));
    const { id: voucherId } = offerIn(await world.draft());
    const other = await world.patch('owner', voucherId, { campaignId: id });
    expect(faultsIn(other)).toEqual(['currency: otherCurrency']);
    const discount = { discount: { type: 'fixed_amount', amountMinor: 5 }, currency: 'PYG' };
    expect((await world.patch('owner', voucherId, { campaignId: id, ...discount })).status).toBe(200);
    expect((await get(id)).body).toMatchObject({ voucherCount: 1 });
    await world.patch('owner', voucherId, { campaignId: null });
    expect((await get(id)).body).toMatchObject({ voucherCount: 0 });
  });

  it('lists the latest first', async () => {
    const made: string[] = [];
    for (const minute of [1, 2, 3]) {
      world.clock.set(`2026-03-05T15:0${minute}:00Z`);
      made.push(idIn(await begin()));
    }
    const path = `/v1/campaigns?businessId=${world.businessId}&limit=2`;
    type Page = { data: { id: string }[]; page: { next: string } };
    const first = (await world.api.get(path, world.headers.readKey)).body as Page;
    expect(first.data.map(({ id }) => id)).toEqual([made[2], made[1]]);
    const second = (await world.api.get(`${path}&cursor=${first.page.next}`, world.headers.owner)).body as Page;
    expect(second.data[0]?.id).toBe(made[0]);
  });
});

describe('400', () => {
  it.each([
    ['ends before it starts', { startsAt: whole.endsAt, endsAt: whole.startsAt }, 'endsAt: notAfterStart'],
    ['has a budget and no currency', { budgetMinor: 5 }, 'currency: required'],
    ['has a currency and no budget', { currency: 'PYG' }, 'currency: noAmount'],
    ['counts in what is no currency', { budgetMinor: 5, currency: 'XXX' }, 'currency: unknownCurrency'],
    ['has a limit of nothing', { limitTotal: 0 }, 'limitTotal: tooSmall'],
  ])('for one that %s', async (_what, fields, fault) => {
    expect(faultsIn(await begin(fields))).toEqual([fault]);
  });

  it('keeps the currency that its vouchers count in, and that it has counted in', async () => {
    const id = idIn(await begin(whole));
    await world.draft({ campaignId: id, discount: { type: 'fixed_amount', amountMinor: 5 }, currency: 'PYG' });
    expect(faultsIn(await patch(id, { currency: 'USD' }))).toEqual(['currency: vouchersInOtherCurrency']);
    const counted = idIn(await begin(whole));
    await use(counted, 1, 5);
    expect(faultsIn(await patch(counted, { currency: 'USD' }))).toEqual(['currency: countedIn']);
  });
});

describe('403 and 404', () => {
  it.each([
    ['redeemer', 403],
    ['readKey', 403],
    ['stranger', 404],
    ['otherKey', 404],
  ] as const)('to %s, who would change it: %i', async (name, status) => {
    const id = idIn(await begin());
    expect((await patch(id, { name: 'x' }, name)).status).toBe(status);
    expect((await remove(id, name)).status).toBe(status);
    expect((await begin({}, name)).status).toBe(status);
    expect((await get(id, name)).status).toBe(status === 403 ? 200 : 404);
    if (status === 404) expect(codeIn(await get(id, name))).toBe(codeIn(await get(randomUUID(), name)));
  });
});

describe('409 and 204', () => {
  it('keeps one that vouchers belong to or that was used, and removes others', async () => {
    const used = idIn(await begin());
    await use(used, 1, 0);
    const joined = idIn(await begin());
    const { id: voucherId } = offerIn(await world.draft({ campaignId: joined }));
    for (const id of [used, joined]) {
      const answer = await remove(id);
      expect([answer.status, codeIn(answer)]).toEqual([409, 'record.inUse']);
    }
    await world.patch('owner', voucherId, { campaignId: null });
    expect((await remove(joined)).status).toBe(204);
    expect((await get(joined)).status).toBe(404);
    expect((await patch(joined, {})).status).toBe(404);
  });
});

describe('422', () => {
  it('refuses limits below what is used', async () => {
    const id = idIn(await begin(whole));
    await use(id, 10, 1_000);
    for (const limits of [{ limitTotal: 9 }, { budgetMinor: 999 }]) {
      const answer = await patch(id, limits);
      expect([answer.status, codeIn(answer)]).toEqual([422, 'voucher.limitBelowUse']);
    }
    expect((await patch(id, { limitTotal: 10, budgetMinor: 1_000 })).status).toBe(200);
  });
});
