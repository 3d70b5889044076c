import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface TestPgBouncer {
  /** The same database by way of PgBouncer in transaction mode. */
  url: string;
  stop(): Promise<void>;
}

const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find((path) =>
  existsSync(path),
);

export const hasPgBouncer = (): boolean => program !== undefined;

/** A PgBouncer of one's own before a database, with so few connections to the server that clients must share them. */
export async function startPgBouncer(databaseUrl: string, serverConnections: number): Promise<TestPgBouncer> {
  if (program === undefined) throw new Error('There is no pgbouncer here.');
  const target = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'pika-pgbouncer-'));
  const port = await freePort();
  const configuration = join(folder, 'pgbouncer.ini');
  const upstream = [`host=${target.hostname}`, `port=${target.port || 5432}`, ...passwordOf(target)].join(' ');
  writeFileSync(
    configuration,
    `[databases]
* = ${upstream}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 500
`,
  );
  const account = accountIn(folder, configuration);
  const child = spawn(program, [configuration], { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await untilListening(child);
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    stop: async () => {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** With `auth_type = any` PgBouncer logs in as the user it is told here. */
function passwordOf({ username, password }: URL): string[] {
  const user = `user=${decodeURIComponent(username)}`;
  return password === '' ? [user] : [user, `password=${decodeURIComponent(password)}`];
}

/** PgBouncer refuses to run as root, as PostgreSQL does: there it runs as the user `postgres`. */
function accountIn(...paths: string[]): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  if (!line) throw new Error('there is no user "postgres" to run PgBouncer as');
  const [, , uid, gid] = line.split(':');
  for (const path of paths) chownSync(path, Number(uid), Number(gid));
  return { uid: Number(uid), gid: Number(gid) };
}

function untilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`pgbouncer did not start: ${log}`)));
    if (child.stderr === null) return reject(new Error('pgbouncer has no output'));
    createInterface(child.stderr).on('line', (line) => {
      log += `${line}\n`;
      if (line.includes('process up')) resolve();
    });
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  await new Promise((resolve) => probe.close(resolve));
  return address.port;
}
