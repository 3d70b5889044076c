import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where the test database comes from; all but the embedded engine are real servers. */
export type DatabaseKind = 'server' | 'docker' | 'local' | 'embedded';

/** The first rung of the ladder that can be reached here; PIKA_TEST_DATABASE=docker|local|embedded forces one. */
export async function chooseDatabaseKind(environment = process.env): Promise<DatabaseKind> {
  const forced = environment['PIKA_TEST_DATABASE'];
  if (forced === 'docker' || forced === 'local' || forced === 'embedded') return forced;
  if (forced) throw new Error(`PIKA_TEST_DATABASE is docker, local or embedded, not ${forced}.`);
  if (environment['TEST_DATABASE_URL']) return 'server';
  if (await isDockerRunning(environment)) return 'docker';
  return findPostgresBinaries() ? 'local' : 'embedded';
}

/** The folder with initdb and postgres of the newest local PostgreSQL (15 or later) that has PostGIS, or null. */
export function findPostgresBinaries(): string | null {
  const folders = [
    ...versioned('/usr/lib/postgresql', /^\d+$/),
    ...versioned('/opt/homebrew/opt', /^postgresql@\d+$/),
    ...versioned('/usr/local/opt', /^postgresql@\d+$/),
    ...versioned('/usr', /^pgsql-\d+$/),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return (
    folders.find(
      (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')) && fits(folder),
    ) ?? null
  );
}

/** The `bin` folders below versioned folders, newest first. */
function versioned(parent: string, pattern: RegExp): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => pattern.test(name))
    .toSorted((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')))
    .map((name) => join(parent, name, 'bin'));
}

function fits(folder: string): boolean {
  const run = (program: string, argument: string) =>
    execFileSync(join(folder, program), [argument], { encoding: 'utf8' }).trim();
  try {
    const major = Number(/(\d+)/.exec(run('postgres', '--version'))?.[1]);
    const shared = run('pg_config', '--sharedir');
    return major >= 15 && existsSync(join(shared, 'extension/postgis.control'));
  } catch {
    return false;
  }
}

async function isDockerRunning(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const host = environment['DOCKER_HOST'];
  if (host && !host.startsWith('unix://')) return true;
  const sockets = host
    ? [host.slice('unix://'.length)]
    : ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')];
  for (const socketPath of sockets) if (existsSync(socketPath) && (await answersPing(socketPath))) return true;
  return false;
}

function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.end();
  });
}
