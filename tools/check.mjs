// Everything that continuous integration checks, in one command. All steps run, whatever fails; the last line counts.
import { spawnSync } from 'child_process';
import { existsSync, readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { root, setUp } from './setup.mjs';

setUp();

const tests = join(root, 'node_modules/.cache/pika/tests.json');
const run = (file, ...args) => [process.execPath, ['tools/run.mjs', file, ...args]];
const npm = (...args) => [process.execPath, [process.env.npm_execpath, ...args]];
const testing = (...args) =>
  npm('test', '--', '--reporter=default', '--reporter=json', `--outputFile=${tests}`, ...args);

const steps = [
  ['Formatting', npm('run', '--silent', 'format:check')],
  ['Lint and directions of imports', npm('run', '--silent', 'lint')],
  ['Types', npm('run', '--silent', 'types')],
  ['OpenAPI documents are current', run('tools/src/export-openapi.ts', '--check')],
  ['Documents name what exists', run('tools/src/check-docs.ts')],
  ['Tests on the best database here', testing()],
  ['Tests on the embedded engine', testing(), { PIKA_TEST_DATABASE: 'embedded' }],
];

let passed = 0;
let failed = 0;
for (const [name, [command, args], environment] of steps) {
  console.log(`\n=== ${name}`);
  rmSync(tests, { force: true });
  const startedAt = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const result = existsSync(tests) ? JSON.parse(readFileSync(tests, 'utf8')) : null;
  if (result !== null) {
    passed += result.numPassedTests;
    failed += result.numFailedTests;
  }
  if (result === null || (status !== 0 && result.numFailedTests === 0)) {
    if (status === 0) passed += 1;
    else failed += 1;
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`=== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
