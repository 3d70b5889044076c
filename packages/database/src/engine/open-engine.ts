import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { holdsDatabase, named, prepareDataFolder } from './data-folder.ts';
import { EngineError } from './engine-error.ts';
import { isClosing, readLiveLock, type EngineLock } from './lock.ts';
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

export type MemoryEngine = EmbeddedEngine & {
  /** Writes the whole database to a file, from which others start. */
  dump: (file: string) => Promise<void>;
  /** Drops the database and opens another from the template, in the same process. Answers its address. */
  renew: () => Promise<string>;
};

export type Progress = (text: string) => void;

type Opened = Extract<ChildMessage, { type: 'ready' }>;

const MAX_CONNECTIONS = 50;
const JOIN_TIMEOUT_MS = 120_000;

export type OpenOptions = {
  dataDir: string;
  exclusive?: boolean;
  /** Where no database was made yet, throws `EngineError` `absent` and makes nothing. */
  existing?: boolean;
  template?: string | null;
  onProgress?: Progress;
  /**
   * With it, an engine of ours that dies unasked is started again at its former address, which `onProgress` tells;
   * this is called when that fails.
   */
  onLost?: (error: EngineError) => void;
};

/**
 * Opens the PostgreSQL that lives in `dataDir`, in a process of its own that ends with this one. When a live
 * process already runs it, joins that one, or with `exclusive` throws `EngineError` `in_use`.
 * `template` is a file written by `MemoryEngine.dump`, used only where the folder holds no database yet.
 */
export async function openEmbeddedEngine(options: OpenOptions): Promise<EmbeddedEngine> {
  const dataDir = resolve(options.dataDir);
  const deadline = Date.now() + JOIN_TIMEOUT_MS;
  if (options.existing && !holdsDatabase(dataDir) && readLiveLock(dataDir) === null) throw absent(dataDir);
  prepareDataFolder(dataDir);
  for (;;) {
    const owner = readLiveLock(dataDir);
    const running = owner && !isClosing(owner) ? owner : null;
    if (running && options.exclusive) throw inUse(dataDir, running);
    if (running?.url) return { url: running.url, owned: false, isNew: false, stop: async () => {} };
    if (!owner) {
      options.onProgress?.('Opening the embedded PostgreSQL');
      const settings = { dataDir, template: options.template ?? null, maxConnections: MAX_CONNECTIONS };
      const engine = await startEngine(settings, options);
      if (engine) return engine;
    }
    if (Date.now() > deadline) {
      throw new EngineError(
        'failed',
        `The process that is opening or closing the data folder ${named(dataDir)} does not finish.`,
      );
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
    `The data folder ${named(dataDir)} is in use by process ${owner.parentPid} since ${since} UTC; stop it or set PIKA_DATA_DIR.`,
  );
}

function absent(dataDir: string): EngineError {
  return new EngineError('absent', `There is no database in ${named(dataDir)}; set PIKA_DATA_DIR or DATABASE_URL.`);
}

/** Null: another process took the folder first. */
async function startEngine(
  settings: EngineSettings,
  { onProgress = () => {}, onLost }: Pick<OpenOptions, 'onProgress' | 'onLost'> = {},
): Promise<MemoryEngine | null> {
  let child = forkEngine(settings);
  let isStopping = false;
  const opened = await untilOpened(child, settings);
  if (!opened) return null;
  const { url, isNew } = opened;
  if (onLost) watch(onLost);

  function watch(lost: (error: EngineError) => void): void {
    child.once('exit', (code, signal) => {
      if (!isStopping) void startAgain(signal ?? `code ${code}`, lost);
    });
  }

  async function startAgain(reason: string, lost: (error: EngineError) => void): Promise<void> {
    onProgress(`The embedded PostgreSQL ended unexpectedly (${reason}); it is started again`);
    const deadline = Date.now() + JOIN_TIMEOUT_MS;
    try {
      let isOpen = false;
      while (!isOpen && Date.now() < deadline) {
        child = forkEngine(settings, url);
        isOpen = (await untilOpened(child, settings)) !== null;
        if (isStopping) return;
      }
      if (!isOpen) throw new Error('another process keeps its data folder');
      watch(lost);
      onProgress('The embedded PostgreSQL is back');
    } catch (error) {
      if (isStopping) return;
      const text = error instanceof Error ? error.message : String(error);
      lost(new EngineError('failed', `The embedded PostgreSQL ended and did not come back: ${text}`, { cause: error }));
    }
  }

  return {
    url,
    owned: true,
    isNew,
    stop: () => {
      isStopping = true;
      return stopEngine(child);
    },
    dump: (file) => dumpEngine(child, file),
    renew: () => renewEngine(child, settings),
  };
}

/** Resolves when the engine answers, or to null when another process holds the folder. */
function untilOpened(child: ChildProcess, settings: EngineSettings): Promise<Opened | null> {
  return new Promise((resolveReady, reject) => {
    const onMessage = (message: ChildMessage) => {
      if (message.type === 'failed') onFailed(message.message);
      if (message.type !== 'ready' && message.type !== 'in_use') return;
      leave();
      resolveReady(message.type === 'ready' ? message : null);
    };
    const onExit = (code: number | null, signal: string | null) => onFailed(`its process ended with ${signal ?? code}`);
    const onFailed = (reason: string) => {
      leave();
      reject(new EngineError('failed', startFailure(settings, reason)));
    };
    const leave = () => {
      child.off('message', onMessage).off('exit', onExit);
      child.unref();
      child.channel?.unref();
    };
    child.on('message', onMessage).once('exit', onExit).once('error', reject);
  });
}

function startFailure({ dataDir }: EngineSettings, reason: string): string {
  const log = dataDir ? readFileSync(join(dataDir, 'engine.log'), 'utf8').trim().slice(-2000) : '';
  return `The embedded PostgreSQL did not start: ${reason}.${log ? `\n${log}` : ''}`;
}

/**
 * Its own process group, so that Ctrl-C reaches only the parent; its errors go to engine.log. The address it had
 * before holds a password: everybody can read a process's arguments, only its user the environment.
 */
function forkEngine(settings: EngineSettings, formerUrl?: string): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./engine-process.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const tsx = isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  const log = settings.dataDir ? openSync(join(settings.dataDir, 'engine.log'), 'a', 0o600) : null;
  try {
    return fork(file, [JSON.stringify(settings)], {
      detached: true,
      execArgv: tsx,
      env: { ...process.env, ...(formerUrl ? { PIKA_ENGINE_URL: formerUrl } : {}) },
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

async function renewEngine(child: ChildProcess, settings: EngineSettings): Promise<string> {
  child.ref();
  child.channel?.ref();
  // What was left of the opening before.
  child.removeAllListeners('error');
  const opened = untilOpened(child, settings);
  child.send({ type: 'renew' } satisfies ParentMessage);
  return (await opened)!.url;
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
