import type pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from '@pika/shared';

/** Where pg-boss keeps queues and jobs; made by our migration. */
export const jobSchema = 'pgboss';

/** How long a finished job stays visible: no less than the longest interval, for a job of now is known by it. */
const keptSeconds = 86_400;
const keptFailedSeconds = 14 * 86_400;
const statementTimeout = '10s';

export interface JobStore {
  boss: PgBoss;
  /** Those of the queues in which a job waits that may be taken now. One statement for all of them. */
  listDue(queues: readonly string[]): Promise<string[]>;
  /** Takes the job that waits longest in a queue: its id, or null where none waits or another process runs one. */
  take(queue: string): Promise<string | null>;
  /** Resolves when no statement runs any more. */
  idle(): Promise<void>;
}

/**
 * pg-boss on our pool. It starts no timer but the one that gives up on jobs whose time is over, and changes no
 * schema: `boss.start` throws where the migration belongs to another version of it.
 */
export function openJobStore(pool: pg.Pool, log: Logger, superviseSeconds: number): JobStore {
  const open = new Set<Promise<unknown>>();

  async function executeSql(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    const statement = asOwner(pool, text, values);
    open.add(statement);
    try {
      return await statement;
    } finally {
      open.delete(statement);
    }
  }

  const boss = new PgBoss({
    db: { executeSql },
    schema: jobSchema,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds: superviseSeconds,
    archiveCompletedAfterSeconds: keptSeconds,
    archiveFailedAfterSeconds: keptFailedSeconds,
    deleteAfterSeconds: keptSeconds,
  });
  boss.on('error', (error) => log.error({ err: error }, 'jobs: upkeep failed'));

  return {
    boss,
    async listDue(queues) {
      const { rows } = await executeSql(
        `SELECT DISTINCT name FROM ${jobSchema}.job WHERE name = ANY ($1) AND state < 'active' AND start_after < now()`,
        [[...queues]],
      );
      return rows.map((row: { name: string }) => row.name);
    },
    async take(queue) {
      // The library swallows every error here, for its own unique index may refuse a second job that would run.
      let failure: unknown;
      const [taken] = await boss.fetch(queue, {
        db: {
          executeSql: async (text, values) => {
            try {
              return await executeSql(text, values);
            } catch (error) {
              failure = error;
              throw error;
            }
          },
        },
      });
      if (failure !== undefined && !isRefusedByIndex(failure)) throw failure;
      return taken?.id ?? null;
    },
    async idle() {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}

const isRefusedByIndex = (error: unknown) => error instanceof Error && 'code' in error && error.code === '23505';

/**
 * Runs a statement of the library as the role that owns its tables, in a transaction, so that the role and the timeouts
 * end with it: on the embedded engine and behind PgBouncer a session is everybody's. Some of its texts are scripts that
 * bring BEGIN and COMMIT.
 */
async function asOwner(pool: pg.Pool, text: string, values?: unknown[]): Promise<pg.QueryResult> {
  const client = await pool.connect();
  let isBroken = false;
  // The pool listens only while it has the connection: one that is cut in our hands would end the process.
  const onError = () => (isBroken = true);
  client.on('error', onError);
  try {
    await client.query(`BEGIN;
      SELECT set_config('role', pg_get_userbyid(nspowner), true),
        set_config('lock_timeout', '${statementTimeout}', true),
        set_config('statement_timeout', '${statementTimeout}', true)
      FROM pg_namespace WHERE nspname = '${jobSchema}'`);
    const result = await client.query(text.replaceAll(/^\s*(BEGIN|COMMIT);/gm, ''), values);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => (isBroken = true));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(isBroken);
  }
}
