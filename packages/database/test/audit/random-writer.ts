import { classifyDatabaseError, inTransaction, sql, type Actor, type Database } from '@pika/database';
import type { Random } from '@pika/tests';
import pg from 'pg';
import { sqlOperations } from './all-operations.ts';
import {
  countsOf,
  minus,
  plus,
  statisticsQuery,
  type Counts,
  type Expected,
  type StatisticsRow,
} from './bookkeeping.ts';
import { ormOperations } from './orm-operations.ts';
import { truncations } from './sql-operations.ts';

const xidQuery = sql`SELECT pg_current_xact_id_if_assigned()::text AS xid`;

/** Writes at random, by these operations and by Prisma, one transaction after the other, and keeps account of what it did. */
export function randomWriter(database: Database, random: Random, operations = sqlOperations) {
  const expected = new Map<string, Expected>();
  const done = new Map<string, number>();
  const outcomes = { committed: 0, rolledBack: 0, savepointsLost: 0, refused: 0 };
  let transactions = 0;
  let truncated = 0;

  const tally = (name: string) => done.set(name, (done.get(name) ?? 0) + 1);
  const nextContext = () => {
    const requestId = `${random.seed}-${++transactions}`;
    const [as, actor] = random.pick(actorsOf(random.id()));
    return { requestId, as, actor, randomness: random.between(-1, 1) };
  };

  async function byOrm(): Promise<void> {
    const { requestId, as, actor, randomness } = nextContext();
    const chosen = Array.from({ length: random.integer(1, 3) }, () => random.pick(Object.entries(ormOperations)));
    try {
      await inTransaction(database, { role: 'pika_owner', actor: as, requestId }, async (db) => {
        await db.$queryRaw(sql`SELECT setseed(${randomness})::text`);
        const read = async () => countsOf(await db.$queryRaw<StatisticsRow[]>(statisticsQuery));
        const before = await read();
        for (const [, operation] of chosen) await operation(db, random);
        const counts = minus(await read(), before);
        const [{ xid } = { xid: null }] = await db.$queryRaw<{ xid: string | null }[]>(xidQuery);
        expected.set(requestId, { actor, transactionId: xid, counts });
      });
      for (const [name] of chosen) tally(name);
      outcomes.committed++;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      expected.delete(requestId);
      outcomes.refused++;
    }
  }

  async function bySql(db: pg.PoolClient): Promise<void> {
    const { requestId, actor, randomness } = nextContext();
    const read = async () => countsOf((await db.query<StatisticsRow>(statisticsQuery.text)).rows);
    await db.query('BEGIN');
    await db.query(`SELECT set_config('app.actor', $1, true), set_config('app.request_id', $2, true), setseed($3)`, [
      actor,
      requestId,
      randomness,
    ]);
    const before = await read();
    let lost: Counts = new Map();
    for (let left = random.integer(1, 6); left > 0; left--) {
      const [name, operation] = random.pick(Object.entries(operations));
      const atSavepoint = await read();
      await db.query('SAVEPOINT operation');
      let isTaken = !random.chance(0.08);
      if (!isTaken) outcomes.savepointsLost++;
      try {
        await operation(db, random);
      } catch (error) {
        if (!isRefusal(error)) throw new Error(`${name}, request ${requestId}`, { cause: error });
        isTaken = false;
        outcomes.refused++;
      }
      if (isTaken) {
        await db.query('RELEASE SAVEPOINT operation');
        tally(name);
      } else {
        await db.query('ROLLBACK TO SAVEPOINT operation');
        lost = plus(lost, minus(await read(), atSavepoint));
      }
    }
    const counts = minus(minus(await read(), before), lost);
    const { rows } = await db.query<{ xid: string | null }>(xidQuery.text);
    if (random.chance(0.06)) {
      await db.query('ROLLBACK');
      outcomes.rolledBack++;
    } else {
      await db.query('COMMIT');
      expected.set(requestId, { actor, transactionId: rows[0]?.xid ?? null, counts });
      outcomes.committed++;
    }
  }

  async function byTruncate(db: pg.PoolClient): Promise<void> {
    const { requestId, actor } = nextContext();
    const { statement, tables } = truncations[truncated++ % truncations.length]!;
    await db.query('BEGIN');
    await db.query(`SELECT set_config('app.actor', $1, true), set_config('app.request_id', $2, true)`, [
      actor,
      requestId,
    ]);
    await db.query(statement);
    const { rows } = await db.query<{ xid: string }>(xidQuery.text);
    await db.query('COMMIT');
    const counts = new Map(tables.map((table) => [`${table} truncate`, 1]));
    expected.set(requestId, { actor, transactionId: rows[0]?.xid ?? null, counts });
    tally(statement);
    outcomes.committed++;
  }

  return {
    expected,
    done,
    outcomes,
    count: () => [...done.values()].reduce((sum, number) => sum + number, 0),
    async write(db: pg.PoolClient): Promise<void> {
      if (transactions % 80 === 40) await byTruncate(db);
      else if (random.chance(0.3)) await byOrm();
      else await bySql(db);
    },
  };
}

/** A constraint said no (class 23), or Prisma found no row to write. */
function isRefusal(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code?.startsWith('23') === true;
  return ['duplicate', 'foreignKey', 'check', 'notFound'].includes(classifyDatabaseError(error).kind);
}

const actorsOf = (id: string): [Actor, string][] => [
  [{ type: 'user', id }, `user:${id}`],
  [{ type: 'apiKey', id }, `api-key:${id}`],
  [{ type: 'system', name: 'random' }, 'system:random'],
  [{ type: 'anonymous' }, 'anonymous'],
];
