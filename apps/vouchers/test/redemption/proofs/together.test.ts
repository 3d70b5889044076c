import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHistory } from './history.ts';
import { miscounted } from './ledger.ts';
import { randomRequest, type AskedRow } from './random-requests.ts';
import { addBusinesses, addRandomWorlds, type Businesses, type RandomWorld } from './random-worlds.ts';

const random = randomFrom(testSeed('together'));
const roundCount = Number(process.env['PIKA_REDEEM_TOGETHER'] ?? (isServer() ? 24 : 3));
const worldsEach = 40;
const requestsEach = 6;

let test: OpenTestDatabase;
let businesses: Businesses;
beforeAll(async () => {
  test = await openTestDatabase();
  businesses = await addBusinesses(test.pool);
});
afterAll(() => test?.close());

/** Of every world several at once, in any order: the same consumers, codes and claims again, and now and then a key. */
function requestsOf(worlds: readonly RandomWorld[]): AskedRow[] {
  const asked: AskedRow[] = [];
  while (asked.length < worlds.length * requestsEach) {
    const request = randomRequest(random, random.pick(worlds), asked.length);
    const { actor, key } = random.chance(0.1) && asked.length > 0 ? random.pick(asked) : request;
    asked.push({ ...request, actor, key, fingerprint: random.chance(0.95) ? request['fingerprint'] : 'cd'.repeat(32) });
  }
  return asked;
}

async function redeem(client: pg.PoolClient, asked: readonly AskedRow[]): Promise<{ verdict: string }[]> {
  const { rows } = await client.query<{ verdict: string }>(
    'SELECT ordinal, verdict, outcome, context FROM marketplace.redeem($1) ORDER BY ordinal',
    [JSON.stringify(asked)],
  );
  return rows;
}

/** Everything that redeeming writes, but for the numbers that are drawn. */
async function written(client: pg.PoolClient, voucherIds: readonly string[], asked: readonly AskedRow[]) {
  const { rows } = await client.query<{ kind: string; row: string }>(
    `WITH own AS (SELECT id, campaign_id FROM marketplace.vouchers WHERE id = ANY ($1))
    SELECT 'entry' AS kind, to_jsonb(entry)::text AS row FROM marketplace.redemptions entry WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'attempt', to_jsonb(attempt)::text FROM marketplace.attempts attempt WHERE id = ANY ($2)
    UNION ALL SELECT 'claim', to_jsonb(ARRAY[id::text, state::text, balance_minor::text])::text
      FROM marketplace.claims WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'hold', to_jsonb(hold)::text FROM marketplace.holds hold WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'code', to_jsonb(used)::text
      FROM marketplace.code_uses used JOIN marketplace.voucher_codes code ON code.id = used.code_id WHERE code.voucher_id = ANY ($1)
    UNION ALL SELECT 'counter', to_jsonb(counter)::text FROM marketplace.voucher_counters counter WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'user', to_jsonb(counter)::text FROM marketplace.user_counters counter WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'user day', to_jsonb(counter)::text FROM marketplace.user_day_counters counter WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'place day', to_jsonb(counter)::text FROM marketplace.location_day_counters counter WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'campaign', to_jsonb(counter)::text
      FROM marketplace.campaign_counters counter WHERE campaign_id IN (SELECT campaign_id FROM own)
    UNION ALL SELECT 'campaign user', to_jsonb(counter)::text
      FROM marketplace.campaign_user_counters counter WHERE campaign_id IN (SELECT campaign_id FROM own)
    UNION ALL SELECT 'answer', to_jsonb(kept)::text FROM security.idempotency_keys kept WHERE caller = ANY ($3)
    UNION ALL SELECT 'event', (to_jsonb(event) - '{id,available_at}'::text[])::text
      FROM public.outbox_events event WHERE aggregate_id = ANY ($4)`,
    [
      voucherIds,
      asked.map(({ attemptId }) => attemptId),
      asked.map(({ actor }) => actor),
      asked.map(({ redemptionId }) => redemptionId),
    ],
  );
  return rows.map(({ kind, row }) => `${kind} ${row}`).toSorted((one, other) => (one < other ? -1 : 1));
}

it(
  'requests that share a transaction come to what they would come to one by one, whatever they have in common',
  () => {
    const history = openHistory('together');
    return history.keptFor(async () => {
      const seen: Record<string, number> = {};
      let rows = 0;
      for (let round = 0; round < roundCount; round++) {
        const worlds = await addRandomWorlds(test.pool, random, businesses, worldsEach);
        const voucherIds = worlds.flatMap(({ vouchers }) => vouchers.map(({ id }) => id));
        const asked = requestsOf(worlds);
        const client = await test.pool.connect();
        try {
          await client.query('BEGIN');
          await client.query('SAVEPOINT before');
          const together = await redeem(client, asked);
          const writtenTogether = await written(client, voucherIds, asked);
          await client.query('ROLLBACK TO SAVEPOINT before');
          const apart: { verdict: string }[] = [];
          for (const each of asked) apart.push(...(await redeem(client, [each])));
          const writtenApart = await written(client, voucherIds, asked);
          history.add({ round, asked, together, apart });
          expect(together, `seed ${random.seed}`).toEqual(apart);
          expect(writtenTogether, `seed ${random.seed}`).toEqual(writtenApart);
          const events = writtenTogether.filter((row) => row.startsWith('event '));
          expect(events.filter((row) => !row.includes('"language": "es"'))).toEqual([]);
          await client.query('COMMIT');
          rows += writtenApart.length;
          for (const { verdict } of apart) seen[verdict] = (seen[verdict] ?? 0) + 1;
        } finally {
          client.release();
        }
        expect(await miscounted(test.pool, voucherIds), `seed ${random.seed}`).toEqual([]);
      }
      console.log(
        `[together] ${roundCount} batches of ${worldsEach * requestsEach}: ${JSON.stringify(seen)}; ${rows} rows equal`,
      );
      for (const verdict of ['redeemed', 'refused', 'notFound', 'kept', 'reused']) {
        expect(seen[verdict], verdict).toBeGreaterThan(0);
      }
    });
  },
  120_000 + roundCount * 10_000,
);
