import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import { serverAccount } from './server-account.ts';

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
  const account = serverAccount(folder, configuration);
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
