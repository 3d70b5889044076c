import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EngineError } from './engine-error.ts';
import { errorCode } from './error-code.ts';

/** These names and the rule of `isOurs` stand in tools/reset.mjs too, which runs before anything is installed. */
const MARKER = 'pika-folder.txt';
/** Written last: a folder whose first start was cut short is made anew. */
export const COMPLETE = 'postgres.complete';
const ENTRIES = ['postgres', 'engine.log', 'engine.lock', 'engine.takeover'];
const MARKER_TEXT = 'The embedded database of Pika lives in this folder. `npm run reset` removes it.\n';

/**
 * Makes the folder ready for an engine, with the marker that says whose it is. One that holds files of an engine's
 * names without being marked is somebody else's: it is left as it is, with `EngineError` `foreign`.
 */
export function prepareDataFolder(dataDir: string): void {
  try {
    makeFolders(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    // The entry is looked for before the marker, which is written first: a start at the same time is no stranger.
    const entry = ENTRIES.find((name) => existsSync(join(dataDir, name)));
    if (entry && !isOurs(dataDir)) throw foreign(dataDir, entry);
    writeFileSync(join(dataDir, MARKER), MARKER_TEXT, { mode: 0o600 });
    closeSync(openSync(join(dataDir, 'engine.log'), 'a', 0o600));
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const code = errorCode(error) ?? 'unknown';
    throw new EngineError(
      'unwritable',
      `The data folder ${named(dataDir)} cannot be written (${code}); give access to it or set PIKA_DATA_DIR.`,
      { cause: error },
    );
  }
}

export function holdsDatabase(dataDir: string): boolean {
  return existsSync(join(dataDir, COMPLETE));
}

/** `postgres.complete` marks the folders of before there was a marker. */
function isOurs(dataDir: string): boolean {
  return existsSync(join(dataDir, MARKER)) || holdsDatabase(dataDir);
}

function foreign(dataDir: string, entry: string): EngineError {
  return new EngineError(
    'foreign',
    `The data folder ${named(dataDir)} holds ${entry}, which Pika did not make; set PIKA_DATA_DIR to another folder.`,
  );
}

/** The path as a person at this terminal would write it. */
export function named(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

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
