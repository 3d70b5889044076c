import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, offerIn, openOfferWorld, type OfferBody, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;
const ids: string[] = [];

beforeAll(async () => {
  world = await openOfferWorld();
  const locationId = await world.addLocation();
  for (let count = 0; count < 5; count += 1) {
    world.clock.set(`2026-03-04T15:00:0${count}Z`);
    ids.push(offerIn(await world.draft({ locationIds: [locationId] })).id);
  }
  await world.move('owner', ids[0]!, 'publish');
  await world.move('owner', ids[1]!, 'archive');
});
afterAll(() => world?.close());

type Page = { data: OfferBody[]; page: { next: string | null } };

const list = (query = '', as: keyof OfferWorld['headers'] = 'owner') =>
  world.api.get(`/v1/vouchers?businessId=${world.businessId}${query}`, world.headers[as]);
const idsIn = async (query = '') => ((await list(query)).body as Page).data.map(({ id }) => id);

describe('the list of a business', () => {
  it('has all states, the latest first, and is walked page by page', async () => {
    const whole = ids.toReversed();
    expect(await idsIn()).toEqual(whole);
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { data, page }: Page = (await list(`&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)).body as Page;
      found.push(...data.map(({ id }) => id));
      cursor = page.next;
    }
    expect(found).toEqual(whole);
  });

  it('is narrowed by state and by campaign', async () => {
    expect(await idsIn('&state=published')).toEqual([ids[0]]);
    expect(await idsIn('&state=draft')).toEqual([ids[4], ids[3], ids[2]]);
    const { rows } = await world.test.pool.query<{ id: string }>(
      `INSERT INTO marketplace.campaigns (id, business_id, name, updated_at)
       VALUES (gen_random_uuid(), $1, 'Spring', now()) RETURNING id`,
      [world.businessId],
    );
    const campaignId = rows[0]!.id;
    await world.patch('owner', ids[3]!, { campaignId });
    expect(await idsIn(`&campaignId=${campaignId}`)).toEqual([ids[3]]);
  });

  it('does not have what was removed', async () => {
    const { id } = offerIn(await world.draft());
    await world.api.send('DELETE', `/v1/vouchers/${id}`, { ...world.headers.owner, 'If-Match': '*' });
    expect(await idsIn()).not.toContain(id);
  });

  it.each([
    ['redeemer', 200],
    ['readKey', 200],
    ['stranger', 404],
    ['otherKey', 404],
  ] as const)('is for %s: %i', async (name, status) => {
    expect((await list('', name)).status).toBe(status);
  });

  it('refuses a cursor of another question', async () => {
    const { page } = (await list('&limit=1')).body as Page;
    const answer = await list(`&limit=1&state=draft&cursor=${page.next}`);
    expect([answer.status, codeIn(answer)]).toEqual([400, 'request.invalid']);
  });
});

describe('one voucher', () => {
  const look = (id: string, as?: keyof OfferWorld['headers']) =>
    world.api.get(`/v1/vouchers/${id}`, as === undefined ? {} : world.headers[as]);

  it.each(['owner', 'manager', 'redeemer', 'key', 'readKey'] as const)('is shown to %s as a draft', async (name) => {
    const answer = await look(ids[4]!, name);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers).toMatchObject({ etag: '"v1"', 'cache-control': 'no-store' });
    expect(answer.body).toMatchObject({
      id: ids[4],
      title: 'Sopa',
      locations: [{ redeemable: { now: false, reasons: ['voucher.notPublished'] } }],
      offer: { id: ids[4], state: 'draft', counters: { redeemed: 0 } },
    });
  });

  it('is the same to members as to everybody, with the offer beside it', async () => {
    const plain = (await look(ids[0]!)).body as object;
    const { offer, ...rest } = (await look(ids[0]!, 'owner')).body as { offer: OfferBody };
    expect(rest).toEqual(plain);
    expect(offer.state).toBe('published');
    expect(await look(ids[0]!, 'stranger')).toMatchObject({ body: plain });
  });

  it('is not there as a draft for strangers, nor for who left a moment ago', async () => {
    expect((await look(ids[4]!)).status).toBe(404);
    expect((await look(ids[4]!, 'stranger')).status).toBe(404);
    expect((await look(ids[4]!, 'otherKey')).status).toBe(404);
    await world.test.pool.query('DELETE FROM business.members WHERE user_id = $1', [world.ids.redeemer]);
    expect((await look(ids[4]!, 'redeemer')).status).toBe(404);
  });
});
