/**
 * The child process that owns an embedded PostgreSQL. It lives exactly as long as the process that started it:
 * when the channel to that parent closes, by whatever death, it closes the database cleanly and ends.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, openAsBlob, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { fuzzystrmatch } from '@electric-sql/pglite/contrib/fuzzystrmatch';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { postgis } from '@electric-sql/pglite-postgis';
import { COMPLETE } from './data-folder.ts';
import { HEARTBEAT_MS, acquireLock, publishAddress, releaseLock, touchLock } from './lock.ts';
import type { ChildMessage, EngineSettings, ParentMessage } from './messages.ts';
import { WireServer } from './wire-server.ts';

const FAILED_CLOSE_MS = 1_000;

const settings: EngineSettings = JSON.parse(process.argv[2] ?? '{}');
const { dataDir, template } = settings;
/** The address of the engine that this one comes back for. */
const former = process.env['PIKA_ENGINE_URL'];
let database: PGlite | null = null;
let server: WireServer | null = null;
let closing: Promise<void> | null = null;

// A signal to the whole group or service: the parent, which still answers requests, says when.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});
process.on('disconnect', () => close(0));
process.on('uncaughtException', (error) => fail(error));
process.on('unhandledRejection', (error) => fail(error));
process.on('message', (message: ParentMessage) => {
  if (message.type === 'stop') close(0);
  else if (message.type === 'renew') void renew();
  else void dump(message.file);
});

function send(message: ChildMessage): void {
  if (process.connected) process.send!(message);
}

function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  console.error(error);
  send({ type: 'failed', message: text });
  // A broken backend may not be able to close either.
  setTimeout(() => process.exit(1), FAILED_CLOSE_MS);
  close(1);
}

function close(code: number): void {
  closing ??= (async () => {
    try {
      await server?.close();
      await database?.close();
    } catch (error) {
      console.error(error);
    }
    if (dataDir) releaseLock(dataDir);
    process.exit(code);
  })();
}

async function dump(file: string): Promise<void> {
  const blob = await database!.runExclusive(() => database!.dumpDataDir('none'));
  await writeFile(`${file}.${process.pid}`, new Uint8Array(await blob.arrayBuffer()));
  await rename(`${file}.${process.pid}`, file);
  send({ type: 'dumped' });
}

/** What WebAssembly was compiled to stays: the next database opens in half the time, and runs as the last one did at its end. */
async function renew(): Promise<void> {
  await server!.close();
  await database!.close();
  await open();
}

async function open(): Promise<void> {
  if (dataDir) {
    const lock = await acquireLock(dataDir);
    if (!lock.held) {
      send({ type: 'in_use' });
      process.exit(0);
    }
    if (!former) truncateSync(join(dataDir, 'engine.log'));
    setInterval(() => touchLock(dataDir), HEARTBEAT_MS).unref();
  }
  const files = dataDir ? join(dataDir, 'postgres') : 'memory://';
  const complete = dataDir ? join(dataDir, COMPLETE) : null;
  if (complete && !existsSync(complete)) rmSync(files, { recursive: true, force: true });
  const isNew = !complete || !existsSync(complete);
  database = await PGlite.create(files, {
    extensions: { postgis, pgcrypto, pg_trgm, unaccent, fuzzystrmatch, btree_gist },
    ...(isNew && template ? { loadDataDir: await openAsBlob(template) } : {}),
  });
  if (complete) writeFileSync(complete, '');
  const address = former ? new URL(former) : null;
  const password = address?.password ?? randomBytes(16).toString('hex');
  server = new WireServer({ backend, password, maxConnections: settings.maxConnections, onBroken: fail });
  const port = await server.listen(Number(address?.port ?? 0));
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  if (dataDir) publishAddress(dataDir, port, url);
  send({ type: 'ready', url, isNew });
}

/**
 * PostgreSQL's way out of an ERROR is a thrown exception here, which leaves the statement's frames (1.2 kB) on
 * WebAssembly's stack: after 1,700 errors every statement would fail with "stack depth limit exceeded".
 */
async function backend(bytes: Uint8Array): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stackPointer: { value: number } = Reflect.get(database!.Module, '___stack_pointer');
  const { value } = stackPointer;
  try {
    await database!.execProtocolRawStream(bytes, { onRawData: (data) => chunks.push(Buffer.from(data)) });
  } finally {
    stackPointer.value = value;
  }
  return Buffer.concat(chunks);
}

await open();
if (!process.connected) close(0);
