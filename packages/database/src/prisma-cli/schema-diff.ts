import { randomUUID } from 'node:crypto';
import { withConnection } from '../connection.ts';
import { openMemoryEngine, type Progress } from '../engine/open-engine.ts';
import { ensureTemplate } from '../engine/template.ts';
import { deployMigrations, emptyDatabase } from '../migrate.ts';
import { databaseUrl } from '../url.ts';
import { CommandError } from './command-error.ts';
import { runPrisma } from './run-prisma.ts';

const SCHEMA = 'prisma/schema';

/** The statements that take the tables of a database to the schema (`up`), or back (`down`); '' when they agree. */
export async function schemaDiff(url: string, direction: 'up' | 'down'): Promise<string> {
  const sides =
    direction === 'up'
      ? ['--from-config-datasource', '--to-schema', SCHEMA]
      : ['--from-schema', SCHEMA, '--to-config-datasource'];
  const args = ['migrate', 'diff', ...sides, '--script', '--exit-code'];
  const { code, output } = await runPrisma(args, { DATABASE_URL: url }, { capture: true });
  // An engine that ends without an answer also leaves code 0.
  if (code === 0 && output.includes('This is an empty migration')) return '';
  if (code === 2) return withoutPlpgsql(output).trim();
  throw new CommandError(`prisma migrate diff failed (code ${code}):\n${output.trim()}`);
}

/** Every database has plpgsql and no schema names it: on the way back Prisma would create it. */
const withoutPlpgsql = (script: string) =>
  script.replace(/-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS "plpgsql".*;\n*/, '');

/**
 * Gives `work` a database that holds what the migrations make, and nothing else. (`--from-migrations` would replay
 * them too, but does not see extensions there and asks for them anew.) On the embedded engine it is a second
 * engine: every database name of the first is the same database.
 */
export async function withMigratedShadow<T>(say: Progress, work: (url: string) => Promise<T>): Promise<T> {
  const url = databaseUrl();
  if (!url) {
    const engine = await openMemoryEngine({ template: await ensureTemplate(say) });
    try {
      return await work(engine.url);
    } finally {
      await engine.stop();
    }
  }
  const given = process.env['SHADOW_DATABASE_URL'];
  if (given) {
    await emptyDatabase(given);
    await deployMigrations(given);
    return work(given);
  }
  const name = `pika_shadow_${randomUUID().replaceAll('-', '')}`;
  await withConnection(url, (client) => client.query(`CREATE DATABASE ${name}`));
  try {
    const shadow = new URL(url);
    shadow.pathname = `/${name}`;
    await deployMigrations(shadow.href);
    return await work(shadow.href);
  } finally {
    await withConnection(url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
}
