import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openDatabase, startJobs, type Job, type Jobs } from '@pika/database';
import { listMigrations } from '@pika/database/tooling';
import { createLogger } from '@pika/shared';
import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import PgBoss from 'pg-boss';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openJobStore } from '../../src/jobs/job-store.ts';
import { writerOf } from '../../src/writer.ts';

const file = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

let test: OpenTestDatabase;
let started: Jobs[] = [];
let children: ChildProcess[] = [];
let logged: string[] = [];

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA proof;
    CREATE TABLE proof.runs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, pid integer NOT NULL,
      began_at timestamptz NOT NULL, ended_at timestamptz
    )`);
});
afterAll(() => test?.close());

beforeEach(async () => {
  logged = [];
  await test.pool.query('TRUNCATE proof.runs, pgboss.job');
});
afterEach(async () => {
  await Promise.all([...started.map((jobs) => jobs.stop()), ...children.map(kill)]);
  started = [];
  children = [];
});

const log = createLogger({ level: 'error', name: 'test', destination: { write: (line) => logged.push(line) } });

async function start(...jobs: Job[]): Promise<Jobs> {
  const running = await startJobs(test.database, jobs, log, { pollMillis: 50, superviseSeconds: 1 });
  started.push(running);
  return running;
}

function startProcess(name: string, environment: Record<string, string> = {}): ChildProcess {
  const args = ['--conditions=@pika/source', '--import', 'tsx', file, test.url, name];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 40_000, interval: 50 });
}
const rows = async <Row extends pg.QueryResultRow>(text: string) => (await test.pool.query<Row>(text)).rows;
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });

describe('a job', () => {
  it('is run each interval by one of several processes, never by two at once', async () => {
    for (let count = 0; count < 3; count += 1) startProcess('tick');
    const ended = () => rows('SELECT FROM proof.runs WHERE ended_at IS NOT NULL');
    await eventually(async () => (await ended()).length).toBeGreaterThanOrEqual(8);
    const overlapping = await rows(`
      SELECT a.id, b.id FROM proof.runs a JOIN proof.runs b ON a.id < b.id
      WHERE tstzrange(a.began_at, coalesce(a.ended_at, 'infinity')) && tstzrange(b.began_at, b.ended_at)`);
    expect(overlapping).toEqual([]);
    // One that was due in one second may begin in the next; without the others' knowledge it would be three each second.
    const tooMany = await rows(`
      SELECT FROM proof.runs HAVING count(*) > 3 + extract(epoch FROM max(began_at) - min(began_at))`);
    expect(tooMany).toEqual([]);
  });

  it('of a process that is killed is run again by another', async () => {
    const victim = startProcess('hang', { HANGS: 'yes' });
    const runs = () =>
      rows<{ pid: number; ended: boolean }>(`
      SELECT pid, ended_at IS NOT NULL AS ended FROM proof.runs ORDER BY id`);
    await eventually(runs).toEqual([{ pid: victim.pid, ended: false }]);
    await kill(victim);
    const next = startProcess('hang');
    await eventually(runs).toEqual([
      { pid: victim.pid, ended: false },
      { pid: next.pid, ended: true },
    ]);
  });

  it('that fails is seen, and tried again ever later until the next is due', async () => {
    const attempts: number[] = [];
    const jobs = await start({
      name: 'failing',
      everySeconds: 60,
      run: async () => {
        attempts.push(attempts.length + 1);
        throw new Error(`no luck ${attempts.length}`);
      },
    });
    const state = () =>
      rows<{ state: string; message: string; wait: number }>(`
      SELECT state::text, output->>'message' AS message, extract(epoch FROM start_after - now())::float8 AS wait
      FROM pgboss.job WHERE name = 'failing'`);
    for (const retry of [1, 2, 3, 4]) {
      await eventually(state).toMatchObject([{ state: 'retry', message: `no luck ${retry}` }]);
      const wait = (await state())[0]?.wait ?? 0;
      expect(wait).toBeGreaterThan(5 * 2 ** (retry - 1) - 1);
      expect(wait).toBeLessThanOrEqual(5 * 2 ** retry);
      await test.pool.query(`UPDATE pgboss.job SET start_after = now() WHERE name = 'failing'`);
    }
    await eventually(state).toMatchObject([{ state: 'failed', message: 'no luck 5' }]);
    await jobs.stop();
    expect(logged.filter((line) => line.includes('no luck'))).toHaveLength(5);
  });

  it('that runs longer than its interval does not pile up, and is told when its time is over', async () => {
    const reasons: string[] = [];
    let running = 0;
    let most = 0;
    await start({
      name: 'slow',
      everySeconds: 1,
      timeoutSeconds: 3,
      run: async (signal) => {
        most = Math.max(most, (running += 1));
        await untilAborted(signal);
        reasons.push(String(signal.reason));
        running -= 1;
      },
    });
    const waiting = async () =>
      (await rows(`SELECT FROM pgboss.job WHERE name = 'slow' AND state IN ('created', 'retry')`)).length;
    let mostWaiting = 0;
    await eventually(async () => {
      mostWaiting = Math.max(mostWaiting, await waiting());
      return reasons.length;
    }).toBe(2);
    expect(reasons).toEqual(Array.from({ length: 2 }, () => 'Error: took longer than 3 s'));
    expect({ most, mostWaiting }).toEqual({ most: 1, mostWaiting: 1 });
  });

  it('goes on after every connection was lost, in the middle of a run too', async (context) => {
    requireServer(context);
    let runs = 0;
    await start({ name: 'cut', everySeconds: 1, run: async () => (runs += 1) });
    await eventually(() => runs).toBeGreaterThan(0);
    const before = runs;
    await test.pool.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await eventually(() => runs).toBeGreaterThan(before + 1);
  });
});

describe('stopping', () => {
  it('tells what runs and waits for it; another process then has it', async () => {
    const seen: string[] = [];
    const jobs = await start({
      name: 'stopped',
      everySeconds: 3_600,
      run: async (signal) => {
        seen.push('begun');
        await untilAborted(signal);
        seen.push(String(signal.reason));
        throw signal.reason;
      },
    });
    await eventually(() => seen).toEqual(['begun']);
    await jobs.stop();
    expect(seen).toEqual(['begun', 'Error: the process is stopping']);
    expect(await rows(`SELECT state::text FROM pgboss.job WHERE name = 'stopped'`)).toEqual([{ state: 'retry' }]);
  });

  it('takes less than four seconds where a run does not listen', async () => {
    let finish = () => {};
    const jobs = await start({
      name: 'deaf',
      everySeconds: 3_600,
      run: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    await eventually(() => rows(`SELECT FROM pgboss.job WHERE name = 'deaf' AND state = 'active'`)).toHaveLength(1);
    const from = performance.now();
    await jobs.stop();
    const took = performance.now() - from;
    finish();
    expect(took).toBeGreaterThan(1_000);
    expect(took).toBeLessThan(4_000);
    await eventually(() => rows(`SELECT FROM pgboss.job WHERE name = 'deaf' AND state = 'completed'`)).toHaveLength(1);
  });
});

describe('the library', () => {
  it('finds in the migrations what it would make itself', () => {
    const own = PgBoss.getConstructionPlans('pgboss');
    const squeeze = (text: string) => text.replaceAll(/\s+/g, ' ');
    const statements = squeeze(own.slice(own.indexOf('CREATE TYPE'), own.lastIndexOf('COMMIT;'))).trim();
    const found = listMigrations().filter(({ up }) => squeeze(up).includes(statements));
    expect(found.map(({ name }) => name)).toEqual(['20261121092000_outbox_and_jobs']);
  });

  it('refuses to start on tables of another version', async () => {
    await test.pool.query('UPDATE pgboss.version SET version = version - 1');
    const starting = startJobs(test.database, [], log);
    await expect(starting).rejects.toThrow('pg-boss database requires migrations');
    await test.pool.query('UPDATE pgboss.version SET version = version + 1');
  });

  it('leaves role and timeouts of the session as they were', async () => {
    const settings = () =>
      rows(`SELECT current_setting('role') AS role, current_setting('lock_timeout') AS lock_timeout,
        current_setting('statement_timeout') AS statement_timeout, current_setting('search_path') AS search_path`);
    const before = await settings();
    let runs = 0;
    const jobs = await start({ name: 'tidy', everySeconds: 1, run: async () => (runs += 1) });
    await eventually(() => runs).toBeGreaterThan(1);
    await jobs.stop();
    for (let count = 0; count < 10; count += 1) expect(await settings()).toEqual(before);
    expect(await rows('SELECT FROM pg_prepared_statements')).toEqual([]);
  });

  it('works for a login that may do nothing but act as the owner of its tables', async (context) => {
    requireServer(context);
    const { pool } = test;
    const [owner, login] = ['jobs_test_owner', 'jobs_test_login'];
    await pool.query(`
      CREATE ROLE ${owner} NOLOGIN;
      CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD 'secret' IN ROLE ${owner};
      ALTER SCHEMA pgboss OWNER TO ${owner};
      DO $$ DECLARE v_name regclass; BEGIN
        FOR v_name IN SELECT oid FROM pg_class WHERE relnamespace = 'pgboss'::regnamespace AND relkind IN ('r', 'p') LOOP
          EXECUTE format('ALTER TABLE %s OWNER TO ${owner}', v_name);
        END LOOP;
      END $$`);
    const url = new URL(test.url);
    [url.username, url.password] = [login, 'secret'];
    const limited = openDatabase({ url: url.href, poolSize: 2 });
    try {
      await expect(writerOf(limited).pool.query('SELECT FROM pgboss.job')).rejects.toMatchObject({ code: '42501' });
      let runs = 0;
      const jobs = await startJobs(limited, [{ name: 'limited', everySeconds: 1, run: async () => (runs += 1) }], log, {
        pollMillis: 50,
        superviseSeconds: 1,
      });
      await eventually(() => runs).toBeGreaterThan(2);
      await jobs.stop();
      expect(logged).toEqual([]);
    } finally {
      await limited.close();
      await pool.query(
        `REASSIGN OWNED BY ${owner} TO CURRENT_USER; DROP OWNED BY ${owner}; DROP ROLE ${login}, ${owner}`,
      );
    }
  });

  it('does not hide that a job could not be taken', async () => {
    const { pool } = test;
    const store = openJobStore(pool, log, 60);
    await pool.query('ALTER TABLE pgboss.job RENAME TO hidden');
    const taking = store.take('any');
    await expect(taking).rejects.toMatchObject({ code: '42P01' });
    await pool.query('ALTER TABLE pgboss.hidden RENAME TO job');
  });
});
