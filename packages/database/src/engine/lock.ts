import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from './error-code.ts';
import { processIdentity } from './process-identity.ts';

export type EngineLock = {
  pid: number;
  /** The process that started it: asked to stop, it stops both. */
  parentPid: number;
  /** Start time of the process, so that a reused number is not taken for the owner. */
  identity: string;
  host: string;
  since: string;
  port: number | null;
  url: string | null;
};

export const HEARTBEAT_MS = 5_000;
const OTHER_HOST_STALE_MS = 4 * HEARTBEAT_MS;
const TAKEOVER_STALE_MS = 10_000;

const lockFile = (dataDir: string) => join(dataDir, 'engine.lock');

/** The live owner of the folder, or null. A lock whose owner is gone counts as absent. */
export function readLiveLock(dataDir: string): EngineLock | null {
  const lock = readLock(dataDir);
  return lock && isAlive(dataDir, lock) ? lock : null;
}

/** Whether the engine has lost its parent: it finishes its statement, closes and is gone in a moment. */
export function isClosing(owner: EngineLock): boolean {
  return owner.host === hostname() && processIdentity(owner.parentPid) === null;
}

/** Takes the folder for this process; answers the present owner's lock when there is a live one. */
export async function acquireLock(dataDir: string): Promise<{ held: true } | { held: false; owner: EngineLock }> {
  const own: EngineLock = {
    pid: process.pid,
    parentPid: process.ppid,
    identity: processIdentity(process.pid) ?? 'unknown',
    host: hostname(),
    since: new Date().toISOString(),
    port: null,
    url: null,
  };
  for (;;) {
    if (createLock(dataDir, own)) return { held: true };
    const present = readLock(dataDir);
    if (present && isAlive(dataDir, present)) return { held: false, owner: present };
    if (!removeStaleLock(dataDir)) await sleep(50);
  }
}

export function publishAddress(dataDir: string, port: number, url: string): void {
  const lock = readLock(dataDir);
  if (lock?.pid !== process.pid) throw new Error('engine.lock was taken by another process');
  const file = `${lockFile(dataDir)}.${process.pid}`;
  writeFileSync(file, JSON.stringify({ ...lock, port, url }), { mode: 0o600 });
  renameSync(file, lockFile(dataDir));
}

export function touchLock(dataDir: string): void {
  try {
    utimesSync(lockFile(dataDir), new Date(), new Date());
  } catch {
    // The folder was removed under the running engine: nothing is left to protect.
  }
}

export function releaseLock(dataDir: string): void {
  try {
    if (readLock(dataDir)?.pid === process.pid) unlinkSync(lockFile(dataDir));
  } catch {
    // A lock that stays behind is found stale by the next owner.
  }
}

/** Hard-linking a finished file: the lock appears whole or not at all, and never over another. */
function createLock(dataDir: string, lock: EngineLock): boolean {
  const file = `${lockFile(dataDir)}.${process.pid}`;
  writeFileSync(file, JSON.stringify(lock), { mode: 0o600 });
  try {
    linkSync(file, lockFile(dataDir));
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code === 'ENOTSUP' || code === 'EPERM' || code === 'ENOSYS') return createWithoutLink(dataDir, lock);
    throw error;
  } finally {
    unlinkSync(file);
  }
}

function createWithoutLink(dataDir: string, lock: EngineLock): boolean {
  try {
    writeFileSync(lockFile(dataDir), JSON.stringify(lock), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two processes may find the same stale lock; the slower one must not remove the faster one's new lock.
 * Only the maker of the `engine.takeover` folder removes, after looking again. False: someone else is at it.
 */
function removeStaleLock(dataDir: string): boolean {
  const guard = join(dataDir, 'engine.takeover');
  try {
    mkdirSync(guard);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const age = ageOf(guard);
    if (age !== null && age > TAKEOVER_STALE_MS) rmdirSync(guard);
    return false;
  }
  try {
    const lock = readLock(dataDir);
    if (!lock || !isAlive(dataDir, lock)) unlinkSync(lockFile(dataDir));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  } finally {
    rmdirSync(guard);
  }
  return true;
}

function readLock(dataDir: string): EngineLock | null {
  try {
    const lock: EngineLock = JSON.parse(readFileSync(lockFile(dataDir), 'utf8'));
    return lock;
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

/** A process of another host (a container sharing the folder) cannot be looked up: its heartbeat tells. */
function isAlive(dataDir: string, lock: EngineLock): boolean {
  if (lock.host !== hostname()) {
    const age = ageOf(lockFile(dataDir));
    return age !== null && age < OTHER_HOST_STALE_MS;
  }
  return processIdentity(lock.pid) === lock.identity;
}

function ageOf(path: string): number | null {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return null;
  }
}
