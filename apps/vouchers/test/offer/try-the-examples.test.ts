import { readFileSync } from 'node:fs';
import { locationIdOf, stableId } from '@pika/database';
import { jsonType, seededDatabase, testClock, tokenOf, withKey, type Api, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { offerIn } from '../offer-world.ts';
import { startVouchersApi } from '../vouchers-api.ts';

interface Document {
  paths: Record<
    string,
    { post: { requestBody: { content: { 'application/json': { schema: { example: unknown } } } } } }
  >;
}

const document = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as Document;
const exampleOf = (path: string) => document.paths[path]?.post.requestBody.content['application/json'].schema.example;

let test: OpenTestDatabase;
let api: Api;
const clock = testClock('2026-03-04T15:00:00Z');
let owner: { Authorization: string };

beforeAll(async () => {
  test = await seededDatabase();
  api = await startVouchersApi(test, clock);
  owner = await tokenOf(test, stableId('user:owner@pika.example'));
});
afterAll(async () => {
  await api?.close();
  await test?.close();
});

it('drafts, places, publishes and gives codes to the offer of the document, for the demo owner', async () => {
  const drafted = await api.post('/v1/vouchers', exampleOf('/v1/vouchers'), { ...owner, ...withKey() });
  expect(drafted.status, drafted.text).toBe(201);
  const { id } = offerIn(drafted);
  const place = JSON.stringify({ locationIds: [locationIdOf('gimnasio-mbarete', 'centro')] });
  const placed = await api.send('PATCH', `/v1/vouchers/${id}`, { ...owner, ...jsonType, 'If-Match': '"v1"' }, place);
  expect(placed.status, placed.text).toBe(200);
  const headers = { ...owner, 'If-Match': '"v2"' };
  const published = await api.send('POST', `/v1/vouchers/${id}/publish`, headers);
  expect(published.status, published.text).toBe(200);
  expect((await api.get(`/v1/vouchers/${id}`)).status).toBe(200);
  const codes = await api.post(`/v1/vouchers/${id}/codes`, exampleOf('/v1/vouchers/{id}/codes'), {
    ...owner,
    ...withKey(),
  });
  expect(codes.status, codes.text).toBe(202);
});

it('begins the campaign of the document, for the demo owner', async () => {
  const begun = await api.post('/v1/campaigns', exampleOf('/v1/campaigns'), { ...owner, ...withKey() });
  expect(begun.status, begun.text).toBe(201);
});

it('has limits, a campaign and a printed code in the demo', async () => {
  type Page = { data: { limits: Record<string, number | null>; campaignId: string | null }[] };
  const offersOf = async (slug: string) =>
    ((await api.get(`/v1/vouchers?businessId=${stableId(`business:${slug}`)}`, owner)).body as Page).data;
  expect(await offersOf('cafe-del-puerto')).toContainEqual(
    expect.objectContaining({ limits: expect.objectContaining({ total: 300, perUserPerDay: 1 }) }),
  );
  expect((await offersOf('farmacia-ysyry')).filter(({ campaignId }) => campaignId !== null)).toHaveLength(2);
  const { rows } = await test.pool.query(`SELECT kind::text FROM marketplace.voucher_codes WHERE code = 'PUERTO-2026'`);
  expect(rows).toEqual([{ kind: 'static' }]);
});

it('has an offer for the lines of the README at any hour of the week, that asks for no place and no amount', async () => {
  type Listed = { data: { id: string; discount: { type: string }; redeemable: unknown }[] };
  const nearest = '/v1/vouchers/nearby?latitude=-25.2867&longitude=-57.647&limit=1&redeemableNow=true';
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    clock.set(new Date(Date.UTC(2026, 2, 2, hour, 30)));
    const [offer] = ((await api.get(nearest)).body as Listed).data;
    expect(offer?.redeemable, `hour ${hour}`).toEqual({ now: true, reasons: [] });
    expect(offer?.discount.type).not.toBe('gift_balance');
    const { locations } = (await api.get(`/v1/vouchers/${offer?.id}`)).body as { locations: unknown[] };
    expect(locations).toHaveLength(1);
  }
});
