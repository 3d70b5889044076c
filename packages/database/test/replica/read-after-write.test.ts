import { inTransaction, jobContext, sql, systemContext, type PublicReads } from '@pika/database';
import {
  addLanguages,
  categoryRow,
  canReplicate,
  insertRows,
  openReplicatedDatabase,
  openTestDatabase,
  type ReplicatedDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const lagMillis = 1_500;
const id = '00000000-0000-7000-8000-000000000001';
let test: ReplicatedDatabase;
let last = 0;

describe.skipIf(!canReplicate())('a database with a replica', () => {
  beforeAll(async () => {
    test = await openReplicatedDatabase(lagMillis);
    await addLanguages(test.pool);
    await insertRows(test.pool, 'catalog.categories', [categoryRow({ id, slug: 'counter' })]);
  });

  afterAll(() => test?.close());

  beforeEach(async () => {
    await test.replicaPool.query('SELECT pg_wal_replay_resume()');
    await test.caughtUp();
  });

  const pause = () => test.replicaPool.query('SELECT pg_wal_replay_pause()');
  const untilPaused = () =>
    vi.waitFor(
      async () => {
        const { rows } = await test.replicaPool.query('SELECT pg_get_wal_replay_pause_state() AS state');
        expect(rows).toEqual([{ state: 'paused' }]);
      },
      { timeout: 15_000 },
    );

  /** Writes the next number; what the caller is handed out. */
  async function write(): Promise<string> {
    const handed: string[] = [];
    last += 1;
    await inTransaction(
      test.database,
      systemContext('test'),
      (tx) => tx.category.update({ where: { id }, data: { position: last } }),
      { onCommitted: (readAfter) => handed.push(readAfter) },
    );
    expect(handed).toHaveLength(1);
    return handed[0] ?? '';
  }

  const isReplica = async ({ db }: PublicReads) =>
    (await db.$queryRaw<{ is: boolean }[]>(sql`SELECT pg_is_in_recovery() AS is`))[0]?.is;

  const readAt = async (reads: PublicReads) =>
    (
      await reads.db.$queryRaw<{ position: number }[]>(
        sql`SELECT position FROM catalog.categories WHERE id = ${id}::uuid`,
      )
    )[0]?.position;

  it('reads from the replica what it has replayed, by Prisma and by the pool', async () => {
    const token = await write();
    await test.caughtUp();
    const reads = test.database.publicAfter(token);
    expect(await isReplica(reads)).toBe(true);
    expect(await readAt(reads)).toBe(last);
    const { rows } = await reads.pool.query('SELECT pg_is_in_recovery() AS is, current_user::text AS login');
    expect(rows).toEqual([{ is: true, login: 'pika_web' }]);
  });

  it('reads from the primary what the replica has not replayed', async () => {
    await pause();
    await untilPaused();
    const token = await write();
    const reads = test.database.publicAfter(token);
    expect(await readAt(reads)).toBe(last);
    expect(await isReplica(reads)).toBe(false);
    const { rows } = await test.replicaPool.query('SELECT position FROM catalog.categories');
    expect(rows).toEqual([{ position: last - 1 }]);
  });

  it('hands out a position that lies behind the commit, however late the log is written', async () => {
    for (let count = 0; count < 20; count++) {
      const token = await write();
      await vi.waitFor(
        async () => {
          const { rows } = await test.replicaPool.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS replayed', [
            token,
          ]);
          expect(rows[0]?.replayed).toBe(true);
        },
        { timeout: 15_000, interval: 2 },
      );
      const { rows } = await test.replicaPool.query('SELECT position FROM catalog.categories');
      expect(rows).toEqual([{ position: last }]);
    }
  });

  it('shows a caller without a position nothing that is older than the bound', async () => {
    await vi.waitFor(async () => expect(await isReplica(test.database.publicAfter(null))).toBe(true), {
      timeout: 15_000,
    });
    await pause();
    await untilPaused();
    await write();
    const committed = performance.now();
    let staleReads = 0;
    for (;;) {
      const begun = performance.now();
      const position = await readAt(test.database.publicAfter(null));
      if (position === last && begun > committed + lagMillis) break;
      if (position === last) continue;
      staleReads += 1;
      expect(begun - committed).toBeLessThan(lagMillis);
    }
    expect(staleReads).toBeGreaterThan(0);
  });

  it('reads as ever for who names no position or none that can be read', async () => {
    await test.caughtUp();
    expect(await isReplica(test.database.public)).toBe(false);
    for (const unreadable of ['', 'x', '0/1, 0/2', '0/123456789', "0/1'; SELECT 1"]) {
      expect(test.database.publicAfter(unreadable)).toBe(test.database.public);
    }
    expect(await isReplica(test.database.publicAfter('FFFFFFFF/FFFFFFFF'))).toBe(false);
  });

  it('never writes by the replica, and decides nothing by it', async () => {
    const token = await write();
    await test.caughtUp();
    expect(await isReplica(test.database.publicAfter(token))).toBe(true);
    const { served } = test.database.metrics().replica ?? { served: 0 };
    for (const context of [systemContext('test'), jobContext('test')]) {
      const rows = await inTransaction(test.database, context, (tx) =>
        tx.$queryRaw<{ is: boolean }[]>(sql`SELECT pg_is_in_recovery() AS is`),
      );
      expect(rows).toEqual([{ is: false }]);
    }
    expect(test.database.metrics().replica?.served).toBe(served);
    const update = sql`UPDATE catalog.categories SET position = 0`;
    await expect(test.database.publicAfter(token).db.$executeRaw(update)).rejects.toThrow(
      /read-only|permission denied/,
    );
    await expect(test.database.publicAfter(token).db.$queryRaw(update)).rejects.toThrow(/read-only|permission denied/);
    await expect(
      inTransaction(test.database, jobContext('test'), () => readAt(test.database.publicAfter(token))),
    ).rejects.toMatchObject({ name: 'NestedTransactionError' });
    expect(await readAt(test.database.public)).toBe(last);
  });

  it('asks the primary what the replica refuses', async () => {
    const token = await write();
    await test.caughtUp();
    const reads = test.database.publicAfter(token);
    await expect(reads.db.$queryRaw(sql`SELECT 1 / 0`)).rejects.toThrow(/division by zero/);
    await pause();
    await untilPaused();
    await test.pool.query(
      'CREATE TABLE public.brand_new AS SELECT 1 AS one; GRANT SELECT ON public.brand_new TO pika_public',
    );
    expect(await reads.db.$queryRaw(sql`SELECT one FROM public.brand_new`)).toEqual([{ one: 1 }]);
    expect(await isReplica(reads)).toBe(true);
  });

  it('goes on without it, says so once, and comes back to it', async () => {
    const token = await write();
    await test.caughtUp();
    const reads = test.database.publicAfter(token);
    expect(await isReplica(reads)).toBe(true);
    test.told.length = 0;
    test.replica.freeze();
    try {
      for (let count = 0; count < 20; count++) expect(await isReplica(reads)).toBe(false);
    } finally {
      test.replica.thaw();
    }
    await vi.waitFor(async () => expect(await isReplica(reads)).toBe(true), { timeout: 10_000 });
    await test.replica.kill();
    for (let count = 0; count < 20; count++) expect(await isReplica(reads)).toBe(false);
    await test.replica.start();
    await vi.waitFor(async () => expect(await isReplica(reads)).toBe(true), { timeout: 10_000 });
    const shape = test.told.map((sentence) => sentence.replace(/ \(.*\)/, ''));
    const outage = ['the replica is not used; the primary answers until it can be', 'the replica is used again'];
    expect(shape).toEqual([...outage, ...outage]);
    expect(test.told[0]).toMatch(/timeout/);
  });
});

it('hands out nothing where there is no replica', async () => {
  const alone = await openTestDatabase();
  try {
    const handed: string[] = [];
    await inTransaction(alone.database, jobContext('test'), (tx) => tx.$queryRaw(sql`SELECT 1`), {
      onCommitted: (readAfter) => handed.push(readAfter),
    });
    expect(handed).toEqual([]);
    expect(alone.database.publicAfter('0/1')).toBe(alone.database.public);
    expect(alone.database.metrics().replica).toBeUndefined();
  } finally {
    await alone.close();
  }
});
