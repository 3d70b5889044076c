/**
 * Owns a throw-away PostgreSQL cluster. It ends with the process that started it, even by kill -9: when the
 * channel to that parent closes, the server is stopped and the folder removed. The parent's message `crash` kills the
 * postmaster with SIGKILL and starts it again when its backends have noticed; any other stops it.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { serverAccount } from './server-account.ts';

const [binaries = '', given = '{}'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'pika-postgres-'));
let server: ChildProcess | null = null;
let isStopping = false;
let isRestart = false;
let run: (() => Promise<string>) | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', stop);
process.on('message', (message) => {
  if (message === 'crash') void crash().then(answer, fail);
  else stop();
});

function finish(): void {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

function stop(): void {
  if (isStopping) return;
  isStopping = true;
  if (server === null || hasEnded(server)) return finish();
  server.once('exit', finish);
  // Immediate shutdown: nothing in it is worth a checkpoint.
  server.kill('SIGQUIT');
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

function hasModule(name: string): boolean {
  const { stdout } = spawnSync(join(binaries, 'pg_config'), ['--pkglibdir'], { encoding: 'utf8' });
  return existsSync(join(stdout.trim(), `${name}.so`)) || existsSync(join(stdout.trim(), `${name}.dylib`));
}

async function start(): Promise<string> {
  const owner = serverAccount(folder);
  const data = join(folder, 'data');
  const options = { ...owner, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
  const init = spawnSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...options, encoding: 'utf8' },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr || init.error?.message}`);
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 300,
    shared_buffers: '256MB',
    timezone: 'UTC',
    log_min_messages: 'fatal',
    ...(hasModule('pg_stat_statements') ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
    ...(JSON.parse(given) as Record<string, string>),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  run = async () => {
    let log = '';
    for (let attempt = 0; attempt < 300; attempt++) {
      // After a crash it starts only when the last process of the one before has ended.
      if (server === null || hasEnded(server)) {
        if (isStopping || (attempt > 0 && !isRestart)) break;
        server = spawn(join(binaries, 'postgres'), ['-D', data, ...flags], {
          ...options,
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        server.stderr?.on('data', (chunk) => (log = (log + String(chunk)).slice(-4_000)));
      }
      if (await accepts(url)) return url;
      await sleep(100);
    }
    throw new Error(`postgres did not start: ${log}`);
  };
  return run();
}

async function crash(): Promise<string> {
  if (server === null || run === null) throw new Error('there is no server to crash');
  isRestart = true;
  const ended = new Promise((resolve) => server?.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
  return run();
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

const answer = (url: string) => {
  if (process.connected) process.send!({ url });
  else stop();
};
const fail = (error: unknown) => {
  if (process.connected) process.send!({ error: String(error) });
  stop();
};
await start().then(answer, fail);
