import { createLogger } from '@pika/shared';
import {
  consumeOnce,
  inTransaction as transact,
  insertOutboxEvent,
  jobContext,
  releaseOutboxEvent,
  singleStatements,
  sql,
  startDispatcher,
  systemContext,
  type Db,
  type Dispatcher,
  type DispatcherOptions,
  type OutboxEvent,
} from '@pika/database';
import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pruneOutbox } from '../../src/outbox/outbox.repository.ts';

let test: OpenTestDatabase;
/** What hands out and prunes events: may do no more than an app. */
let db: Db;
let dispatchers: Dispatcher[] = [];
let delivered: string[] = [];
let support: Db;

beforeAll(async () => {
  test = await openTestDatabase();
  db = singleStatements(test.database, jobContext('outbox'));
  support = singleStatements(test.database, { role: 'pika_support', actor: { type: 'system', name: 'test' } });
});
afterAll(() => test?.close());

beforeEach(async () => {
  delivered = [];
  await test.pool.query('TRUNCATE public.outbox_events, public.consumed_events');
});
afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
  dispatchers = [];
});

const log = createLogger({ level: 'silent', name: 'test' });
const note = (event: OutboxEvent) => delivered.push(`${event.aggregateId} ${event.type}`);

function start(
  deliver: (event: OutboxEvent, signal: AbortSignal) => unknown = note,
  options: Partial<DispatcherOptions> = {},
) {
  const dispatcher = startDispatcher(db, async (event, signal) => deliver(event, signal), log, {
    aggregateTypes: ['test', 'voucher'],
    pollMillis: 20,
    backoffSeconds: 0.05,
    ...options,
  });
  dispatchers.push(dispatcher);
  return dispatcher;
}

const write = (tx: Db, aggregateId: string, ...types: string[]) =>
  types.reduce(
    (before, type) =>
      before.then(() => insertOutboxEvent(tx, { aggregateType: 'test', aggregateId, type, payload: {} })),
    Promise.resolve(),
  );

function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000 });
}
const inTransaction = <T>(work: (tx: Db) => Promise<T>) => transact(test.database, systemContext('test'), work);
/** Times are kept to the millisecond, rounded: what is due now may be due half a millisecond from now. */
const makeDue = () =>
  test.pool.query(`UPDATE public.outbox_events SET available_at = now() - interval '1 second' WHERE parked_at IS NULL`);
const rows = async <Row extends pg.QueryResultRow>(text: string) => (await test.pool.query<Row>(text)).rows;
const waitsFor = async (pid: number) =>
  (await rows<{ waits: boolean }>(`SELECT cardinality(pg_blocking_pids(${pid})) > 0 AS waits`))[0]?.waits;

