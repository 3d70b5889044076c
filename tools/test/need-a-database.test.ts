import { emptyDatabase } from '@pika/database/tooling';
import { createTestDatabase } from '@pika/tests';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pika-tools-'));
const dataDir = join(folder, 'none');
const places = join(folder, 'places.json');
writeFileSync(places, '{"version":0.6,"elements":[]}');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, url: string) {
  const [file = '', ...args] = command.split(' ');
  const ours = /^(DATABASE_|PG|PIKA_)/;
  const inherited = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', file, ...args], {
      cwd: root,
      env: { ...Object.fromEntries(inherited), DATABASE_URL: url, PIKA_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const commands = [
  'tools/src/audit-root.ts',
  'tools/src/audit-verify.ts',
  'tools/src/db-report.ts',
  'tools/src/rotate-keys.ts',
  `tools/src/import-places.ts --file ${places} --dry-run`,
  'packages/database/src/prisma-cli/main.ts migrate:status',
  'packages/database/src/prisma-cli/main.ts migrate:rollback --all',
  'packages/database/src/prisma-cli/main.ts migrate:data',
  'packages/database/src/prisma-cli/main.ts migrate:diff --database',
];

it.each(commands)('%s says that nothing answers at DATABASE_URL', { timeout: 60_000 }, async (command) => {
  expect(await run(command, 'postgres://pika@127.0.0.1:1/pika')).toMatchObject({
    code: 1,
    stderr:
      'The database of DATABASE_URL cannot be used at 127.0.0.1:1/pika (ECONNREFUSED); mend it, or unset DATABASE_URL for the embedded one.\n',
  });
});

it.each(commands)('%s makes no database where there is none, and says so', { timeout: 60_000 }, async (command) => {
  expect(await run(command, '')).toMatchObject({
    code: 1,
    stderr: `There is no database in ${dataDir}; set PIKA_DATA_DIR or DATABASE_URL.\n`,
  });
  expect(existsSync(dataDir)).toBe(false);
});

it.each(['audit-root', 'audit-verify', 'rotate-keys'])(
  '%s says of a database without our tables what makes them',
  { timeout: 60_000 },
  async (tool) => {
    const database = await createTestDatabase();
    await emptyDatabase(database.url);
    try {
      expect(await run(`tools/src/${tool}.ts`, database.url)).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^The database waits for \d+ migration\(s\) \(PostgreSQL at .+\); npm start applies them, or npx nx run .+\n$/,
        ),
      });
    } finally {
      await database.close();
    }
  },
);
