// Removes the embedded database. Works on a fresh clone: nothing has to be installed.
import { existsSync, readFileSync, readdirSync, rmdirSync } from 'fs';
import * as fs from 'fs';
import { hostname } from 'os';
import { join, relative, resolve } from 'path';
import { checkNode, root, stopWith } from './setup.mjs';

checkNode();
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
const folder = resolve(root, (process.env.PIKA_DATA_DIR || '').trim() || '.pika');
const short = relative(process.cwd(), folder);
const name = short === '' || short.startsWith('..') ? folder : short;

/** The names and the rule of packages/database/src/engine/data-folder.ts; the marker goes last. */
const entries = ['postgres', 'engine.log', 'engine.lock', 'engine.takeover', 'postgres.complete', 'pika-folder.txt'];
const found = entries.filter((entry) => existsSync(join(folder, entry)));
const isOurs = found.includes('pika-folder.txt') || found.includes('postgres.complete');

function isThere(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return true;
}

/** The same rule as packages/database/src/engine/process-identity.ts. */
function isAlive(lock) {
  if (lock.host !== hostname()) return Date.now() - fs.statSync(join(folder, 'engine.lock')).mtimeMs < 20000;
  if (!isThere(lock.pid)) return false;
  try {
    const stat = readFileSync(`/proc/${lock.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] !== 'Z' && lock.identity === `${boot}/${fields[19]}`;
  } catch {
    return process.platform !== 'linux';
  }
}

function readLock() {
  try {
    return JSON.parse(readFileSync(join(folder, 'engine.lock'), 'utf8'));
  } catch {
    return null;
  }
}

if (found.length === 0) {
  console.log(`Nothing to remove: there is no embedded database in ${name}.`);
} else if (!isOurs) {
  stopWith(`The data folder ${name} holds ${found[0]}, which Pika did not make; nothing was removed.`);
} else {
  const lock = readLock();
  if (lock && isAlive(lock)) {
    if (lock.host === hostname() && !isThere(lock.parentPid)) {
      stopWith(`The embedded database in ${name} is just being closed; reset again in a moment.`);
    }
    const since = lock.since.slice(0, 19).replace('T', ' ');
    stopWith(
      `The data folder ${name} is in use by process ${lock.parentPid} since ${since} UTC; stop Pika first, then reset.`,
    );
  }
  // Mails lead to people who are gone.
  [...found, 'mail'].forEach((entry) => fs.rmSync(join(folder, entry), { recursive: true, force: true }));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  console.log(`Removed the embedded database in ${name}.`);
}
if ((process.env.DATABASE_URL || '').trim()) {
  console.log('The database of DATABASE_URL is as it was: npx nx run @pika/database:prisma:migrate:reset -- --force');
}
