import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { insertOutboxEvent, inTransaction } from '@pika/database';
import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

const random = randomFrom(testSeed('outbox'));
const file = fileURLToPath(new URL('./dispatcher-process.ts', import.meta.url));
const writers = 8;
const dispatcherCount = 3;
const [eventsMin, killsMin] = isServer() ? [3_000, 8] : [1_000, 4];

let test: OpenTestDatabase;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  test = await openTestDatabase({ poolSize: writers + 2 });
  await test.pool.query(`
    CREATE SCHEMA proof;
    CREATE TABLE proof.deliveries (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id bigint NOT NULL, pid integer NOT NULL);
    CREATE TABLE proof.effects (aggregate_id text PRIMARY KEY, done integer NOT NULL);
    GRANT USAGE ON SCHEMA proof TO pika_owner;
    GRANT ALL ON ALL TABLES IN SCHEMA proof TO pika_owner`);
});

afterAll(async () => {
  await Promise.all([...children].map(kill));
  await test?.close();
});

interface Commit {
  /** Ticks of one clock, read before COMMIT is sent and after it is answered. */
  from: number;
  until: number;
  /** In the order of writing. */
  written: { aggregateId: string; key: string }[];
}

let clock = 0;
let transactions = 0;
const committed: Commit[] = [];
const rolledBack: string[] = [];

/** One transaction with up to four events of up to three aggregates, of which one in five rolls back. */
async function write(): Promise<void> {
  const name = `t${transactions++}`;
  const aggregates = random
    .sample(
      Array.from({ length: 60 }, (_, index) => `a${index}`),
      random.integer(1, 3),
    )
    .toSorted();
  const written = aggregates.flatMap((aggregateId) =>
    Array.from({ length: random.integer(1, 2) }, (_, index) => ({
      aggregateId,
      key: `${name} ${aggregateId} ${index}`,
    })),
  );
  const isUndone = random.chance(0.2);
  const commit = { from: 0, until: 0, written };
  const work = inTransaction(
    test.database,
    { actor: { type: 'system', name: 'proof' } },
    async (tx) => {
      for (const { aggregateId, key } of written) {
        await insertOutboxEvent(tx, { aggregateType: 'proof', aggregateId, type: 'proof.written', payload: { key } });
      }
      if (isUndone) throw new Error('undone');
      commit.from = clock++;
    },
    { timeoutMillis: 60_000 },
  );
  if (isUndone) {
    await expect(work).rejects.toThrow('undone');
    rolledBack.push(...written.map(({ key }) => key));
    return;
  }
  await work;
  commit.until = clock++;
  committed.push(commit);
}

function startDispatcherProcess(): ChildProcess {
  const args = ['--conditions=@pika/source', '--import', 'tsx', file, test.url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

const rows = async <Row extends pg.QueryResultRow>(text: string) => (await test.pool.query<Row>(text)).rows;
const deliveriesOf = async (pid: number | undefined) =>
  Number((await rows<{ count: string }>(`SELECT count(*) FROM proof.deliveries WHERE pid = ${pid ?? 0}`))[0]?.count);

it('delivers every committed event, in order, with its effect once, while its dispatchers are killed', async () => {
  let kills = 0;
  let isWriting = true;
  const events = () => committed.reduce((sum, { written }) => sum + written.length, 0);
  const writing = Promise.all(
    Array.from({ length: writers }, async () => {
      while (events() < eventsMin || kills < killsMin) await write();
    }),
  ).finally(() => (isWriting = false));

  const dispatchers = Array.from({ length: dispatcherCount }, startDispatcherProcess);
  while (isWriting) {
    const index = random.integer(0, dispatcherCount - 1);
    const victim = dispatchers[index]!;
    const enough = random.integer(1, 150);
    await expect.poll(() => deliveriesOf(victim.pid), { timeout: 60_000, interval: 10 }).toBeGreaterThanOrEqual(enough);
    await kill(victim);
    kills += 1;
    dispatchers[index] = startDispatcherProcess();
  }
  await writing;
  await expect
    .poll(() => rows('SELECT FROM public.outbox_events WHERE delivered_at IS NULL LIMIT 1'), { timeout: 120_000 })
    .toEqual([]);

  const found = await rows<{ key: string; aggregate_id: string; deliveries: string; first: string }>(`
    SELECT payload->>'key' AS key, aggregate_id, count(position) AS deliveries, min(position) AS first
    FROM public.outbox_events JOIN proof.deliveries ON event_id = id GROUP BY id`);
  const first = new Map(found.map(({ key, first: position }) => [key, Number(position)]));
  const written = committed.flatMap((commit) => commit.written);
  const repeated = found.filter(({ deliveries }) => Number(deliveries) > 1).length;
  console.log(
    `[outbox] ${written.length} events of ${committed.length} transactions, ${rolledBack.length} events rolled back, ` +
      `${kills} dispatchers killed, ${repeated} events delivered more than once`,
  );

  expect(kills).toBeGreaterThanOrEqual(killsMin);
  expect(rolledBack.length).toBeGreaterThan(0);
  expect(repeated).toBeGreaterThan(0);
  expect(found.map(({ key }) => key).toSorted()).toEqual(written.map(({ key }) => key).toSorted());
  expect(rolledBack.filter((key) => first.has(key))).toEqual([]);
  expect(outOfOrder(first)).toEqual([]);

  const effects = await rows<{ aggregate_id: string; done: number }>('SELECT aggregate_id, done FROM proof.effects');
  const expected = new Map<string, number>();
  for (const { aggregateId } of written) expected.set(aggregateId, (expected.get(aggregateId) ?? 0) + 1);
  expect(new Map(effects.map(({ aggregate_id, done }) => [aggregate_id, done]))).toEqual(expected);
}, 400_000);

/**
 * Pairs of events of one aggregate whose first deliveries are the other way round: of one transaction, or of two where
 * the second was asked to commit after the first had been answered.
 */
function outOfOrder(first: Map<string, number>): string[] {
  const byAggregate = new Map<string, { key: string; from: number; until: number; at: number }[]>();
  for (const { from, until, written } of committed) {
    for (const { aggregateId, key } of written) {
      const list = byAggregate.get(aggregateId) ?? [];
      byAggregate.set(aggregateId, list);
      list.push({ key, from, until, at: first.get(key) ?? Number.NaN });
    }
  }
  return [...byAggregate.values()].flatMap((list) =>
    list.flatMap((one, index) =>
      list
        .filter((other, position) => one.until < other.from || (one.from === other.from && index < position))
        .filter((other) => !(one.at < other.at))
        .map((other) => `${one.key} was delivered after ${other.key}`),
    ),
  );
}
