import { openDatabase, type Database } from '@pika/database';
import { addLanguages, openTestDatabase, randomFrom, testClock, testSeed, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClaimAnswer } from '../../src/claim/claim.schemas.ts';
import { startVouchersApi, type VouchersApi } from '../vouchers-api.ts';
import { addConsumer, addOffer } from './offers.ts';

const clock = testClock('2026-11-21T15:00:00Z');
let test: OpenTestDatabase;
let second: Database;
let apis: VouchersApi[];

beforeAll(async () => {
  test = await openTestDatabase();
  await addLanguages(test.pool);
  const isEmbedded = test.kind === 'embedded';
  second = openDatabase({
    url: test.url,
    kind: isEmbedded ? 'embedded' : 'server',
    poolSize: 10,
    namedStatements: !isEmbedded,
  });
  apis = [await startVouchersApi(test, clock), await startVouchersApi({ database: second }, clock)];
});
afterAll(async () => {
  await Promise.all((apis ?? []).map((api) => api.close()));
  await second?.close();
  await test?.close();
});

const apiOf = (index: number) => apis[index % apis.length]!;
/** Asks again what waited too long for a connection on a busy machine, as the answer says. */
async function settled<Answer extends { status: number }>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (answer.status !== 503 || tries === 20) return answer;
  }
}

const consumers = (count: number) => Promise.all(Array.from({ length: count }, () => addConsumer(test)));

async function statuses(asked: Promise<{ status: number }>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(asked)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function countsOf(voucherId: string) {
  const { rows } = await test.pool.query<{ claimed: number; rows: string; events: string; holds: string }>(
    `SELECT counter.claimed_count AS claimed,
       (SELECT count(*) FROM marketplace.claims c WHERE c.voucher_id = $1 AND c.state <> 'released') AS rows,
       (SELECT count(*) FROM analytics.events e WHERE e.voucher_id = $1 AND e.type = 'claimed') AS events,
       (SELECT count(*) FROM marketplace.holds h WHERE h.voucher_id = $1 AND h.released_at IS NULL) AS holds
     FROM marketplace.voucher_counters counter WHERE counter.voucher_id = $1`,
    [voucherId],
  );
  const [row] = rows;
  return [row?.claimed, Number(row?.rows), Number(row?.events), Number(row?.holds)];
}

it('gives fifty of fifty to 200 people who ask at once, through two pools', async () => {
  const { voucherId } = await addOffer(test, { voucher: { claim_limit_total: 50 } });
  const people = await consumers(200);
  const counts = await statuses(
    people.map(({ headers }, index) =>
      settled(() => apiOf(index).post(`/v1/vouchers/${voucherId}/claims`, {}, headers)),
    ),
  );
  expect(counts).toEqual({ 201: 50, 409: 150 });
  expect(await countsOf(voucherId)).toEqual([50, 50, 50, 0]);
});

it('makes one claim for one person who asks fifty times at once', async () => {
  const { voucherId } = await addOffer(test);
  const [me] = await consumers(1);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      settled(() => apiOf(index).post(`/v1/vouchers/${voucherId}/claims`, {}, me!.headers)),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
  expect(new Set(answers.map(({ body }) => (body as ClaimAnswer).id)).size).toBe(1);
  expect(await countsOf(voucherId)).toEqual([1, 1, 1, 0]);
});

it('never gives one person more than the limit, whatever sources they name', async () => {
  const { voucherId } = await addOffer(test, { voucher: { claim_limit_per_user: 2 } });
  const [me] = await consumers(1);
  const counts = await statuses(
    Array.from({ length: 20 }, (_, index) =>
      settled(() => apiOf(index).post(`/v1/vouchers/${voucherId}/claims`, { sourceId: `s${index}` }, me!.headers)),
    ),
  );
  expect(counts).toEqual({ 201: 2, 409: 18 });
  expect(await countsOf(voucherId)).toEqual([2, 2, 2, 0]);
});

it('holds twenty of twenty for a hundred who ask at once', async () => {
  const { voucherId } = await addOffer(test, { voucher: { limit_total: 20 } });
  const people = await consumers(100);
  const counts = await statuses(
    people.map(({ headers }, index) =>
      settled(() =>
        apiOf(index).post(`/v1/vouchers/${voucherId}/holds`, { key: `k${index}`, ttlSeconds: 900 }, headers),
      ),
    ),
  );
  expect(counts).toEqual({ 201: 20, 409: 80 });
  expect(await countsOf(voucherId)).toEqual([0, 0, 0, 20]);
});

it('counts right while people claim and give back in any order, and nobody waits for ever', async () => {
  const random = randomFrom(testSeed('claim and release'));
  const offers = await Promise.all(
    Array.from({ length: 3 }, () => addOffer(test, { voucher: { claim_limit_total: 10 } })),
  );
  const people = await consumers(24);
  const counts: Record<number, number> = {};
  const work = async ({ headers }: (typeof people)[number], index: number) => {
    for (let step = 0; step < 20; step++) {
      const { voucherId } = random.pick(offers);
      const claimed = await apiOf(index + step).post(`/v1/vouchers/${voucherId}/claims`, {}, headers);
      counts[claimed.status] = (counts[claimed.status] ?? 0) + 1;
      if (claimed.status === 409 || random.integer(0, 2) === 0) continue;
      const id = (claimed.body as ClaimAnswer).id;
      const released = await apiOf(index + step + 1).send('DELETE', `/v1/claims/${id}`, headers);
      counts[released.status] = (counts[released.status] ?? 0) + 1;
    }
  };
  await Promise.all(people.map(work));
  expect(Object.keys(counts).filter((status) => !['200', '201', '204', '409'].includes(status))).toEqual([]);
  for (const status of [201, 204, 409]) expect([status, (counts[status] ?? 0) > 10]).toEqual([status, true]);
  for (const { voucherId } of offers) {
    const [claimed, rows] = await countsOf(voucherId);
    expect(claimed).toBe(rows);
    expect(claimed).toBeLessThanOrEqual(10);
  }
});
