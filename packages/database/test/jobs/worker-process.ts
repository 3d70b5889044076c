import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase, startJobs, type Job } from '@pika/database';
import { createLogger } from '@pika/shared';
import pg from 'pg';

/** Runs one job that notes when it began and ended: `tick` takes 300 ms, `hang` ends only where HANGS is unset. */
const [url = '', name = ''] = process.argv.slice(2);
const database = openDatabase({ url, poolSize: 3 });
const pool = new pg.Pool({ connectionString: url, max: 2 });

async function run(): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO proof.runs (name, pid, began_at) VALUES ($1, $2, clock_timestamp()) RETURNING id',
    [name, process.pid],
  );
  await wait(name === 'hang' && process.env['HANGS'] ? 3_600_000 : 300);
  await pool.query('UPDATE proof.runs SET ended_at = clock_timestamp() WHERE id = $1', [rows[0]?.id]);
}

const jobs: Record<string, Job> = {
  tick: { name: 'tick', everySeconds: 1, timeoutSeconds: 5, run },
  hang: { name: 'hang', everySeconds: 3_600, timeoutSeconds: 1, run },
};
await startJobs(database, [jobs[name]!], createLogger({ level: 'error', name: 'worker' }), {
  pollMillis: 100,
  superviseSeconds: 1,
});
setInterval(() => {}, 1_000);
