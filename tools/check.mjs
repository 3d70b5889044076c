// Everything that continuous integration checks, in one command. All steps run, whatever fails; the last line counts.
import { spawnSync } from 'child_process';
import { existsSync, readFileSync, rmSync } from 'fs';
import { join, relative } from 'path';
import { root, setUp } from './setup.mjs';

setUp();

const tests = join(root, 'node_modules/.cache/pika/tests.json');
const prismaCli = 'packages/database/src/prisma-cli/main.ts';
const run = (file, ...args) => ['tools/run.mjs', file, ...args];
const npm = (...args) => [process.env.npm_execpath, ...args];
const reports = ['--reporter=default', '--reporter=json', `--outputFile=${tests}`];
const test = npm('test', '--', ...reports);

// What imports nothing that asks for a database ran in the step before; so did what asks the API alone.
const asksForDatabase = 'packages/tests/src/test-database.ts';
const alike = ['packages/tests/test/*/**', 'apps/page/**'];
const onEmbedded = [
  'node_modules/vitest/vitest.mjs',
  'related',
  asksForDatabase,
  '--run',
  '--passWithNoTests=false',
  ...alike.map((files) => `--exclude=${files}`),
  ...reports,
];

const steps = [
  { name: 'Formatting', args: npm('run', '--silent', 'format:check') },
  { name: 'Lint and directions of imports', args: npm('run', '--silent', 'lint') },
  { name: 'Types', args: npm('run', '--silent', 'types') },
  { name: 'OpenAPI documents are current', args: run('tools/src/export-openapi.ts', '--check') },
  { name: 'Nothing breaks clients of the released documents', args: run('tools/src/openapi-breaking.ts') },
  { name: 'The document of the schema is current', args: run('tools/src/schema-docs.ts', '--check') },
  { name: 'Documents name what exists', args: run('tools/src/check-docs.ts') },
  { name: 'Migrations block nobody (squawk)', args: run('tools/src/lint-migrations.ts') },
  { name: 'Migrations agree with the schema and the SQL objects', args: run(prismaCli, 'migrate:diff') },
  { name: 'Migrations replay up, down and up', args: run(prismaCli, 'migrate:replay') },
  { name: 'Tests on the best database here', args: test },
  { name: 'Tests on the embedded engine', args: onEmbedded, environment: { PIKA_TEST_DATABASE: 'embedded' } },
];

let passed = 0;
let failed = 0;
const failures = [];
for (const { name, args, environment } of steps) {
  console.log(`\n=== ${name}`);
  rmSync(tests, { force: true });
  const startedAt = Date.now();
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: Object.assign({}, process.env, environment),
  });
  const result = existsSync(tests) ? JSON.parse(readFileSync(tests, 'utf8')) : null;
  if (result !== null) {
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    failures.push(...failedTests(name, result));
  }
  if (result === null || (status !== 0 && result.numFailedTests === 0)) {
    if (status === 0) passed += 1;
    else {
      failed += 1;
      failures.push(`${name}: exit ${status}`);
    }
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`=== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
}
// Once more at the end, for whoever sees the last lines only.
if (failures.length > 0) console.log(`\n=== Failed\n${failures.join('\n')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function failedTests(step, { testResults }) {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const named = assertionResults
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages }) => `${step}: ${file} > ${fullName}\n${firstLines(failureMessages.join('\n'))}`,
      );
    return named.length > 0 || !message ? named : [`${step}: ${file}\n${firstLines(message)}`];
  });
}

function firstLines(text) {
  return text
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');
}
