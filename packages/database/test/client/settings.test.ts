import { databaseSettings, openStartedDatabase } from '@pika/database';
import { databaseUrl } from '@pika/database/tooling';
import { readConfig } from '@pika/shared';
import pg from 'pg';
import { describe, expect, it } from 'vitest';

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
    expect(parsed({ PG_HOST: 'db', PG_SSL: 'true' }).ssl).toEqual({});
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
