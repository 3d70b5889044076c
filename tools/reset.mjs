// Removes the embedded database. Works on a fresh clone: nothing has to be installed.
import { existsSync, readFileSync, readdirSync, rmdirSync } from 'fs';
import * as fs from 'fs';
import { hostname } from 'os';
import { join, relative, resolve } from 'path';
import { root, stopWith } from './setup.mjs';

const given = process.env.PIKA_DATA_DIR;
const folder = given ? resolve(process.env.INIT_CWD || process.cwd(), given) : join(root, '.pika');
const short = relative(process.cwd(), folder);
const name = short === '' || short.startsWith('..') ? folder : short;

/** The same rule as packages/database/src/engine/process-identity.ts. */
function isAlive(lock) {
  if (lock.host !== hostname()) return Date.now() - fs.statSync(join(folder, 'engine.lock')).mtimeMs < 20000;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
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

function remove(path) {
  (fs.rmSync || fs.rmdirSync)(path, { recursive: true, force: true });
}

if (!existsSync(folder)) {
  console.log(`Nothing to remove: there is no data folder ${name}.`);
} else {
  const lock = readLock();
  if (lock && isAlive(lock)) {
    const since = lock.since.slice(0, 19).replace('T', ' ');
    stopWith(
      `The data folder ${name} is in use by process ${lock.pid} since ${since} UTC; stop Pika first, then reset.`,
    );
  }
  if (given) {
    // A folder somebody chose may hold other things: only what the engine made goes.
    ['postgres', 'postgres.complete', 'engine.log', 'engine.lock', 'engine.takeover'].forEach((entry) => {
      if (existsSync(join(folder, entry))) remove(join(folder, entry));
    });
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } else {
    remove(folder);
  }
  console.log(`Removed the embedded database in ${name}.`);
}
