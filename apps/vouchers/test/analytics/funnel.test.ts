import { createLogger } from '@pika/shared';
import { jobContext, singleStatements, startDispatcher } from '@pika/database';
import { tokenOfKey } from '@pika/tests';
import { deliveredAggregates, deliverRedemption, openSeenRecorder } from '@pika/vouchers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRedeemWorld, type RedeemWorld } from '../redemption/redeem-world.ts';

let world: RedeemWorld;
beforeAll(async () => {
  world = await openRedeemWorld();
});
afterAll(() => world?.close());

const day = 'from=2026-03-04T00:00:00Z&to=2026-03-05T00:00:00Z';
const funnel = (query: string, headers: Record<string, string> = world.headers.owner) =>
  world.api.get(`/v1/analytics/funnel?businessId=${world.businessId}&${query}`, headers);

const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;

/** What the outbox holds is delivered until nothing waits. */
async function deliver(): Promise<void> {
  const { database, pool } = world.test;
  const log = createLogger({ level: 'silent', name: 'test' });
  const db = singleStatements(database, jobContext('outbox'));
  const dispatcher = startDispatcher(db, (event) => deliverRedemption(database, event), log, {
    aggregateTypes: deliveredAggregates,
    pollMillis: 20,
  });
  await vi.waitFor(
    async () => {
      const { rowCount } = await pool.query(
        `SELECT FROM public.outbox_events WHERE aggregate_type = 'redemption' AND delivered_at IS NULL`,
      );
      expect(rowCount).toBe(0);
    },
    { timeout: 20_000, interval: 50 },
  );
  await dispatcher.stop();
}

describe('200', () => {
  it('counts a voucher from seen to rolled back, once each', async () => {
    const voucherId = await world.addVoucher();
    const claim = idOf(await world.redeem('ana', `/v1/vouchers/${voucherId}/claims`));
    const { shortCode } = (await world.api.get(`/v1/claims/${claim}`, world.headers.ana)).body as { shortCode: string };
    expect(await world.post('redeemer', '/v1/codes/validate', { code: shortCode })).toMatchObject({ status: 200 });
    const redeemed = await world.redeem('redeemer', '/v1/codes/redeem', { code: shortCode });
    expect(redeemed).toMatchObject({ status: 201 });
    await world.redeem('owner', `/v1/redemptions/${idOf(redeemed)}/rollback`, { reason: 'Wrong table' });
    const seen = openSeenRecorder(world.test.database, {
      onError: (error) => expect.unreachable(String(error)),
      oneIn: 20,
      random: () => 0.01,
    });
    const data = JSON.stringify({ id: voucherId, location: { id: world.locationId } });
    seen.note({ data, language: 'es', at: world.clock.now() });
    await seen.stop();
    await deliver();
    await deliver();
    const answer = await funnel(`${day}&by=voucher&voucherId=${voucherId}`);
    expect(answer, answer.text).toMatchObject({
      status: 200,
      body: { data: [{ key: voucherId, seen: 20, scanned: 1, claimed: 1, redeemed: 1, rolledBack: 1 }] },
    });
    expect((await funnel(`${day}&by=hour`)).body).toMatchObject({
      data: [{ key: '12', seen: 20, scanned: 1, claimed: 1, redeemed: 1, rolledBack: 1 }],
    });
    expect((await funnel(`${day}&by=day`)).body).toMatchObject({ data: [{ key: '2026-03-04', redeemed: 1 }] });
  });

  it('is for managers of the business and for keys that may read figures', async () => {
    expect((await funnel(day, world.headers.manager)).status).toBe(200);
    const { headers } = await tokenOfKey(world.test, world.businessId, ['analytics.read']);
    expect((await funnel(day, headers)).status).toBe(200);
    expect((await funnel(day, world.headers.redeemer)).status).toBe(403);
    expect((await funnel(day, world.headers.stranger)).status).toBe(404);
    expect((await funnel(day, world.headers.key)).status).toBe(403);
  });
});

describe('400', () => {
  it('names a span that is none, or too long', async () => {
    expect((await funnel('from=2026-03-05T00:00:00Z&to=2026-03-04T00:00:00Z')).body).toMatchObject({
      errors: [{ field: 'to', code: 'notAfterStart' }],
    });
    expect((await funnel('from=2025-01-01T00:00:00Z&to=2026-03-04T00:00:00Z')).body).toMatchObject({
      errors: [{ field: 'to', code: 'tooManyDays', days: 366 }],
    });
  });
});

it('samples what lists show, and never stops a request', async () => {
  const failures: unknown[] = [];
  let drawn = 0;
  const seen = openSeenRecorder(world.test.database, {
    onError: (error) => failures.push(error),
    oneIn: 10,
    random: () => (drawn++ % 10) / 10,
  });
  const voucherId = await world.addVoucher();
  const data = JSON.stringify({ properties: { id: voucherId, location: { id: world.locationId } } });
  for (let page = 0; page < 100; page++) seen.note({ data, language: 'gn', at: world.clock.now() });
  await seen.stop();
  expect(failures).toEqual([]);
  expect((await funnel(`${day}&by=language&voucherId=${voucherId}`)).body).toMatchObject({
    data: [{ key: 'gn', seen: 100 }],
  });
});
