import { fork, type ChildProcess } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EngineError } from './engine-error.ts';
import { errorCode } from './error-code.ts';
import { readLiveLock, type EngineLock } from './lock.ts';
import type { ChildMessage, EngineSettings, ParentMessage } from './messages.ts';

export type EmbeddedEngine = {
  url: string;
  /** False: another process runs it, and `stop` leaves it running. */
  owned: boolean;
  /** The database was made by this call. */
  isNew: boolean;
  /** Closes the database cleanly and waits for the process to end. */
  stop: () => Promise<void>;
};

/** An engine in memory can also write its whole database to a file, from which others start. */
export type MemoryEngine = EmbeddedEngine & { dump: (file: string) => Promise<void> };

export type Progress = (text: string) => void;

const MAX_CONNECTIONS = 50;
const JOIN_TIMEOUT_MS = 120_000;

/**
 * Opens the PostgreSQL that lives in `dataDir`, in a process of its own that ends with this one. When a live
 * process already runs it, joins that one, or with `exclusive` throws `EngineError` `in_use`.
 * `template` is a file written by `MemoryEngine.dump`, used only where the folder holds no database yet.
 */
export async function openEmbeddedEngine(options: {
  dataDir: string;
  exclusive?: boolean;
  template?: string | null;
  onProgress?: Progress;
}): Promise<EmbeddedEngine> {
  const dataDir = resolve(options.dataDir);
  const deadline = Date.now() + JOIN_TIMEOUT_MS;
  makeFolder(dataDir);
  for (;;) {
    const owner = readLiveLock(dataDir);
    if (owner && options.exclusive) throw inUse(dataDir, owner);
    if (owner?.url) return { url: owner.url, owned: false, isNew: false, stop: async () => {} };
    if (!owner) {
      options.onProgress?.('Opening the embedded PostgreSQL');
      const engine = await startEngine({
        dataDir,
        template: options.template ?? null,
        maxConnections: MAX_CONNECTIONS,
      });
      if (engine) return engine;
    }
    if (Date.now() > deadline) {
      throw new EngineError('failed', `The process that is opening the data folder ${named(dataDir)} does not finish.`);
    }
    await sleep(50);
  }
}

/** A database that exists only while it runs. */
export async function openMemoryEngine(options: { template?: string | null } = {}): Promise<MemoryEngine> {
  const settings = { dataDir: null, template: options.template ?? null, maxConnections: MAX_CONNECTIONS };
  const engine = await startEngine(settings);
  if (!engine) throw new Error('an engine in memory cannot be in use');
  return engine;
}

/** The process that runs an engine on the folder now, or null. */
export function findEngine(dataDir: string): EngineLock | null {
  return readLiveLock(resolve(dataDir));
}

export function inUse(dataDir: string, owner: EngineLock): EngineError {
  const since = owner.since.slice(0, 19).replace('T', ' ');
  return new EngineError(
    'in_use',
    `The data folder ${named(dataDir)} is in use by process ${owner.pid} since ${since} UTC; stop it or set PIKA_DATA_DIR.`,
  );
}

const named = (path: string) => {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
};

/** One level at a time: Node's own `recursive` never returns where a parent refuses entries with ENOENT, as /proc does. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

function makeFolder(dataDir: string): void {
  try {
    makeFolders(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    closeSync(openSync(join(dataDir, 'engine.log'), 'a', 0o600));
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw new EngineError(
      'unwritable',
      `The data folder ${named(dataDir)} cannot be written (${code}); give access to it or set PIKA_DATA_DIR.`,
      { cause: error },
    );
  }
}

/** Null: another process took the folder first. */
async function startEngine(settings: EngineSettings): Promise<MemoryEngine | null> {
  const child = forkEngine(settings);
  const opened = await new Promise<Extract<ChildMessage, { type: 'ready' }> | null>((resolveReady, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') resolveReady(message);
      if (message.type === 'in_use') resolveReady(null);
      if (message.type === 'failed') reject(new EngineError('failed', startFailure(settings, message.message)));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new EngineError('failed', startFailure(settings, `its process ended with ${signal ?? code}`)));
    });
  });
  if (!opened) return null;
  child.unref();
  child.channel?.unref();
  return {
    url: opened.url,
    owned: true,
    isNew: opened.isNew,
    stop: () => stopEngine(child),
    dump: (file) => dumpEngine(child, file),
  };
}

function startFailure({ dataDir }: EngineSettings, reason: string): string {
  const log = dataDir ? readFileSync(join(dataDir, 'engine.log'), 'utf8').trim().slice(-2000) : '';
  return `The embedded PostgreSQL did not start: ${reason}.${log ? `\n${log}` : ''}`;
}

/** Its own process group, so that Ctrl-C reaches only the parent; its errors go to engine.log. */
function forkEngine(settings: EngineSettings): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./engine-process.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const tsx = isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  const log = settings.dataDir ? openSync(join(settings.dataDir, 'engine.log'), 'a', 0o600) : null;
  try {
    return fork(file, [JSON.stringify(settings)], {
      detached: true,
      execArgv: tsx,
      stdio: ['ignore', 'ignore', log ?? 'ignore', 'ipc'],
    });
  } finally {
    if (log !== null) closeSync(log);
  }
}

async function stopEngine(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  if (child.connected) child.send({ type: 'stop' } satisfies ParentMessage);
  await ended;
}

async function dumpEngine(child: ChildProcess, file: string): Promise<void> {
  child.ref();
  child.channel?.ref();
  await new Promise<void>((done, reject) => {
    const onExit = () => reject(new EngineError('failed', 'The embedded PostgreSQL ended while it was copied.'));
    child.once('exit', onExit);
    child.on('message', function onMessage(message: ChildMessage) {
      if (message.type !== 'dumped') return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      done();
    });
    child.send({ type: 'dump', file } satisfies ParentMessage);
  });
  child.channel?.unref();
  child.unref();
}
