import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, type Client } from 'pg';
import { MigrationError } from './migrate/books.ts';
import { describeHolder, tryDataLock, unlockData } from './migrate/data-lock.ts';
import { inTransaction, retryOnLocks } from './migrate/retry.ts';
import type { Migration } from './migration-files.ts';

export type DataMigrationOptions = {
  /** What data.sql gets as `$2`. */
  batchSize?: number;
  /** Rest between two batches, for the sake of everyone else. */
  pauseMs?: number;
  onProgress?: (text: string) => void;
};

const BATCH_SIZE = 1_000;
const PROGRESS_MS = 1_000;
/** A server notices within this time that the client of a former run was killed. */
const GRACE_MS = 3_000;
const POLL_MS = 100;

/** How a connection that runs data migrations is seen in pg_stat_activity. */
export const runnerName = `pika migrate ${hostname().slice(0, 30)} ${process.pid}`;

/**
 * Runs the data.sql of a migration to its end, from where its books say it stands, a batch and its books in one
 * transaction: a run that is killed is taken up by the next, and no row is met twice. On a server a second runner is
 * refused; on the embedded engine, whose connections share one session, two take turns at the same cursor.
 */
export async function runDataMigration(
  client: Client,
  { name, data }: Pick<Migration, 'name' | 'data'>,
  { batchSize = BATCH_SIZE, pauseMs = 0, onProgress = () => {} }: DataMigrationOptions = {},
): Promise<void> {
  if (data === null) throw new MigrationError(`Migration ${name} has no data.sql.`);
  await lock(client, name);
  try {
    await client.query('INSERT INTO public.data_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING', [name]);
    const progress = await startProgress(client, name, data, onProgress);
    for (;;) {
      const books = await retryOnLocks(() => runBatch(client, name, data, batchSize));
      progress(books);
      if (books.isFinished) return;
      if (pauseMs > 0) await sleep(pauseMs);
    }
  } finally {
    await unlockData(client, name);
  }
}

async function lock(client: Client, name: string): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  while (!(await tryDataLock(client, name))) {
    if (Date.now() > deadline) {
      throw new MigrationError(
        `Data migration ${name} is being run by ${await describeHolder(client, name)}; what comes after it waits for its end.`,
      );
    }
    await sleep(POLL_MS);
  }
}

type Books = { rowsDone: number; isFinished: boolean };

async function runBatch(client: Client, name: string, data: string, batchSize: number): Promise<Books> {
  return inTransaction(client, async () => {
    await client.query(`SELECT set_config('app.actor', $1, true), set_config('lock_timeout', '5s', true)`, [
      `system:data-migration ${name}`,
    ]);
    const { rows } = await client.query<{ cursor: string | null; rows_done: string; is_finished: boolean }>(
      `SELECT cursor::text, rows_done::text, finished_at IS NOT NULL AS is_finished
       FROM public.data_migrations WHERE name = $1 FOR UPDATE NOWAIT`,
      [name],
    );
    const [books] = rows;
    if (!books) throw new MigrationError(`Data migration ${name} was undone while it ran.`);
    if (books.is_finished) return { rowsDone: Number(books.rows_done), isFinished: true };
    const answer = await batch(client, name, data, books.cursor, batchSize);
    await client.query(
      `UPDATE public.data_migrations SET cursor = $2::jsonb, rows_done = rows_done + $3, updated_at = clock_timestamp(),
         finished_at = CASE WHEN $2::jsonb IS NULL THEN clock_timestamp() END
       WHERE name = $1`,
      [name, answer.cursor, answer.rows],
    );
    return { rowsDone: Number(books.rows_done) + answer.rows, isFinished: answer.cursor === null };
  });
}

/** One run of data.sql. Its cursor stays text, so that no number in it loses digits. */
async function batch(client: Client, name: string, data: string, cursor: string | null, batchSize: number) {
  const { rows, fields } = await send(client, name, data, [cursor, batchSize]);
  const columns = fields.map((field) => field.name).join(', ');
  const [row] = rows;
  if (rows.length !== 1 || columns !== 'cursor, rows' || !/^\d+$/.test(row?.rows ?? '')) {
    throw new MigrationError(`Data migration ${name}: data.sql answers one row (cursor jsonb, rows int) every time.`);
  }
  const next = row?.cursor === undefined || row.cursor === 'null' ? null : row.cursor;
  if (next !== null && next === cursor) {
    throw new MigrationError(`Data migration ${name}: a batch answered the cursor that it was given, ${cursor}.`);
  }
  return { cursor: next, rows: Number(row?.rows) };
}

async function send(client: Client, name: string, text: string, values: unknown[]) {
  try {
    return await client.query<{ cursor: string | null; rows: string }>({
      text,
      values,
      types: { getTypeParser: () => String },
    });
  } catch (error) {
    const isLock = error instanceof DatabaseError && /^(40P01|55P03)$/.test(error.code ?? '');
    if (!(error instanceof DatabaseError) || isLock) throw error;
    throw new MigrationError(`Data migration ${name} failed: ${error.message}`, { cause: error });
  }
}

/** The table named on a line `-- table: <schema>.<table>` of data.sql says how much there is to do. */
async function startProgress(client: Client, name: string, data: string, onProgress: (text: string) => void) {
  const table = /^-- table: (\S+)$/m.exec(data)?.[1] ?? null;
  const { rows } = await client.query<{ total: number; done: string }>(
    `SELECT coalesce((SELECT reltuples FROM pg_class WHERE oid = to_regclass($2)), -1) AS total, rows_done::text AS done
     FROM public.data_migrations WHERE name = $1`,
    [name, table],
  );
  const total = rows[0]?.total ?? -1;
  const before = Number(rows[0]?.done ?? 0);
  const startedAt = performance.now();
  let saidAt = startedAt;
  return ({ rowsDone, isFinished }: Books) => {
    const now = performance.now();
    if (!isFinished && now - saidAt < PROGRESS_MS) return;
    saidAt = now;
    onProgress(
      describeProgress({ name, rowsDone, isFinished, total, rate: ((rowsDone - before) / (now - startedAt)) * 1000 }),
    );
  };
}

type Progress = Books & { name: string; total: number; rate: number };

export function describeProgress({ name, rowsDone, isFinished, total, rate }: Progress): string {
  const count = (value: number) => Math.round(value).toLocaleString('en-US');
  const start = `${name}: ${count(rowsDone)} rows, ${count(rate)} rows/s`;
  if (isFinished) return `${start}, finished`;
  return total > rowsDone && rate > 0 ? `${start}, about ${count((total - rowsDone) / rate)} s left` : start;
}
