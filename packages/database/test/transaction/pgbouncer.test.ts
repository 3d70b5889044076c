import {
  databaseProblem,
  inOneRoundTrip,
  inTransaction,
  openDatabase,
  sql,
  type Database,
  type Transaction,
} from '@pika/database';
import {
  hasPgBouncer,
  isServer,
  openTestDatabase,
  startPgBouncer,
  type OpenTestDatabase,
  type TestPgBouncer,
} from '@pika/tests';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const canRun = isServer() && hasPgBouncer();
if (!canRun) console.log('[pgbouncer] needs a PostgreSQL server and pgbouncer: skipped');

const serverConnections = 4;
const tenants = Array.from({ length: 40 }, () => crypto.randomUUID());

describe.skipIf(!canRun)('behind PgBouncer in transaction mode', () => {
  let test: OpenTestDatabase;
  let bouncer: TestPgBouncer;
  let database: Database;

  beforeAll(async () => {
    test = await openTestDatabase();
    // Rows that only their tenant may see, judged by what inTransaction sets.
    await test.pool.query(
      `CREATE SCHEMA trial;
       CREATE TABLE trial.notes (tenant uuid NOT NULL, n int NOT NULL);
       ALTER TABLE trial.notes ENABLE ROW LEVEL SECURITY;
       ALTER TABLE trial.notes FORCE ROW LEVEL SECURITY;
       CREATE POLICY notes_own ON trial.notes TO pika_app
         USING (tenant = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
       GRANT USAGE ON SCHEMA trial TO pika_app;
       GRANT ALL ON trial.notes TO pika_app`,
    );
    await test.pool.query(
      'INSERT INTO trial.notes SELECT tenant, n FROM unnest($1::uuid[]) AS tenant, generate_series(1, 3) AS n',
      [tenants],
    );
    bouncer = await startPgBouncer(test.url, serverConnections);
    const publicUrl = new URL(bouncer.url);
    database = openDatabase({ url: bouncer.url, publicUrl: publicUrl.href, poolSize: 40, namedStatements: false });
  });

  afterAll(async () => {
    await database?.close();
    await bouncer?.stop();
    await test?.close();
  });

  const asTenant = <Result>(id: string, work: (tx: Transaction) => Promise<Result>) =>
    inTransaction(database, { actor: { type: 'user', id } }, work, { timeoutMillis: 30_000 });

  it('thousands of interleaved transactions see their own tenant’s rows alone', { timeout: 300_000 }, async () => {
    const backends = new Set<number>();
    let foreign = 0;
    let seen = 0;
    const lane = async (id: string) => {
      for (let round = 0; round < 100; round++) {
        await asTenant(id, async (tx) => {
          const first = await tx.$queryRaw<{ tenant: string; pid: number }[]>(sql`
            SELECT tenant, pg_backend_pid() AS pid FROM trial.notes`);
          const again = await tx.$queryRaw<{ tenant: string; pid: number }[]>(sql`
            SELECT tenant, pg_backend_pid() AS pid FROM trial.notes`);
          for (const { tenant, pid } of [...first, ...again]) {
            backends.add(pid);
            seen += 1;
            if (tenant !== id) foreign += 1;
          }
        });
      }
    };
    await Promise.all(tenants.map(lane));
    console.log(
      `[pgbouncer] ${tenants.length * 100} transactions, ${seen} rows over ${backends.size} server connections`,
    );
    expect(foreign).toBe(0);
    expect(seen).toBe(tenants.length * 100 * 2 * 3);
    expect(backends.size).toBeLessThanOrEqual(serverConnections);
    expect(backends.size).toBeGreaterThan(1);
  });

  it('so do statements that are sent with their BEGIN and COMMIT', { timeout: 300_000 }, async () => {
    const read = sql`SELECT tenant, pg_backend_pid() AS pid FROM trial.notes`;
    const backends = new Set<number>();
    const lane = async (id: string) => {
      for (let round = 0; round < 50; round++) {
        const rows = await inOneRoundTrip<{ tenant: string; pid: number }>(
          database,
          { actor: { type: 'user', id } },
          read,
          { timeoutMillis: 30_000 },
        );
        expect(rows.map(({ tenant }) => tenant)).toEqual([id, id, id]);
        for (const { pid } of rows) backends.add(pid);
      }
    };
    await Promise.all(tenants.map(lane));
    expect(backends.size).toBeGreaterThan(1);
    expect(backends.size).toBeLessThanOrEqual(serverConnections);
  });

  it('leaves the empty text on a connection that is used again, and no role, and no timeout', async () => {
    await Promise.all(tenants.map((id) => asTenant(id, (tx) => tx.$queryRaw(sql`SELECT 1`))));
    const client = new pg.Client({ connectionString: bouncer.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('app.user_id', true) AS "user", nullif(current_setting('app.user_id', true), '')::uuid AS id,
         current_setting('role') AS role, current_setting('lock_timeout') AS "lockTimeout"`,
    );
    await client.end();
    expect(rows).toEqual([{ user: '', id: null, role: 'none', lockTimeout: '0' }]);
  });

  it('takes back what fails, and goes on', async () => {
    const id = tenants[0]!;
    const insert = (tx: Transaction) => tx.$executeRaw(sql`INSERT INTO trial.notes VALUES (${id}::uuid, 4)`);
    const failing = asTenant(id, async (tx) => {
      await insert(tx);
      await tx.$executeRaw(sql`INSERT INTO trial.notes VALUES (${tenants[1]}::uuid, 4)`);
    });
    await expect(failing).rejects.toThrow('row-level security');
    const count = await asTenant(id, (tx) =>
      tx.$queryRaw<{ n: number }[]>(sql`SELECT count(*)::int AS n FROM trial.notes`),
    );
    expect(count).toEqual([{ n: 3 }]);
  });

  it('refuses start options, and the log is told what to set', async () => {
    const without = openDatabase({ url: bouncer.url });
    try {
      const failure = await without.public.db.$queryRaw(sql`SELECT 1`).catch((error: unknown) => error);
      const problem = databaseProblem(failure);
      expect(problem).toMatchObject({ status: 503, code: 'server.unavailable' });
      expect(problem?.cause).toMatchObject({ message: expect.stringContaining('DATABASE_PUBLIC_URL') });
      const checked = without.check();
      await expect(checked).rejects.toThrow('DATABASE_PUBLIC_URL');
    } finally {
      await without.close();
    }
  });
});
