import { newId } from '@pika/shared';
import { newShortCode } from '@pika/shared/voucher-token';
import {
  addPerson,
  insertRows,
  isServer,
  openTestDatabase,
  randomFrom,
  testSeed,
  type OpenTestDatabase,
} from '@pika/tests';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHistory } from './history.ts';
import { miscounted } from './ledger.ts';
import { fillStormWorld, type StormWorld } from './storm-world.ts';

const random = randomFrom(testSeed('interleavings'));
const rounds = Number(process.env['PIKA_REDEEM_INTERLEAVINGS'] ?? 150);

let test: OpenTestDatabase;
let world: StormWorld;
let people: string[];
let connections: { client: pg.Client; pid: number }[];

interface Scene {
  vouchers: string[];
  claims: { id: string; voucherId: string; userId: string }[];
  entries: string[];
}

interface Statement {
  what: string;
  text: string;
  values: unknown[];
}

describe.skipIf(!isServer())('statement by statement (needs a server: two transactions side by side)', () => {
  beforeAll(async () => {
    test = await openTestDatabase({ poolSize: 2 });
    world = await fillStormWorld(test.pool);
    people = await Promise.all([0, 1].map(() => addPerson(test)));
    connections = await Promise.all(
      [0, 1].map(async () => {
        const client = new pg.Client({ connectionString: test.url });
        await client.connect();
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        return { client, pid: rows[0]!.pid };
      }),
    );
  });
  afterAll(async () => {
    for (const { client } of connections ?? []) await client.end();
    await test?.close();
  });

  it(
    'two transactions of redeeming, rolling back, claiming and holding: no limit is passed, nothing is counted twice, nobody waits for ever',
    () => {
      const history = openHistory('interleavings');
      return history.keptFor(async () => {
        const seen: Record<string, number> = {};
        const note = (what: string) => (seen[what] = (seen[what] ?? 0) + 1);
        for (let round = 0; round < rounds; round++) {
          const scene = await makeScene();
          const scripts = [script(scene), script(scene)];
          const running: (Promise<void> | null)[] = [null, null];
          const failed = [false, false];
          while (scripts.some(({ length }) => length > 0) || running.some((each) => each !== null)) {
            const free = [0, 1].filter((index) => running[index] === null && scripts[index]!.length > 0);
            if (free.length === 0) {
              await Promise.race(running.filter((each) => each !== null));
              continue;
            }
            const index = random.pick(free);
            const statement = scripts[index]!.shift()!;
            const { client, pid } = connections[index]!;
            const isSkipped = failed[index]! && statement.text !== 'ROLLBACK' && statement.text !== 'COMMIT';
            if (isSkipped) continue;
            history.add({ round, index, ...statement });
            const work = client.query(statement.text, statement.values).then(
              ({ rows }) => {
                const verdict = (rows[0] as { verdict?: string } | undefined)?.verdict;
                history.add({ round, index, what: statement.what, verdict });
                if (verdict !== undefined) note(`${statement.what} ${verdict}`);
              },
              (error: pg.DatabaseError) => {
                history.add({ round, index, what: statement.what, failed: error.message });
                failed[index] = true;
                note(`${statement.what} ${error.code}`);
              },
            );
            running[index] = work.finally(() => {
              running[index] = null;
            });
            if ((await settledOrBlocked(running[index]!, pid)) === 'blocked') note('waited');
          }
          const where = `round ${round}, seed ${random.seed}`;
          expect(await miscounted(test.pool, scene.vouchers), where).toEqual([]);
          expect(await overdone(scene), where).toEqual([]);
        }
        console.log(`[interleavings] ${rounds} pairs of transactions: ${JSON.stringify(seen)}`);
        for (const what of [
          'redeem redeemed',
          'redeem refused',
          'rollback rolledBack',
          'claim claimed',
          'hold held',
          'waited',
        ]) {
          expect(seen[what] ?? 0, what).toBeGreaterThan(0);
        }
        const others = Object.keys(seen).filter((what) => / \d\w{4}$/.test(what) && !what.endsWith(' 40001'));
        expect(others).toEqual([]);
      });
    },
    60_000 + rounds * 2_000,
  );
});

async function makeScene(): Promise<Scene> {
  const campaign_id = await world.addCampaign({ limit_total: 3, limit_per_user: 2 });
  const vouchers = await world.addVouchers(2, { campaign_id, limit_total: 2, limit_per_user: 2, claim_limit_total: 3 });
  const claims = vouchers.flatMap((voucherId) =>
    people.map((userId) => ({ id: newId(new Date()), voucherId, userId })),
  );
  await insertRows(
    test.pool,
    'marketplace.claims',
    random.sample(claims, 3).map(({ id, voucherId, userId }) => ({
      id,
      voucher_id: voucherId,
      user_id: userId,
      source_id: id,
      state: 'active',
      claimed_at: new Date(),
      short_code: newShortCode(),
      version: 1,
      updated_at: new Date(),
    })),
  );
  const before = redeemStatement({ voucherId: vouchers[0] }, people[0]!);
  await test.pool.query(before.text, before.values);
  const { rows } = await test.pool.query<{ id: string }>(
    'SELECT id FROM marketplace.redemptions WHERE voucher_id = $1',
    [vouchers[0]],
  );
  return { vouchers, claims, entries: rows.map(({ id }) => id) };
}

