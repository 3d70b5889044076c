import { classifyDatabaseError, inTransaction, openDatabase, sql, systemContext, type Database } from '@pika/database';
import { findPostgresBinaries, isServer, startLocalCluster } from '@pika/tests';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const canRun = isServer() && findPostgresBinaries() !== null;
if (!canRun) console.log('[server dies] needs local PostgreSQL binaries: skipped');

describe.skipIf(!canRun)('a server that dies', () => {
  let stop: () => Promise<void>;
  let url: string;
  let database: Database;

  beforeAll(async () => {
    ({ url, stop } = await startLocalCluster());
    database = openDatabase({ url, rowSecurity: false, connectionTimeoutMillis: 1_000 });
  });

  afterAll(async () => {
    await database?.close();
    await stop?.();
  });

  it('is unavailable, to statements on their way and to those that come later', async () => {
    const watcher = new pg.Client({ connectionString: url });
    watcher.on('error', () => undefined);
    await watcher.connect();
    const sleepers = async () =>
      (await watcher.query(`SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)).rowCount;
    const sleep = sql`SELECT pg_sleep(60)::text`;
    const underWay = Promise.allSettled([
      inTransaction(database, systemContext('test'), (tx) => tx.$queryRaw(sleep)),
      inTransaction(database, systemContext('test'), (tx) => tx.$executeRaw(sleep)),
      database.public.db.$queryRaw(sleep),
      database.public.pool.query(sleep.text),
    ]);
    await expect.poll(sleepers).toBe(4);
    await stop();
    for (const outcome of await underWay) {
      expect(outcome.status).toBe('rejected');
      const { reason } = outcome as PromiseRejectedResult;
      expect(classifyDatabaseError(reason), String(reason)).toEqual({ kind: 'unavailable' });
    }
    const later = await Promise.allSettled([
      inTransaction(database, systemContext('test'), (tx) => tx.user.count()),
      database.public.db.$queryRaw(sql`SELECT 1`),
    ]);
    for (const outcome of later) {
      expect(classifyDatabaseError((outcome as PromiseRejectedResult).reason)).toEqual({ kind: 'unavailable' });
    }
    await expect(database.check()).rejects.toThrow(/ECONNREFUSED|terminated/);
  });
});
