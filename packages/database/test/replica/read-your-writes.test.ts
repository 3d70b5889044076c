import { inTransaction, sql, systemContext } from '@pika/database';
import {
  addLanguages,
  categoryRow,
  canReplicate,
  insertRows,
  openReplicatedDatabase,
  randomFrom,
  testSeed,
  type ReplicatedDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

/** 100,000 is the long form. */
const readsWanted = Number(process.env['PIKA_REPLICA_READS'] ?? 5_000);
const callers = 6;
const random = randomFrom(testSeed('read your writes'));
const idOf = (caller: number) => `00000000-0000-7000-8000-${String(caller + 1).padStart(12, '0')}`;

interface Read {
  fault: string;
  caller: number;
  wrote: number;
  saw: number | undefined;
}

let test: ReplicatedDatabase;
const history: Read[] = [];
const wrote = Array.from({ length: callers }, () => 0);

describe.skipIf(!canReplicate())('a caller who has written', () => {
  beforeAll(async () => {
    test = await openReplicatedDatabase(5_000);
    await addLanguages(test.pool);
    const rows = wrote.map((_count, caller) => categoryRow({ id: idOf(caller), slug: `counter-${caller}` }));
    await insertRows(test.pool, 'catalog.categories', rows);
    // So that the log is sent at once, and both servers have something to answer.
    await test.pool.query('ALTER ROLE postgres SET synchronous_commit = on');
    await test.caughtUp();
  });

  afterAll(() => test?.close());

  async function write(caller: number): Promise<string> {
    let token = '';
    const position = (wrote[caller] ?? 0) + 1;
    await inTransaction(
      test.database,
      systemContext('test'),
      (tx) => tx.category.update({ where: { id: idOf(caller) }, data: { position } }),
      { onCommitted: (readAfter) => (token = readAfter) },
    );
    wrote[caller] = position;
    return token;
  }

  async function read(caller: number, token: string): Promise<number | undefined> {
    const { db, pool } = test.database.publicAfter(token);
    const id = idOf(caller);
    const rows = random.chance(0.5)
      ? await db.$queryRaw<{ position: number }[]>(sql`SELECT position FROM catalog.categories WHERE id = ${id}::uuid`)
      : (await pool.query<{ position: number }>('SELECT position FROM catalog.categories WHERE id = $1', [id])).rows;
    return rows[0]?.position;
  }

  async function call(caller: number, fault: string, reads: number): Promise<void> {
    for (let left = reads; left > 0;) {
      const token = await write(caller);
      for (let count = random.integer(1, 20); count > 0 && left > 0; count--, left--) {
        history.push({ fault, caller, wrote: wrote[caller] ?? 0, saw: await read(caller, token) });
      }
    }
  }

  const callAll = (fault: string, share: number) =>
    Promise.all(wrote.map((_count, caller) => call(caller, fault, Math.ceil((readsWanted * share) / callers))));

  /** How many callers would not have seen their last write there. */
  async function behind(): Promise<number> {
    const { rows } = await test.replicaPool.query<{ position: number }>(
      'SELECT position FROM catalog.categories ORDER BY id',
    );
    return rows.filter(({ position }, caller) => position < (wrote[caller] ?? 0)).length;
  }

  it('sees it, while the replica is well, 5 s behind, paused, frozen, killed and started anew', async () => {
    const served = () => test.database.metrics().replica?.served ?? 0;
    const stale: Record<string, number> = {};
    await callAll('none', 0.2);
    await test.caughtUp();
    expect(served()).toBeGreaterThan(0.02 * readsWanted);

    await test.delay('5s');
    await callAll('5 s behind', 0.2);
    stale['5 s behind'] = await behind();
    await test.delay('0');

    await test.replicaPool.query('SELECT pg_wal_replay_pause()');
    await callAll('paused', 0.2);
    stale['paused'] = await behind();
    await test.replicaPool.query('SELECT pg_wal_replay_resume()');
    await test.caughtUp();

    const calling = callAll('frozen', 0.2);
    test.replica.freeze();
    await calling;
    test.replica.thaw();
    stale['frozen'] = await behind();
    const frozen = test.told.length;

    await vi.waitFor(
      async () => {
        const before = served();
        await read(0, '0/1');
        expect(served()).toBeGreaterThan(before);
      },
      { timeout: 15_000 },
    );
    await test.delay('5s');
    const dying = callAll('killed', 0.1);
    await test.replica.kill();
    await dying;
    await expect(test.replicaPool.query('SELECT 1')).rejects.toThrow(
      /ECONNREFUSED|terminated|shutting down|starting up/,
    );
    await test.replica.start();
    await callAll('started anew', 0.1);
    stale['started anew'] = await behind();
    await test.delay('0');

    const violations = history.filter((each) => each.saw === undefined || each.saw < each.wrote);
    const { bypassed = 0 } = test.database.metrics().replica ?? {};
    console.log(
      `[read your writes] ${history.length} reads, ${violations.length} violations; the replica answered ${served()}, ` +
        `the primary instead of it ${bypassed}; callers it would have failed: ${JSON.stringify(stale)}`,
    );
    expect(violations).toEqual([]);
    expect(history.length).toBeGreaterThanOrEqual(readsWanted);
    expect(bypassed).toBeGreaterThan(0);
    expect(stale['5 s behind']).toBe(callers);
    expect(stale['paused']).toBe(callers);
    expect(frozen).toBeGreaterThan(0);
    expect(test.told.length).toBeGreaterThan(frozen);
  }, 600_000);
});
