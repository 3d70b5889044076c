import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deployMigrations, listMigrations } from '@pika/database/tooling';
import pg from 'pg';
import { say, timed } from './console.ts';
import { generate } from './generate.ts';
import { scales, type Scale } from './options.ts';

export interface Server {
  url: string;
  /** How it was found, for the report. */
  description: string;
  stop(): Promise<void>;
}

/** BENCH_DATABASE_URL, else a throw-away cluster: one that waits for its disk at every commit where it shall be `durable`. */
export async function openServer({ durable = false } = {}): Promise<Server> {
  const given = process.env['BENCH_DATABASE_URL']?.trim();
  if (given) return { url: given, description: 'the server of BENCH_DATABASE_URL', stop: async () => undefined };
  const { startLocalCluster } = (await import(
    new URL('../../packages/tests/src/local-cluster.ts', import.meta.url).href
  )) as { startLocalCluster: (settings: object) => Promise<{ url: string; stop(): Promise<void> }> };
  const settings = durable
    ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_wal_size: '4GB' }
    : {};
  const cluster = await timed('throw-away PostgreSQL started', () => startLocalCluster(settings));
  const how = durable ? 'fsync and synchronous_commit on' : 'fsync off';
  return { ...cluster, description: `a throw-away cluster of the local binaries, ${how}` };
}

/**
 * The database of a scale, generated unless it is there already: its comment says from which number of vouchers,
 * generator and migrations it was made.
 */
export async function openDataset(server: Server, scale: Scale): Promise<string> {
  const name = `bench_${scale}`;
  const url = withDatabase(server.url, name);
  const wanted = `pika bench, ${scales[scale]} vouchers, made by ${fingerprint()}`;
  const client = new pg.Client({ connectionString: withDatabase(server.url, 'postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ comment: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
      [name],
    );
    if (rows[0]?.comment === wanted) {
      say(`${name} is there already`);
      return url;
    }
    say(`${name}: ${scales[scale].toLocaleString('en')} vouchers are generated`);
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    await deployMigrations(url);
    await timed(`${name} is ready`, () => generate(url, scales[scale]));
    await client.query(`COMMENT ON DATABASE ${name} IS '${wanted}'`);
    return url;
  } finally {
    await client.end();
  }
}

/** Changes whenever the same scale would become another database. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const { checksum } of listMigrations()) hash.update(checksum);
  const folder = fileURLToPath(new URL('./dataset/', import.meta.url));
  for (const file of ['../generate.ts', ...readdirSync(folder).toSorted()]) hash.update(readFileSync(folder + file));
  return hash.digest('hex').slice(0, 16);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
