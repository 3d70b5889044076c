import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  categorySlugs,
  inTransaction,
  jobContext,
  openDatabase,
  platformJobs,
  sql,
  type Database,
} from '@pika/database';
import { identityJobs } from '@pika/identity';
import { vouchersJobs } from '@pika/vouchers';
import { isServer, randomFrom, seededDatabase, testSeed, type OpenTestDatabase } from '@pika/tests';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const suffix = randomFrom(testSeed('least privilege')).integer(1, 1e9);
const [login, web] = [`pika_login_${suffix}`, `pika_web_${suffix}`];

/** The lines that operators are told to run, for logins of the test's own. */
function documented(): string[] {
  const text = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('## Roles and logins');
  const blocks = [...(section.split('\n## ')[0] ?? '').matchAll(/```sql\n([\s\S]*?)```/g)].map(
    ([, block = '']) => block,
  );
  return blocks.map((block) =>
    block.replaceAll('pika_login', login).replaceAll('pika_web', web).replaceAll("'…'", "'a long secret'"),
  );
}

let test: OpenTestDatabase;

describe.skipIf(!isServer())('a login made by the lines of the document', () => {
  beforeAll(async () => {
    test = await seededDatabase();
    for (const block of documented()) await test.pool.query(block);
  });

  afterAll(async () => {
    await test?.pool.query(`DROP OWNED BY ${login}, ${web}; DROP ROLE ${login}, ${web}`);
    await test?.close();
  });

  function urlOf(name: string): string {
    const url = new URL(test.url);
    [url.username, url.password] = [name, 'a long secret'];
    return url.href;
  }

  async function asLogin<Result>(name: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: urlOf(name) });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** An app as it is deployed, until `use` is done; answers how it ended. */
  async function runApp(
    app: string,
    environment: Record<string, string>,
    use: (url: string) => Promise<void>,
  ): Promise<unknown> {
    const main = `apps/${app}/src/main.ts`;
    const child = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', main], {
      cwd: repository,
      env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'info', DATABASE_URL: urlOf(login), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => said.push(line));
    }
    const ended = once(child, 'exit');
    try {
      const url = await vi.waitFor(
        () => {
          const found = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/.exec(said.join('\n'))?.[1];
          expect(found ?? child.exitCode, said.join('\n')).toBeTypeOf('string');
          return `http://127.0.0.1:${found}`;
        },
        { timeout: 30_000, interval: 50 },
      );
      await use(url);
      expect(said.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
      child.kill('SIGTERM');
      return await ended;
    } finally {
      child.kill('SIGKILL');
    }
  }

  async function get(url: string): Promise<unknown> {
    const response = await fetch(url);
    expect([url, response.status]).toEqual([url, 200]);
    return response.json();
  }

  /** What the login for public search is for. */
  const publicStatement = 'SELECT FROM business.businesses';
  const nearby = '/v1/vouchers/nearby?latitude=-25.2867&longitude=-57.6470';
  const jobsOf = (database: Database) => [
    ...platformJobs(database),
    ...vouchersJobs({ database, voucherSecret: 'a secret of the test, long enough', now: () => new Date() }),
    ...identityJobs({ database, keySecret: 'a secret of the test, long enough', now: () => new Date() }),
  ];

  it('serves everything, is healthy, and does every job', async () => {
    await test.pool.query('DELETE FROM pgboss.job');
    const ended = await runApp('gateway', {}, async (url) => {
      expect(await get(`${url}/health/ready`)).toMatchObject({ status: 'ok', checks: { migrations: 'ok' } });
      const { data } = (await get(`${url}${nearby}`)) as { data: { id: string; business: { id: string } }[] };
      expect(data.length).toBeGreaterThan(0);
      await get(`${url}${nearby}&q=cafe&openNow=true&category=${categorySlugs[0]}`);
      await get(`${url}/v1/vouchers/${data[0]?.id}`);
      await get(`${url}/v1/businesses/${data[0]?.business.id}`);
      for (const list of ['categories', 'cities', 'languages']) {
        const { data: items } = (await get(`${url}/v1/${list}`)) as { data: unknown[] };
        expect(items.length, list).toBeGreaterThan(0);
      }
      await vi.waitFor(
        async () => {
          const { rows } = await test.pool.query<{ name: string; state: string }>(
            'SELECT DISTINCT name, state::text FROM pgboss.job ORDER BY name',
          );
          const names = jobsOf(test.database).map(({ name }) => name);
          expect(rows).toEqual(names.toSorted().map((name) => ({ name, state: 'completed' })));
        },
        { timeout: 30_000, interval: 100 },
      );
    });
    expect(ended).toEqual([0, null]);
  });

  it.each([
    ['vouchers', nearby],
    ['business', '/v1/categories'],
    ['identity', '/.well-known/jwks.json'],
  ])('runs %s alone, with a login of its own for public search', async (app, path) => {
    const ended = await runApp(app, { DATABASE_PUBLIC_URL: urlOf(web) }, async (url) => {
      expect(await get(`${url}/health/ready`)).toMatchObject({ status: 'ok' });
      await get(`${url}${path}`);
    });
    expect(ended).toEqual([0, null]);
  });

  it('does each job again by hand', async () => {
    const database = openDatabase({ url: urlOf(login), poolSize: 2 });
    try {
      for (const job of jobsOf(database)) await job.run(new AbortController().signal);
    } finally {
      await database.close();
    }
  });

  it.each([
    'SELECT FROM users.users',
    'SELECT FROM identity.credentials',
    publicStatement,
    'SELECT FROM marketplace.claims',
    'SELECT FROM audit.entries',
    'SELECT FROM pgboss.job',
    'UPDATE marketplace.vouchers SET version = 1',
    'CREATE TABLE public.mine (id int)',
    'CREATE SCHEMA mine',
    'ALTER TABLE marketplace.vouchers DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE marketplace.vouchers DISABLE TRIGGER ALL',
    'DROP TABLE marketplace.cards',
    'TRUNCATE marketplace.cards',
    'CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql RETURN 1',
    'GRANT pika_owner TO CURRENT_USER',
    'SET ROLE pika_owner',
    'SET ROLE pika_auditor',
    'SET session_replication_role = replica',
    'DELETE FROM public._prisma_migrations',
  ])('may not by itself: %s', async (statement) => {
    await expect(asLogin(login, (client) => client.query(statement))).rejects.toMatchObject({ code: '42501' });
    if (statement === publicStatement) return;
    await expect(asLogin(web, (client) => client.query(statement))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|25006)$/),
    });
  });

  it.each(['users.users', 'identity.sessions', 'marketplace.claims', 'business.members'])(
    'sees no row of %s without a context',
    async (table) => {
      const rows = await asLogin(login, async (client) => {
        await client.query('BEGIN; SET LOCAL ROLE pika_app');
        return (await client.query(`SELECT FROM ${table}`)).rowCount;
      });
      expect(rows).toBe(0);
    },
  );

  it.each([
    'ALTER TABLE marketplace.vouchers ADD COLUMN mine int',
    'CREATE TABLE public.mine (id int)',
    'DROP TABLE marketplace.redemptions',
  ])('may not as a role of its either: %s', async (statement) => {
    for (const role of ['pika_app', 'pika_public', 'pika_support', 'pika_jobs']) {
      const attempt = asLogin(login, async (client) => {
        await client.query(`BEGIN; SET LOCAL ROLE ${role}`);
        await client.query(statement);
      });
      await expect(attempt).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('is refused what only the owner may do', async () => {
    const database = openDatabase({ url: urlOf(login), poolSize: 1 });
    try {
      const asOwner = { ...jobContext('test'), role: 'pika_owner' as const };
      await expect(inTransaction(database, asOwner, (tx) => tx.$queryRaw(sql`SELECT 1`))).rejects.toThrow(
        /permission denied to set role/,
      );
    } finally {
      await database.close();
    }
  });
});