describe('an event', () => {
  it('is delivered as it was written, when its transaction commits', async () => {
    const seen: OutboxEvent[] = [];
    start((event) => seen.push(event));
    await inTransaction((tx) =>
      insertOutboxEvent(tx, {
        aggregateType: 'voucher',
        aggregateId: 'v1',
        type: 'voucher.redeemed',
        payload: { amountMinor: 500, text: 'ñandú', list: [null] },
        requestId: 'r1',
      }),
    );
    await eventually(() => seen).toEqual([
      {
        id: expect.any(BigInt),
        aggregateType: 'voucher',
        aggregateId: 'v1',
        type: 'voucher.redeemed',
        payload: { amountMinor: 500, text: 'ñandú', list: [null] },
        requestId: 'r1',
        occurredAt: expect.any(Date),
        attempt: 1,
      },
    ]);
    await eventually(() => rows('SELECT FROM public.outbox_events WHERE delivered_at IS NOT NULL')).toHaveLength(1);
  });

  it('of a transaction that rolls back is never delivered', async () => {
    const undone = inTransaction(async (tx) => {
      await write(tx, 'a', 'undone');
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await inTransaction((tx) => write(tx, 'a', 'kept'));
    start();
    await eventually(() => delivered).toEqual(['a kept']);
  });

  it('that fails holds back its own aggregate and no other, and comes again', async () => {
    let failures = 3;
    const attempts: number[] = [];
    await inTransaction(async (tx) => {
      await write(tx, 'a', 'first', 'second');
      await write(tx, 'b', 'other', 'another');
    });
    start((event) => {
      if (event.aggregateId === 'a' && event.type === 'first') attempts.push(event.attempt);
      if (event.aggregateId === 'a' && failures-- > 0) throw new Error('not now');
      note(event);
    });
    await eventually(() => delivered).toEqual(['b other', 'b another', 'a first', 'a second']);
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(await rows(`SELECT type, last_error FROM public.outbox_events WHERE last_error IS NOT NULL`)).toEqual([
      { type: 'first', last_error: 'not now' },
    ]);
  });

  it('that keeps failing is tried ever more rarely', async () => {
    await inTransaction((tx) => write(tx, 'a', 'bad'));
    const times: number[] = [];
    start(
      () => {
        times.push(performance.now());
        throw new Error('never');
      },
      { backoffSeconds: 0.2, attemptsMax: 4 },
    );
    await eventually(() => rows('SELECT FROM public.outbox_events WHERE parked_at IS NOT NULL')).toHaveLength(1);
    const waits = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1_000);
    expect(waits).toHaveLength(3);
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThan(0.09 * 2 ** index);
  });
});

describe('a dispatcher', () => {
  it('takes only what it delivers, and leaves the rest as it was', async () => {
    await inTransaction((tx) => write(tx, 'a', 'mine'));
    await inTransaction((tx) =>
      insertOutboxEvent(tx, { aggregateType: 'other', aggregateId: 'a', type: 'theirs', payload: {} }),
    );
    start();
    await eventually(() => delivered).toEqual(['a mine']);
    await inTransaction((tx) => write(tx, 'b', 'later'));
    await eventually(() => delivered).toEqual(['a mine', 'b later']);
    const waiting = () => rows('SELECT type, attempts FROM public.outbox_events WHERE delivered_at IS NULL');
    await eventually(waiting).toEqual([{ type: 'theirs', attempts: 0 }]);
    start(note, { aggregateTypes: ['other', 'nothing', 'other'] });
    await eventually(() => delivered).toEqual(['a mine', 'b later', 'a theirs']);
  });
});

describe('a parked event', () => {
  const park = async () => {
    await inTransaction((tx) => write(tx, 'a', 'bad', 'after'));
    const dispatcher = start(
      () => {
        throw new Error('never');
      },
      { attemptsMax: 2 },
    );
    const parked = () =>
      rows<{ id: string; last_error: string }>(`
      SELECT id, last_error FROM public.outbox_events WHERE parked_at IS NOT NULL AND delivered_at IS NULL`);
    await eventually(parked).toEqual([{ id: expect.any(String), last_error: 'never' }]);
    await dispatcher.stop();
    return BigInt((await parked())[0]?.id ?? 0);
  };

  it('holds back its aggregate, what is written later too, until it is released', async () => {
    const id = await park();
    await inTransaction(async (tx) => {
      await write(tx, 'a', 'later');
      await write(tx, 'b', 'other');
    });
    start();
    await eventually(() => delivered).toEqual(['b other']);
    expect(await releaseOutboxEvent(support, id)).toBe(true);
    await eventually(() => delivered).toEqual(['b other', 'a bad', 'a after', 'a later']);
    expect(await releaseOutboxEvent(support, id)).toBe(false);
  });

  it('can be skipped, which stays visible', async () => {
    const id = await park();
    expect(await releaseOutboxEvent(support, id, { skip: true })).toBe(true);
    start();
    await eventually(() => delivered).toEqual(['a after']);
    expect(await rows(`SELECT type, last_error FROM public.outbox_events WHERE parked_at IS NOT NULL`)).toEqual([
      { type: 'bad', last_error: 'never' },
    ]);
  });

  it('is also one that its dispatchers died of', async () => {
    await inTransaction((tx) => write(tx, 'a', 'deadly'));
    const claim = (limit: number) =>
      rows<{ id: string }>(`SELECT id FROM public.claim_outbox_events('{test}', ${limit}, interval '0', 3)`);
    for (const count of [1, 1, 1, 0, 0]) {
      await makeDue();
      expect(await claim(10)).toHaveLength(count);
    }
    expect(await rows('SELECT last_error FROM public.outbox_events WHERE parked_at IS NOT NULL')).toEqual([
      { last_error: 'no dispatcher that took it was heard of again' },
    ]);
  });
});

describe('the order of an aggregate', () => {
  it('is that of commits: its second writer waits for the first', async (context) => {
    requireServer(context);
    const [first, second] = [await test.pool.connect(), await test.pool.connect()];
    const insert = (type: string) => `
      INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload) VALUES ('test', 'a', '${type}', '{}')`;
    const { rows: backends } = await second.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await first.query('BEGIN');
    await first.query(insert('one'));
    const inserting = second.query(insert('two'));
    await eventually(() => waitsFor(backends[0]!.pid)).toBe(true);
    start();
    await inTransaction((tx) => write(tx, 'b', 'not held back'));
    await eventually(() => delivered).toEqual(['b not held back']);
    await first.query('COMMIT');
    await inserting;
    first.release();
    second.release();
    await eventually(() => delivered).toEqual(['b not held back', 'a one', 'a two']);
  });

  it('holds for a writer whose snapshot is older than the last delivery', async (context) => {
    requireServer(context);
    await inTransaction((tx) => write(tx, 'a', 'one'));
    const writer = await test.pool.connect();
    await writer.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
    await writer.query('SELECT FROM public.outbox_events');
    start();
    await eventually(() => rows('SELECT FROM public.outbox_events WHERE delivered_at IS NOT NULL')).toHaveLength(1);
    await writer.query(`
      INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload)
      VALUES ('test', 'a', 'two', '{}'), ('test', 'a', 'three', '{}')`);
    await writer.query('COMMIT');
    writer.release();
    await eventually(() => delivered).toEqual(['a one', 'a two', 'a three']);
  });

  it('survives a dispatcher that is late: what it delivers after its lease does not count', async () => {
    await inTransaction((tx) => write(tx, 'a', 'one', 'two'));
    const late: (() => void)[] = [];
    const slow = start(
      (event, signal) => {
        delivered.push(`late ${event.type}`);
        return new Promise<void>((resolve) => {
          late.push(resolve);
          signal.addEventListener('abort', () => delivered.push('lease over'));
        });
      },
      { leaseSeconds: 0.3, concurrency: 1 },
    );
    await eventually(() => delivered).toEqual(['late one', 'lease over']);
    await eventually(() => late.length).toBe(1);
    start(note, { leaseSeconds: 5 });
    await eventually(() => delivered.filter((line) => line.startsWith('a'))).toEqual(['a one', 'a two']);
    for (const resolve of late) resolve();
    await slow.stop();
    expect(await rows(`SELECT FROM public.outbox_events WHERE delivered_at IS NULL`)).toEqual([]);
  });
});

describe('a consumer', () => {
  beforeAll(() =>
    test.pool.query(
      'CREATE TABLE public.effects (event_id bigint NOT NULL); ALTER TABLE public.effects OWNER TO pika_owner',
    ),
  );
  afterAll(() => test.pool.query('DROP TABLE public.effects'));
  beforeEach(() => test.pool.query('TRUNCATE public.effects'));
  const consume = (id: bigint) =>
    inTransaction((tx) =>
      consumeOnce(tx, 'test', id, () => tx.$executeRaw(sql`INSERT INTO public.effects VALUES (${id})`)),
    );

  it('has its effect once, however often and however many at a time it is asked', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => consume(7n)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await rows('SELECT event_id FROM public.effects')).toEqual([{ event_id: '7' }]);
  });

  it('is asked again where its effect was rolled back', async () => {
    const failed = inTransaction((tx) =>
      consumeOnce(tx, 'test', 8n, async () => {
        await tx.$executeRaw(sql`INSERT INTO public.effects VALUES (8)`);
        throw new Error('no');
      }),
    );
    await expect(failed).rejects.toThrow('no');
    expect(await consume(8n)).toBe(true);
    expect(await rows('SELECT event_id FROM public.effects')).toEqual([{ event_id: '8' }]);
  });
});

