import { readRevocationFilter, readVoucherKeys, verifyVoucherToken } from '@pika/shared/voucher-token';
import { addLanguages, openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimAnswer } from '../../src/claim/claim.schemas.ts';
import { startVouchersApi, type VouchersApi } from '../vouchers-api.ts';
import { addConsumer, addOffer } from './offers.ts';

const now = new Date();
const clock = testClock(now.toISOString());
let test: OpenTestDatabase;
let api: VouchersApi;
let me: Awaited<ReturnType<typeof addConsumer>>;

beforeAll(async () => {
  test = await openTestDatabase();
  await addLanguages(test.pool);
  api = await startVouchersApi(test, clock);
  me = await addConsumer(test);
});
afterAll(async () => {
  await api?.close();
  await test?.close();
});

async function claim() {
  const offer = await addOffer(test);
  const answer = await api.post(`/v1/vouchers/${offer.voucherId}/claims`, {}, me.headers);
  expect(answer.status, answer.text).toBe(201);
  return { ...offer, id: (answer.body as ClaimAnswer).id };
}

const ask = (headers: Readonly<Record<string, string>> = {}) => fetch(`${api.url}/v1/claims/revocations`, { headers });

async function download() {
  const keys = readVoucherKeys((await api.get('/.well-known/voucher-keys.json')).body) ?? [];
  const verdict = await readRevocationFilter(new Uint8Array(await (await ask()).arrayBuffer()), keys);
  if (!verdict.isGood) throw new Error(verdict.reason);
  return { keys, ...verdict.filter };
}

describe('200', () => {
  it('knows of every claim and voucher that ended while its tokens could be good, and of no other', async () => {
    const claims: Awaited<ReturnType<typeof claim>>[] = [];
    for (let each = 0; each < 8; each++) claims.push(await claim());
    const [active, redeemed, released, suspended, archived, away, closed, longAgo] = claims;
    const set = (table: string, change: string, id: string) =>
      test.pool.query(`UPDATE ${table} SET ${change} WHERE id = $1`, [id]);
    await set('marketplace.claims', `state = 'redeemed'`, redeemed!.id);
    expect((await api.send('DELETE', `/v1/claims/${released!.id}`, me.headers)).status).toBe(204);
    await set('marketplace.vouchers', `state = 'suspended'`, suspended!.voucherId);
    await set('marketplace.vouchers', `state = 'archived'`, archived!.voucherId);
    await set('business.businesses', `status = 'suspended'`, away!.businessId);
    await set('business.businesses', 'closed_at = now()', closed!.businessId);
    await set('marketplace.claims', `state = 'redeemed'`, longAgo!.id);
    await test.pool.query('ALTER TABLE marketplace.claims DISABLE TRIGGER USER');
    await set('marketplace.claims', `updated_at = now() - interval '21 minutes'`, longAgo!.id);
    await test.pool.query('ALTER TABLE marketplace.claims ENABLE TRIGGER USER');

    const filter = await download();
    const gone = [
      redeemed!.id,
      released!.id,
      suspended!.id,
      suspended!.voucherId,
      archived!.id,
      archived!.voucherId,
      away!.id,
      away!.voucherId,
      closed!.id,
      closed!.voucherId,
    ];
    expect(gone.filter((id) => !filter.has(id))).toEqual([]);
    expect([active!.id, active!.voucherId, longAgo!.id].filter((id) => filter.has(id))).toEqual([]);
    expect(filter.count).toBe(gone.length);
    expect(filter.madeAt.getTime()).toBe(Math.floor(now.getTime() / 60_000) * 60_000);

    // What a till without network does then.
    const token = api.voucherKeys.sign({
      kind: 'claim',
      id: redeemed!.id,
      expiresAt: new Date(now.getTime() + 600_000),
    });
    const rules = { now, revoked: filter };
    expect(await verifyVoucherToken(token.text, filter.keys, rules)).toMatchObject({
      isGood: false,
      reason: 'revoked',
    });
    const other = api.voucherKeys.sign({ kind: 'claim', id: active!.id, expiresAt: new Date(now.getTime() + 600_000) });
    expect(await verifyVoucherToken(other.text, filter.keys, rules)).toMatchObject({ isGood: true, id: active!.id });
  });

  it('forgets a claim that is taken back', async () => {
    const { id, voucherId } = await claim();
    await api.send('DELETE', `/v1/claims/${id}`, me.headers);
    expect((await download()).has(id)).toBe(true);
    await api.post(`/v1/vouchers/${voucherId}/claims`, {}, me.headers);
    expect((await download()).has(id)).toBe(false);
  });
});

describe('304', () => {
  it('as long as nothing was revoked', async () => {
    const first = await ask();
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=10',
    });
    const held = { 'If-None-Match': first.headers.get('etag') ?? '' };
    expect((await ask(held)).status).toBe(304);
    const { id } = await claim();
    await api.send('DELETE', `/v1/claims/${id}`, me.headers);
    expect((await ask(held)).status).toBe(200);
  });
});
