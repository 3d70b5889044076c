import { startJobs } from '@pika/database';
import { deployMigrations, emptyDatabase, rollbackMigrations } from '@pika/database/tooling';
import { createLogger } from '@pika/shared';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test?.close());

const log = createLogger({ level: 'silent', name: 'test' });

/** Schemas, relations and routines that are neither PostgreSQL's nor an extension's. */
const listOurs = async () => {
  const { rows } = await test.pool.query<{ name: string }>(`
    SELECT nspname::text AS name FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')
    UNION ALL
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    UNION ALL
    SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')`);
  return rows.map(({ name }) => name);
};

let names = 0;

/** Each of another name: within an hour, the same would have been done. */
async function runJob(): Promise<void> {
  const name = `job-${names++}`;
  let runs = 0;
  const jobs = await startJobs(test.database, [{ name, everySeconds: 3_600, run: async () => (runs += 1) }], log, {
    pollMillis: 50,
  });
  await expect.poll(() => runs, { timeout: 15_000 }).toBe(1);
  await jobs.stop();
}

describe('queues that were made by running jobs', () => {
  beforeEach(runJob);

  it('go with the migration, and jobs run again when it is back', async () => {
    const undone = await rollbackMigrations(test.url, () => false);
    expect(undone).toContain('20261121092000_outbox_and_jobs');
    expect(await listOurs()).toEqual(['_prisma_migrations']);
    await deployMigrations(test.url);
    await runJob();
  });

  it('go with everything else of ours, and all can be made again', async () => {
    expect(await listOurs()).toContain('outbox_events');
    await emptyDatabase(test.url);
    expect(await listOurs()).toEqual([]);
    await deployMigrations(test.url);
    await runJob();
  });
});
