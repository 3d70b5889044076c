import { openDatabase } from '@pika/database';
import { listMigrations, rollbackMigrations, deployMigrations } from '@pika/database/tooling';
import { openTestDatabase, startApi, isServer, type OpenTestDatabase } from '@pika/tests';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
});

afterAll(() => test?.close());

describe('readiness', () => {
  it('is ok where the database answers and is migrated', async () => {
    expect(await test.database.check()).toEqual({ database: 'ok', migrations: 'ok' });
  });

  it('is not while the schema is rolled back beside the product, and is again when it is back', async () => {
    const api = await startApi({ database: test.database, routers: [], locales: [] });
    expect(await api.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    await test.pool.query(`UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE migration_name = $1`, [
      listMigrations().at(-1)!.name,
    ]);
    expect(await api.get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { database: 'ok', migrations: 'pending' } },
    });
    await test.pool.query(`UPDATE public._prisma_migrations SET rolled_back_at = NULL`);
    expect(await api.get('/health/ready')).toMatchObject({ status: 200 });
    await api.close();
  });

  it('knows migrations that were undone and done again', async () => {
    const other = await openTestDatabase();
    try {
      await rollbackMigrations(other.url, (_, undone) => undone === 1);
      expect(await other.database.check()).toEqual({ database: 'ok', migrations: 'pending' });
      await deployMigrations(other.url);
      expect(await other.database.check()).toEqual({ database: 'ok', migrations: 'ok' });
    } finally {
      await other.close();
    }
  });

  it('fails within its time where the server accepts and says nothing', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on a port');
    const url = new URL(test.url);
    url.port = String(address.port);
    const database = openDatabase({ url: url.href, connectionTimeoutMillis: 20_000 });
    const startedAt = performance.now();
    await expect(database.check()).rejects.toThrow('did not answer within 2000 ms');
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    silent.close();
  });

  it.skipIf(!isServer())('fails within its time where a lock is in the way', async () => {
    const holder = await test.pool.connect();
    await holder.query('BEGIN; LOCK TABLE public._prisma_migrations');
    try {
      await expect(test.database.check()).rejects.toThrow('did not answer within 2000 ms');
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect(await test.database.check()).toEqual({ database: 'ok', migrations: 'ok' });
  });
});
