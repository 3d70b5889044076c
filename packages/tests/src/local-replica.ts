import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withConnection } from '@pika/database/tooling';
import { freePort } from './free-port.ts';
import { findPostgresBinaries } from './kind.ts';
import { serverAccount } from './server-account.ts';

export interface TestReplica {
  /** The same database on the replica. */
  url: string;
  /** Stops every process of it where it stands, so that it answers nothing and closes nothing. */
  freeze(): void;
  thaw(): void;
  /** As by kill -9 of its postmaster. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A streaming replica of a local cluster, asynchronous as by default. It ends with this process. */
export async function startLocalReplica(primaryUrl: string): Promise<TestReplica> {
  const binaries = findPostgresBinaries();
  if (!binaries) throw new Error('There are no local PostgreSQL 15 binaries with PostGIS.');
  const primary = new URL(primaryUrl);
  const folder = mkdtempSync(join(tmpdir(), 'pika-replica-'));
  const options = { ...serverAccount(folder), cwd: folder, env: { PATH: process.env['PATH'], TZ: 'UTC' } };
  const data = join(folder, 'data');
  const from = ['-h', primary.hostname, '-p', primary.port, '-U', primary.username];
  execFileSync(join(binaries, 'pg_basebackup'), [...from, '-D', data, '-R', '-c', 'fast', '--no-sync'], options);
  const port = await freePort();
  const url = new URL(primaryUrl);
  url.port = String(port);
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 300,
    wal_receiver_status_interval: '1s',
    log_min_messages: 'fatal',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let server: ChildProcess | null = null;
  const end = () => signal('SIGKILL');
  process.once('exit', end);

  function signal(name: NodeJS.Signals): void {
    const { pid } = server ?? {};
    if (pid === undefined) return;
    for (const each of [pid, ...childrenOf(pid)]) send(each, name);
  }

  async function start(): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      // What a killed one leaves behind may refuse it for a moment.
      if (server === null || server.exitCode !== null || server.signalCode !== null) {
        server = spawn(join(binaries ?? '', 'postgres'), ['-D', data, ...flags], { ...options, stdio: 'ignore' });
      }
      if (await accepts(url.href)) return;
      await sleep(100);
    }
    throw new Error('the replica did not start');
  }

  async function kill(): Promise<void> {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    signal('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: url.href,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill,
    start,
    stop: async () => {
      process.off('exit', end);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended in between.
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
  }
}

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child = 0]) => child);
}

function accepts(url: string): Promise<boolean> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<{ ok: boolean }>('SELECT pg_is_in_recovery() AS ok');
    return rows[0]?.ok === true;
  }).catch(() => false);
}