describe('upkeep', () => {
  it('removes what was delivered long ago, and remembers consumers of events that may come again', async () => {
    await inTransaction(async (tx) => {
      await write(tx, 'old', 'delivered');
      await write(tx, 'new', 'delivered');
      await write(tx, 'waiting', 'waiting');
    });
    await test.pool.query(`
      UPDATE public.outbox_events SET available_at = NULL, delivered_at = now() - interval '25 hours' WHERE aggregate_id = 'old';
      UPDATE public.outbox_events SET available_at = NULL, delivered_at = now() - interval '23 hours' WHERE aggregate_id = 'new';
      INSERT INTO public.consumed_events (consumer, event_id, consumed_at)
      SELECT 'test', id, now() - interval '9 days' FROM public.outbox_events;
      INSERT INTO public.consumed_events (consumer, event_id, consumed_at) VALUES ('test', -1, now() - interval '7 days');`);
    await pruneOutbox(db, new AbortController().signal);
    await pruneOutbox(db, new AbortController().signal);
    expect(await rows('SELECT aggregate_id FROM public.outbox_events ORDER BY id')).toEqual([
      { aggregate_id: 'new' },
      { aggregate_id: 'waiting' },
    ]);
    expect(await rows('SELECT FROM public.consumed_events')).toHaveLength(3);
  });
});

