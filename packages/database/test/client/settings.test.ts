import { databaseSettings, openStartedDatabase } from '@pika/database';
import { databaseUrl } from '@pika/database/tooling';
import { readConfig } from '@pika/shared';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withMigrationLockTimeout } from '../../src/migration-lock-timeout.ts';

const parsed = (environment: NodeJS.ProcessEnv) => {
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: databaseUrl(environment)! });
  return { host, port, user, password, database, ssl };
};

describe('PG_HOST and its like', () => {
  it('compose an address that pg reads as it was meant, whatever the password holds', () => {
    const password = 'p@ss:w/ö?r#d%41 &=+';
    expect(
      parsed({
        PG_HOST: 'db.example',
        PG_PORT: '6432',
        PG_USER: 'pika@prod',
        PG_PASSWORD: password,
        PG_DATABASE: 'pika/main ö%20',
        PG_SSL: 'true',
      }),
    ).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'pika@prod',
      password,
      database: 'pika/main ö%20',
      ssl: expect.objectContaining({}),
    });
  });

  it('are each enough, the others being usual', () => {
    const usual = { host: 'localhost', port: 5432, user: 'pika', database: 'pika', ssl: false };
    expect(parsed({ PG_HOST: 'db' })).toMatchObject({ ...usual, host: 'db' });
    expect(parsed({ PG_DATABASE: 'other' })).toMatchObject({ ...usual, database: 'other' });
    expect(parsed({ PG_PASSWORD: 'x' })).toMatchObject({ ...usual, password: 'x' });
    expect(parsed({ PG_HOST: '::1', PG_PORT: '1' })).toMatchObject({ ...usual, host: '::1', port: 1 });
    expect(parsed({ PG_HOST: '/run/postgresql' })).toMatchObject({ ...usual, host: '/run/postgresql' });
    expect(parsed({ PG_HOST: 'db', PG_SSL: 'false' }).ssl).toBe(false);
    expect(parsed({ PG_HOST: 'db', PG_SSL: 'no-verify' }).ssl).toEqual({ rejectUnauthorized: false });
  });

  it('stand back behind DATABASE_URL, and nothing at all is the embedded engine', () => {
    expect(databaseUrl({ DATABASE_URL: 'postgres://a@b/c', PG_HOST: 'db' })).toBe('postgres://a@b/c');
    expect(databaseUrl({})).toBeNull();
    expect(databaseUrl({ PG_HOST: ' ' })).toBeNull();
  });

  it('take no mode of TLS that pg does not know', () => {
    expect(() => readConfig(databaseSettings, { PG_HOST: 'db', PG_SSL: 'yes' })).toThrow('PG_SSL');
  });
});

describe('ENABLE_ROW_SECURITY=false', () => {
  const started = { url: 'postgres://nobody@127.0.0.1:1/nothing', kind: 'server' as const };
  const settings = (environment: NodeJS.ProcessEnv) => readConfig(databaseSettings, environment);

  it('is refused in production', () => {
    const open = settings({ ENABLE_ROW_SECURITY: 'false' });
    expect(() => openStartedDatabase(started, { ...open, NODE_ENV: 'production' })).toThrow('ENABLE_ROW_SECURITY');
  });

  it('is accepted elsewhere, and true everywhere', async () => {
    const open = openStartedDatabase(started, {
      ...settings({ ENABLE_ROW_SECURITY: 'false' }),
      NODE_ENV: 'development',
    });
    const closed = openStartedDatabase(started, { ...settings({}), NODE_ENV: 'production' });
    await Promise.all([open.close(), closed.close()]);
  });

  it('is refused too where the setting of the environment alone says production', () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => openStartedDatabase(started, settings({ ENABLE_ROW_SECURITY: 'false' }))).toThrow('production');
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});

describe('MIGRATION_LOCK_TIMEOUT', () => {
  let test: OpenTestDatabase;
  let folder: string;

  beforeAll(async () => {
    test = await openTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'pika-migrations-'));
    cpSync(new URL('../../prisma/migrations', import.meta.url), folder, { recursive: true });
    cpSync(join(folder, '20261121000000_near_me'), join(folder, '20991231000000_late'), { recursive: true });
    writeFileSync(
      join(folder, '20991231000000_late/migration.sql'),
      `SET LOCAL lock_timeout = '5s';\nCREATE TABLE public.seen AS SELECT current_setting('lock_timeout') AS value;\n`,
    );
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await test?.close();
  });

  it('takes the place of what the files say', async () => {
    const { deployMigrations } = await import('@pika/database/tooling');
    process.env['MIGRATION_LOCK_TIMEOUT'] = '1234';
    try {
      await deployMigrations(test.url, () => {}, folder);
    } finally {
      delete process.env['MIGRATION_LOCK_TIMEOUT'];
    }
    expect((await test.pool.query('SELECT value FROM public.seen')).rows).toEqual([{ value: '1234ms' }]);
  });

  it('leaves the text alone where it is not set', () => {
    const text = "SET LOCAL lock_timeout = '5s';\nSELECT 1;";
    expect(withMigrationLockTimeout(text, {})).toBe(text);
    expect(withMigrationLockTimeout(text, { MIGRATION_LOCK_TIMEOUT: '50' })).toBe(
      "SET LOCAL lock_timeout = '50ms';\nSELECT 1;",
    );
    expect(withMigrationLockTimeout('SELECT 1;', { MIGRATION_LOCK_TIMEOUT: '50' })).toBe('SELECT 1;');
  });
});
