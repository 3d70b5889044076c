import { parseArgs } from 'node:util';
import { openMemoryEngine } from '../engine/open-engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { deployMigrations, emptyDatabase, rollbackMigrations } from '../migrate.ts';
import { listMigrations } from '../migration-files.ts';
import { startDatabase } from '../start-database.ts';
import { databaseUrl } from '../url.ts';
import { migrateDev } from './migrate-dev.ts';
import { runPrisma } from './run-prisma.ts';
import { schemaDiff, withMigratedShadow } from './schema-diff.ts';
import { sqlObjectsInMigrations } from './sql-objects.ts';

const startedAt = Date.now();
const say = (text: string) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${text}`);

class UsageError extends Error {}

/** Runs `work` with the address of the database, which is started and stopped when it is the embedded one. */
async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const database = await startDatabase({ migrate: false, onProgress: say });
  try {
    return await work(database.url);
  } finally {
    await database.stop();
  }
}

const prismaOnDatabase = (args: string[]) =>
  withDatabase(async (url) => (await runPrisma(args, { DATABASE_URL: url })).code);

async function dev(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { name: { type: 'string', short: 'n' }, empty: { type: 'boolean' }, 'create-only': { type: 'boolean' } },
  });
  if (!values.name) throw new UsageError('say what changes: prisma:migrate:dev -- --name add_campaigns');
  await migrateDev(
    { name: values.name, empty: values.empty ?? false, createOnly: values['create-only'] ?? false },
    say,
  );
  return 0;
}

async function rollback(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { steps: { type: 'string' }, to: { type: 'string' }, all: { type: 'boolean' } },
  });
  const { steps, to, all } = values;
  if (to && !listMigrations().some((migration) => migration.name === to))
    throw new UsageError(`no migration is called ${to}`);
  if (steps !== undefined && !/^[1-9]\d*$/.test(steps)) throw new UsageError('--steps wants a whole number from 1 on');
  if (!steps && !to && !all) throw new UsageError('say how far: --steps 1, --to <name of the last to keep> or --all');
  const keep = (name: string, undone: number) => (to ? name === to : !all && undone >= Number(steps));
  const undone = await withDatabase((url) => rollbackMigrations(url, keep, say));
  say(undone.length === 0 ? 'Nothing to undo' : `Undid ${undone.length} migration(s)`);
  return 0;
}

async function reset(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { force: { type: 'boolean', short: 'f' } } });
  if (databaseUrl() && !values.force) throw new UsageError('this empties the database of DATABASE_URL: add --force');
  await withDatabase(async (url) => {
    say('Emptying the database');
    await emptyDatabase(url);
    await deployMigrations(url, say);
  });
  say('Done');
  return 0;
}

const compare = (url: string) => schemaDiff(url, 'up');

/** Schema against migrations (or, with --database, against the database), then SQL objects against migrations. */
async function diff(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { database: { type: 'boolean' } } });
  const tables = values.database ? await withDatabase(compare) : await withMigratedShadow(say, compare);
  const objects = sqlObjectsInMigrations();
  if (tables) console.log(tables);
  for (const sentence of objects) console.log(sentence);
  const equal = tables === '' && objects.length === 0;
  say(
    equal ? 'Schema, SQL objects and migrations agree' : 'They differ: run prisma:migrate:dev -- --name what_changed',
  );
  return equal ? 0 : 1;
}

/** Replays every migration up, down and up again on an engine in memory. */
async function replay(): Promise<number> {
  const engine = await openMemoryEngine();
  try {
    await deployMigrations(engine.url, say);
    await rollbackMigrations(engine.url, () => false, say);
    await deployMigrations(engine.url, say);
  } finally {
    await engine.stop();
  }
  say('Every migration runs up, down and up again');
  return 0;
}

async function seedDatabase(): Promise<number> {
  // Loaded late: the other commands run before the client is generated.
  const { isSeeded, openDatabase, seed } = await import('../index.ts');
  await withDatabase(async (url) => {
    await deployMigrations(url, say);
    const database = openDatabase({ url });
    try {
      if (await isSeeded(database)) say('Already seeded; what is missing is added');
      say('Seeding');
      const { businesses, vouchers } = await seed(database);
      say(`${businesses} businesses with ${vouchers} vouchers`);
    } finally {
      await database.close();
    }
  });
  return 0;
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  generate: async (args) => (await runPrisma(['generate', ...args])).code,
  'migrate:dev': dev,
  'migrate:deploy': (args) => prismaOnDatabase(['migrate', 'deploy', ...args]),
  'migrate:status': (args) => prismaOnDatabase(['migrate', 'status', ...args]),
  'migrate:rollback': rollback,
  'migrate:reset': reset,
  'migrate:diff': diff,
  'migrate:replay': replay,
  seed: seedDatabase,
  studio: (args) => prismaOnDatabase(['studio', ...args]),
};

const [name = '', ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (!command) throw new UsageError(`no such command; there are ${Object.keys(commands).join(', ')}`);
  process.exitCode = await command(args.filter((arg) => arg !== '--'));
} catch (error) {
  const isPlain = error instanceof UsageError || error instanceof EngineError;
  console.error(isPlain ? error.message : error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
}