describe('stopping', () => {
  it('tells running deliveries, waits for them and takes nothing more', async () => {
    await inTransaction((tx) => write(tx, 'a', 'one', 'two'));
    const dispatcher = start(
      (event, signal) =>
        new Promise<void>((resolve) => {
          delivered.push('begun');
          signal.addEventListener('abort', () => {
            note(event);
            resolve();
          });
        }),
    );
    await eventually(() => delivered).toEqual(['begun']);
    await dispatcher.stop();
    expect(delivered).toEqual(['begun', 'a one']);
    expect(
      await rows(
        `SELECT type FROM public.outbox_events WHERE delivered_at IS NULL AND available_at < now() + interval '1 second'`,
      ),
    ).toEqual([{ type: 'two' }]);
  });

  it('gives up on a delivery that does not listen within four seconds', async () => {
    await inTransaction((tx) => write(tx, 'a', 'one'));
    let finish = () => {};
    const dispatcher = start(() => new Promise<void>((resolve) => (finish = resolve)));
    await eventually(() => rows('SELECT FROM public.outbox_events WHERE attempts = 1')).toHaveLength(1);
    const from = performance.now();
    await dispatcher.stop();
    const took = performance.now() - from;
    finish();
    expect(took).toBeGreaterThan(1_000);
    expect(took).toBeLessThan(4_000);
    await eventually(() => rows('SELECT FROM public.outbox_events WHERE delivered_at IS NOT NULL')).toHaveLength(1);
  });
});

describe('rights', () => {
  it('let pika_app write, hand out and remember events, and look at none', async () => {
    const client = await test.pool.connect();
    const asApp = async (text: string) => {
      await client.query(`BEGIN; SELECT set_config('role', 'pika_app', true)`);
      try {
        return await client.query(text);
      } finally {
        await client.query('ROLLBACK');
      }
    };
    const insert = `INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload) VALUES ('t', 'a', 'b', '{}')`;
    try {
      expect((await asApp(insert)).rowCount).toBe(1);
      for (const text of [
        'SELECT id FROM public.outbox_events',
        'UPDATE public.outbox_events SET attempts = 0',
        'DELETE FROM public.outbox_events',
        `${insert} RETURNING id`,
        'SELECT public.release_outbox_event(1, true)',
      ]) {
        await expect(asApp(text), text).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      client.release();
    }
  });
});