/** One transaction. */
function script(scene: Scene): Statement[] {
  const userId = random.pick(people);
  const at = new Date();
  const statements: (() => Statement)[] = [
    () => redeemStatement({ voucherId: random.pick(scene.vouchers) }, userId),
    () => {
      const claim = random.pick(scene.claims);
      return redeemStatement({ claimId: claim.id }, claim.userId);
    },
    () => ({
      what: 'rollback',
      text: 'SELECT verdict FROM marketplace.rollback_redemption($1, NULL, $2, NULL, NULL, NULL, $3, $4)',
      values: [random.pick(scene.entries), 'by chance', at, newId(at)],
    }),
    () => ({
      what: 'claim',
      text: 'SELECT verdict FROM marketplace.claim_voucher($1, $2, $3, $4, $5, $6)',
      values: [random.pick(scene.vouchers), newId(at), newId(at), [newShortCode(), newShortCode()], 'es', at],
    }),
    () => ({
      what: 'hold',
      text: 'SELECT verdict FROM marketplace.hold_voucher($1, $2, $3, 60, $4)',
      values: [random.pick(scene.vouchers), newId(at), random.pick(['a', 'b']), at],
    }),
  ];
  const context = `SELECT set_config('app.user_id', $1, true), set_config('app.actor', 'user:' || $1, true)`;
  return [
    { what: 'begin', text: 'BEGIN', values: [] },
    { what: 'context', text: context, values: [userId] },
    // More than one would lock in no order: every function of the apps is a transaction's only one of these.
    random.pick([statements[0]!, ...statements])(),
    random.chance(0.85)
      ? { what: 'commit', text: 'COMMIT', values: [] }
      : { what: 'undo', text: 'ROLLBACK', values: [] },
  ];
}

function redeemStatement(target: object, userId: string): Statement {
  const id = newId(new Date());
  const asked = {
    ordinal: 0,
    ...target,
    userId,
    channel: 'app',
    at: new Date().toISOString(),
    redemptionId: id,
    attemptId: newId(new Date()),
    actor: `user:${userId}`,
    clientAddress: '127.0.0.1',
    requestId: id,
    operation: 'redeem',
    key: id,
    fingerprint: 'ab'.repeat(32),
    context: { language: 'es', requestId: id },
  };
  return { what: 'redeem', text: 'SELECT verdict FROM marketplace.redeem($1)', values: [JSON.stringify([asked])] };
}

/** A statement that waits for the other transaction is let wait, and the other goes on. */
async function settledOrBlocked(work: Promise<void>, pid: number): Promise<'settled' | 'blocked'> {
  const settled = work.then(() => 'settled' as const);
  for (;;) {
    const { rows } = await test.pool.query<{ waits: boolean }>(
      'SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits',
      [pid],
    );
    if (rows[0]!.waits) return 'blocked';
    const first = await Promise.race([settled, Promise.resolve('open' as const)]);
    if (first === 'settled') return first;
  }
}

async function overdone({ vouchers }: Scene): Promise<string[]> {
  const { rows } = await test.pool.query<{ fault: string }>(
    `SELECT 'claim ' || claim_id || ' redeemed ' || sum(CASE kind WHEN 'redemption' THEN 1 ELSE -1 END) AS fault
    FROM marketplace.redemptions WHERE voucher_id = ANY ($1) AND claim_id IS NOT NULL
    GROUP BY claim_id HAVING sum(CASE kind WHEN 'redemption' THEN 1 ELSE -1 END) > 1
    UNION ALL
    SELECT 'user ' || user_id || ' has ' || used_count FROM marketplace.user_counters WHERE voucher_id = ANY ($1) AND used_count > 2
    UNION ALL
    SELECT 'user ' || user_id || ' has ' || used_count || ' of the campaign' FROM marketplace.campaign_user_counters
    WHERE campaign_id IN (SELECT campaign_id FROM marketplace.vouchers WHERE id = ANY ($1)) AND used_count > 2
    UNION ALL
    SELECT 'voucher ' || voucher_id || ' counts ' || claimed_count || ' claims' FROM marketplace.voucher_counters counter
    WHERE voucher_id = ANY ($1) AND (claimed_count > 3 OR claimed_count <> (
      SELECT count(*) FROM marketplace.claims claim WHERE claim.voucher_id = counter.voucher_id AND claim.state <> 'released'))
    UNION ALL
    SELECT 'claim ' || claim.id || ' is ' || claim.state FROM marketplace.claims claim
    WHERE claim.voucher_id = ANY ($1) AND (claim.state = 'redeemed') IS DISTINCT FROM EXISTS (
      SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id AND entry.kind = 'redemption'
        AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id))
    UNION ALL
    SELECT 'voucher ' || counter.voucher_id || ' has ' || counter.used_count || ' and holds' FROM marketplace.voucher_counters counter
    WHERE voucher_id = ANY ($1) AND counter.used_count + (
      SELECT count(*) FROM marketplace.holds hold
      WHERE hold.voucher_id = counter.voucher_id AND hold.released_at IS NULL AND hold.expires_at > now()) > 2`,
    [vouchers],
  );
  return rows.map(({ fault }) => fault);
}
