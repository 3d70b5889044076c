#!/usr/bin/env node
/**
 * Prisma's schema engine without its native binary, which Prisma downloads at first use. It is what
 * PRISMA_SCHEMA_ENGINE_BINARY names: JSON-RPC over stdio, one message a line, forwarded to the WebAssembly
 * build that comes from npm. The protocol is that of prisma 7.10 (`SchemaEngineCLI` in prisma/build/cli.js).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import { Client, Pool } from 'pg';

const CHAR_OID = 18;
const BPCHAR_OID = 1042;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true, short: 'd' },
    datasource: { type: 'string' },
    'extension-types': { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    version: { type: 'boolean' },
  },
});
const datasource = JSON.parse(flags.datasource ?? '{}');

/**
 * The catalogues use the type "char", which the adapter refuses. It is passed as bpchar, and what comes of that is
 * given the type the engine expects (as text, it panics on the first check constraint).
 */
class EnginePool extends Pool {
  charColumns = new WeakMap();

  async query(...args) {
    const result = await super.query(...args);
    const columns = (result.fields ?? []).flatMap((field, index) => (field.dataTypeID === CHAR_OID ? [index] : []));
    for (const index of columns) result.fields[index].dataTypeID = BPCHAR_OID;
    if (columns.length > 0) this.charColumns.set(result.rows, columns);
    return result;
  }
}

/**
 * The adapter's own executeScript cuts the text at every semicolon, function bodies included. One simple query
 * keeps it whole and, as with the native engine, makes a script of several statements one transaction.
 */
async function connect(connectionString) {
  const pool = new EnginePool({ connectionString, max: 4 });
  const adapter = await new PrismaPg(pool, { schema: schemaOf(connectionString), disposeExternalPool: true }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of pool.charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };
  return adapter;
}

const schemaOf = (url) => new URL(url).searchParams.get('schema') ?? 'public';

async function connectToShadow() {
  if (datasource.shadowDatabaseUrl) {
    await withClient(datasource.shadowDatabaseUrl, emptyDatabase);
    return connect(datasource.shadowDatabaseUrl);
  }
  const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
  await withClient(datasource.url, (client) => client.query(`CREATE DATABASE "${name}"`));
  const url = new URL(datasource.url);
  url.pathname = `/${name}`;
  const adapter = await connect(url.href);
  const disconnect = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await disconnect();
    await withClient(datasource.url, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  };
  return adapter;
}

async function emptyDatabase(client) {
  const { rows } = await client.query(
    `SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`,
  );
  for (const { nspname } of rows) await client.query(`DROP SCHEMA ${client.escapeIdentifier(nspname)} CASCADE`);
  await client.query('CREATE SCHEMA public');
}

async function withClient(connectionString, work) {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function knownError(error, url) {
  const { hostname, port, pathname, username } = new URL(url);
  const server = `\`${hostname}:${port || 5432}\``;
  if (error.code === '3D000') return ['P1003', `Database \`${pathname.slice(1)}\` does not exist`];
  if (error.code === '28P01' || error.code === '28000') {
    return [
      'P1000',
      `Authentication failed against database server, the credentials for \`${username}\` are not valid`,
    ];
  }
  if (error.code === '42501') return ['P1010', `User was denied access: ${error.message}`];
  return ['P1001', `Can't reach database server at ${server}: ${error.message || error.code}`];
}

async function runCli(command) {
  const { url } = datasource;
  try {
    if (command === 'can-connect-to-database') await withClient(url, (client) => client.query('SELECT 1'));
    else if (command === 'create-database') await createDatabase(url);
    else if (command === 'drop-database') await dropDatabase(url);
    else throw new Error(`unknown command ${command}`);
  } catch (error) {
    const [error_code, message] = knownError(error, url);
    const line = { level: 'ERROR', target: 'schema_engine::logger', fields: { error_code, message } };
    // Prisma skips the first line and parses each of the others.
    process.stderr.write(`schema-engine\n${JSON.stringify(line)}\n`);
    process.exitCode = 1;
  }
}

function onMaintenanceDatabase(url, statement) {
  const maintenance = new URL(url);
  const name = decodeURIComponent(maintenance.pathname.slice(1));
  maintenance.pathname = '/postgres';
  return withClient(maintenance.href, (client) => client.query(statement(client.escapeIdentifier(name))));
}

const createDatabase = (url) => onMaintenanceDatabase(url, (name) => `CREATE DATABASE ${name}`);
const dropDatabase = (url) => onMaintenanceDatabase(url, (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

/** Where the engine leaves the message of a Rust panic before it aborts. */
const panic = {
  message: null,
  set_message(text) {
    panic.message = text;
  },
};
globalThis.PRISMA_WASM_PANIC_REGISTRY = panic;

async function loadEngine() {
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': module });
  module['__wbg_set_wasm'](instance.exports);
  instance.exports['__wbindgen_start']();
  return module;
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** An error of the adapter comes back only as its number: the registry still has the error itself. */
function resolveError(error, registry) {
  const id = /^External error id#(\d+)$/.exec(error?.message ?? '')?.[1];
  return (id && registry.consumeError(Number(id))?.error) || error;
}

function errorData(error) {
  const known = error?.code && error?.meta !== undefined;
  return {
    is_panic: false,
    message: error?.message ?? String(error),
    ...(known ? { error_code: error.code, meta: error.meta } : {}),
  };
}

async function serve() {
  const { SchemaEngine } = await loadEngine();
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(datasource.url),
    connectToShadowDb: connectToShadow,
  });
  const datamodels = flags.datamodels?.map((file) => [file, readFileSync(file, 'utf8')]);
  let engine;
  let printed = 0;
  let pending;

  // A panic surfaces outside of the call that caused it, which would never be answered: Prisma would end with
  // code 0 and no word.
  process.on('uncaughtException', (error) => {
    const text = `The schema engine panicked: ${panic.message ?? error?.stack ?? error}`;
    if (pending !== undefined)
      send({ id: pending, error: { code: 4466, message: text, data: { is_panic: false, message: text } } });
    process.exitCode = 1;
    process.stdin.destroy();
  });

  async function call(method, params) {
    if (method === 'createDatabase') return createDatabase(datasource.url).then(() => ({ databaseName: '' }));
    engine ??= await SchemaEngine.new(
      { datamodels },
      (log) => process.env.DEBUG && process.stderr.write(`${log}\n`),
      factory,
    );
    if (method === 'getDatabaseVersion') return engine.version(params);
    const result = await engine[method](params);
    if (method === 'diff' && result.stdout)
      send({ id: `print-${++printed}`, method: 'print', params: { content: result.stdout } });
    return result ?? null;
  }

  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (!line.trim()) continue;
    const { id, method, params } = JSON.parse(line);
    if (!method) continue;
    pending = id;
    try {
      send({ id, result: await call(method, params) });
    } catch (error) {
      if (process.env.DEBUG) console.error(error);
      send({
        id,
        error: {
          code: 4466,
          message: 'An error happened. Check the data field for details.',
          data: errorData(resolveError(error, factory.errorRegistry)),
        },
      });
    }
  }
}

if (flags.version) {
  console.log(`schema-engine-cli ${createRequire(import.meta.url)('prisma/package.json').version}`);
} else if (positionals[0] === 'cli') {
  await runCli(positionals[1]);
} else {
  await serve();
  process.exit(0);
}
