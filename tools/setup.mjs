// Plain JavaScript without dependencies that even old versions of Node can parse: it runs before anything is installed.
import { spawn, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const startedAt = Date.now();
const STOP_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
const inRoot = (path) => join(root, path);

export function say(text) {
  console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${text}`);
}

export function stopWith(text) {
  console.error(text);
  process.exit(1);
}

/** Everything a fresh clone lacks: the right Node, the packages, the generated database client. */
export function setUp() {
  checkNode();
  install();
  generateClient();
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stopWith(
      `Pika needs Node.js 20.19 or later and this is ${process.versions.node}: install a newer one from https://nodejs.org.`,
    );
  }
}

function install() {
  const lock = hashOf([inRoot('package-lock.json')]);
  const stamp = inRoot('node_modules/.pika-installed');
  if (readIfThere(stamp) === lock) return;
  // npm writes this file last: newer than our lockfile means somebody ran npm ci by hand, to the end.
  const finished = inRoot('node_modules/.package-lock.json');
  if (!existsSync(finished) || timeOf(finished) < timeOf(inRoot('package-lock.json'))) {
    say('Installing packages with npm ci (a minute or two the first time)');
    const { status } = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    if (status !== 0)
      stopWith('The packages could not be installed: npm says above why. Then run the same command again.');
    say('Packages installed');
  }
  writeFileSync(stamp, lock);
}

function npm(args) {
  const npmScript = process.env.npm_execpath;
  if (npmScript && /npm-cli\.[cm]?js$/.test(npmScript)) {
    return spawnSync(process.execPath, [npmScript].concat(args), { cwd: root, stdio: 'inherit' });
  }
  return spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
}

function generateClient() {
  const folder = inRoot('packages/database');
  const schema = join(folder, 'prisma/schema');
  const sources = readdirSync(schema)
    .map((name) => join(schema, name))
    .concat(join(folder, 'package.json'));
  const state = hashOf(sources);
  const stamp = inRoot('node_modules/.cache/pika/generated');
  if (readIfThere(stamp) === state && existsSync(join(folder, 'src/generated/client.ts'))) return;
  say('Generating the database client from the Prisma schema');
  const generated = spawnSync(process.execPath, [inRoot('node_modules/prisma/build/index.js'), 'generate'], {
    cwd: folder,
    encoding: 'utf8',
    env: Object.assign({}, process.env, {
      PRISMA_SCHEMA_ENGINE_BINARY: join(folder, 'bin/schema-engine.mjs'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    }),
  });
  if (generated.status !== 0)
    stopWith(`The database client could not be generated:\n${generated.stdout}${generated.stderr}`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** Bundles the page for consumers, where its sources have changed since. */
export function buildPage() {
  const folder = inRoot('apps/page');
  const sources = ['build.ts', 'counter.html', 'index.html', 'package.json'].map((name) => join(folder, name));
  const folders = [join(folder, 'src'), join(folder, 'worker'), inRoot('packages/shared/src/voucher-token')];
  const state = hashOf(
    folders.reduce((found, each) => found.concat(filesIn(each)), sources).concat(inRoot('package-lock.json')),
  );
  const stamp = inRoot('node_modules/.cache/pika/page');
  if (readIfThere(stamp) === state && existsSync(join(folder, 'dist/site/index.html'))) return;
  say('Building the page');
  const built = spawnSync(process.execPath, ['--import', 'tsx', join(folder, 'build.ts')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (built.status !== 0) stopWith(`The page could not be built:\n${built.stdout}${built.stderr}`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/**
 * Runs a TypeScript file of the repository until it ends, and answers its exit code.
 *
 * The child stands in a process group of its own. Ctrl-C reaches this process from the terminal and again from
 * npm; the child gets it once. If this process dies without a word, the child is told by its closed channel
 * (exit-with-parent.mjs).
 */
export function runTypeScript(file, args) {
  const preload = new URL('./exit-with-parent.mjs', import.meta.url).href;
  const settings = existsSync(inRoot('.env')) ? [`--env-file=${inRoot('.env')}`] : [];
  const node = ['--conditions=@pika/source', '--import', preload, '--import', 'tsx', inRoot(file)];
  const child = spawn(process.execPath, settings.concat(node, args), {
    cwd: root,
    env: Object.assign({}, process.env, { PIKA_STARTED_AT: String(Date.now() - process.uptime() * 1000) }),
    detached: process.platform !== 'win32',
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const passed = {};
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
    process.on(signal, () => {
      const now = Date.now();
      if (passed[signal] && now - passed[signal] < 500) return;
      passed[signal] = now;
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  });
  // SIGTERM to npm ends npm and its shell and goes no further: without them this process stops too.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (!process.env.npm_lifecycle_event || process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
  return exitCodeOf(child);
}

/** Runs a program of node_modules in the foreground and answers its exit code; Ctrl-C is its affair. */
export function runTool(script, args) {
  process.on('SIGINT', () => {});
  return exitCodeOf(spawn(process.execPath, [inRoot(script)].concat(args), { cwd: root, stdio: 'inherit' }));
}

function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal && !STOP_CODES[signal]) console.error(`The program was ended by ${signal}.`);
      resolve(code === null ? STOP_CODES[signal] || 1 : code);
    });
  });
}

function hashOf(files) {
  const hash = createHash('sha256');
  files.forEach((file) => hash.update(file.slice(root.length)).update(readFileSync(file)));
  return hash.digest('hex');
}

function filesIn(folder) {
  return readdirSync(folder).reduce((files, name) => {
    const path = join(folder, name);
    return files.concat(statSync(path).isDirectory() ? filesIn(path) : path);
  }, []);
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function timeOf(file) {
  return statSync(file).mtimeMs;
}
