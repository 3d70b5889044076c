import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readConfig } from '@pika/shared';
import { DatabaseError } from 'pg';
import { openMemoryEngine } from '../engine/open-engine.ts';
import {
  deployMigrations,
  emptyDatabase,
  listPendingMigrations,
  listUnfinishedDataMigrations,
  rollbackMigrations,
  runDataMigrations,
} from '../migrate.ts';
import { listMigrations } from '../migration-files.ts';
import { isStartError, lost, startDatabase, type StartedDatabase } from '../start-database.ts';
import { databaseUrl } from '../url.ts';
import { CommandError } from './command-error.ts';
import { migrateDev } from './migrate-dev.ts';
import { runPrisma } from './run-prisma.ts';
import { schemaDiff, withMigratedShadow } from './schema-diff.ts';
import { sqlObjectsInMigrations } from './sql-objects.ts';

const startedAt = Date.now();
const say = (text: string) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${text}`);

const target = (name: string) => `npx nx run @pika/database:prisma:${name}`;

const onExisting = { existing: true };

/** Runs `work` with the address of the database, which is started and stopped when it is the embedded one. */
async function withDatabase<T>(
  work: (url: string, kind: StartedDatabase['kind']) => Promise<T>,
  { existing = false } = {},
): Promise<T> {
  const database = await startDatabase({ migrate: false, existing, onProgress: say });
  try {
    return await work(database.url, database.kind);
  } catch (error) {
    throw lost(error, database) ?? error;
  } finally {
    await database.stop();
  }
}

const prismaOnDatabase = (args: string[]) =>
  withDatabase(async (url) => (await runPrisma(args, { DATABASE_URL: url })).code);

/** As `parseArgs`, with a `CommandError` of one sentence for what the command does not know. */
function read<const Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw error instanceof TypeError ? new CommandError(`${error.message.split('. ')[0]}.`, { cause: error }) : error;
  }
}

async function dev(args: string[]): Promise<number> {
  const { values, positionals } = read({
    args,
    options: { name: { type: 'string', short: 'n' }, empty: { type: 'boolean' }, 'create-only': { type: 'boolean' } },
    // nx passes what was quoted without its quotes.
    allowPositionals: true,
  });
  const name = [values.name, ...positionals].join(' ');
  if (!/^\w{1,100}$/.test(name)) {
    throw new CommandError(
      `Say what changes in letters, digits and _: ${target('migrate:dev')} -- --name add_campaigns`,
    );
  }
  await migrateDev({ name, empty: values.empty ?? false, createOnly: values['create-only'] ?? false }, say);
  return 0;
}

async function rollback(args: string[]): Promise<number> {
  const { values } = read({
    args,
    options: { steps: { type: 'string' }, to: { type: 'string' }, all: { type: 'boolean' } },
  });
  const { steps, to, all } = values;
  if (to && !listMigrations().some((migration) => migration.name === to))
    throw new CommandError(`No migration is called ${to}.`);
  if (steps !== undefined && !/^[1-9]\d*$/.test(steps))
    throw new CommandError('--steps wants a whole number from 1 on.');
  if (!steps && !to && !all)
    throw new CommandError('Say how far: --steps 1, --to <name of the last to keep> or --all.');
  const keep = (name: string, undone: number) => (to ? name === to : !all && undone >= Number(steps));
  const undone = await withDatabase(async (url) => {
    if (to && (await listPendingMigrations(url)).includes(to))
      throw new CommandError(`Migration ${to} is not applied.`);
    return rollbackMigrations(url, keep, say);
  }, onExisting);
  say(undone.length === 0 ? 'Nothing to undo' : `Undid ${undone.length} migration(s)`);
  return 0;
}

const batchOptions = { batch: { type: 'string' }, pause: { type: 'string' } } as const;

/** How data migrations are run: `--batch` rows at a time, `--pause` milliseconds in between. */
function readBatches({ batch, pause }: { batch?: string; pause?: string }): { batchSize?: number; pauseMs?: number } {
  if (batch !== undefined && !/^[1-9]\d{0,6}$/.test(batch))
    throw new CommandError('--batch wants a whole number from 1 on.');
  if (pause !== undefined && !/^\d{1,7}$/.test(pause)) throw new CommandError('--pause wants milliseconds, from 0 on.');
  return {
    ...(batch === undefined ? {} : { batchSize: Number(batch) }),
    ...(pause === undefined ? {} : { pauseMs: Number(pause) }),
  };
}

async function deploy(args: string[]): Promise<number> {
  const { to, ...batches } = read({ args, options: { to: { type: 'string' }, ...batchOptions } }).values;
  const options = { ...(to === undefined ? {} : { to }), ...readBatches(batches) };
  const applied = await withDatabase((url) => deployMigrations(url, say, options));
  say(applied.length === 0 ? 'Nothing to apply' : `Applied ${applied.length} migration(s)`);
  return 0;
}

async function status(args: string[]): Promise<number> {
  read({ args });
  const { pending, unfinished } = await withDatabase(
    async (url) => ({
      pending: await listPendingMigrations(url),
      unfinished: await listUnfinishedDataMigrations(url),
    }),
    onExisting,
  );
  say(`${listMigrations().length} migration(s), ${pending.length} to apply`);
  for (const migration of pending) console.log(`  ${migration}`);
  for (const migration of unfinished) console.log(`  ${migration}: its data.sql is not through`);
  if (pending.length === 0 && unfinished.length === 0) return 0;
  say(`They are applied by npm start, or by ${target('migrate:deploy')}`);
  return 1;
}

/** Runs what is left of data migrations, without applying any migration. */
async function data(args: string[]): Promise<number> {
  const { name, ...batches } = read({ args, options: { name: { type: 'string' }, ...batchOptions } }).values;
  const options = { ...(name === undefined ? {} : { name }), ...readBatches(batches), onProgress: say };
  if (name !== undefined && !listMigrations().some((each) => each.name === name && each.data !== null))
    throw new CommandError(`No migration with a data.sql is called ${name}.`);
  const finished = await withDatabase(async (url) => {
    if (name !== undefined && (await listPendingMigrations(url)).includes(name))
      throw new CommandError(`Migration ${name} is not applied.`);
    return runDataMigrations(url, options);
  }, onExisting);
  say(finished.length === 0 ? 'Every data migration is through' : `Finished ${finished.length} data migration(s)`);
  return 0;
}

async function reset(args: string[]): Promise<number> {
  const { values } = read({ args, options: { force: { type: 'boolean', short: 'f' } } });
  if (databaseUrl() && !values.force) throw new CommandError('This empties the database of DATABASE_URL: add --force.');
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
  const { values } = read({ args, options: { database: { type: 'boolean' } } });
  const tables = values.database ? await withDatabase(compare, onExisting) : await withMigratedShadow(say, compare);
  const objects = sqlObjectsInMigrations();
  if (tables) console.log(tables);
  for (const sentence of objects) console.log(sentence);
  const equal = tables === '' && objects.length === 0;
  say(
    equal
      ? 'Schema, SQL objects and migrations agree'
      : `They differ: run ${target('migrate:dev')} -- --name what_changed`,
  );
  return equal ? 0 : 1;
}

/** Replays every migration up, down and up again on an engine in memory. */
async function replay(args: string[]): Promise<number> {
  read({ args });
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

async function seedDatabase(args: string[]): Promise<number> {
  read({ args });
  // Loaded late: the other commands run before the client is generated.
  const { databaseSettings, demoPassword, isSeeded, openStartedDatabase, seed, seedDemoAccounts } =
    await import('../index.ts');
  await withDatabase(async (url, kind) => {
    await deployMigrations(url, say);
    const settings = readConfig(databaseSettings, process.env);
    const database = openStartedDatabase({ url, kind }, settings);
    try {
      if (await isSeeded(database)) say('Already seeded; what is missing is added');
      say('Seeding');
      const { businesses, vouchers } = await seed(database);
      say(`${businesses} businesses with ${vouchers} vouchers`);
      if (process.env['NODE_ENV'] === 'production') {
        say('No demo log-ins: NODE_ENV is production');
      } else {
        await seedDemoAccounts(database);
        say(`Demo log-ins such as owner@pika.example, with the password ${demoPassword}`);
      }
    } finally {
      await database.close();
    }
  });
  return 0;
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  generate: async (args) => (await runPrisma(['generate', ...args])).code,
  'migrate:dev': dev,
  'migrate:deploy': deploy,
  'migrate:status': status,
  'migrate:data': data,
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
  if (!command) throw new CommandError(`There is no such command; there are ${Object.keys(commands).join(', ')}.`);
  process.exitCode = await command(args.filter((arg) => arg !== '--'));
} catch (error) {
  const isPlain = error instanceof CommandError || error instanceof DatabaseError || isStartError(error);
  console.error(isPlain && error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
