import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'pika-tools-'));
const dataDir = join(folder, 'none');
const places = join(folder, 'places.json');
writeFileSync(places, '{"version":0.6,"elements":[]}');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
  expect(await run(command, dataDir, 'postgres://pika@127.0.0.1:1/pika')).toMatchObject({
    code: 1,
    stderr:
      'The database of DATABASE_URL cannot be used at 127.0.0.1:1/pika (ECONNREFUSED); mend it, or unset DATABASE_URL for the embedded one.\n',
  });
});

it.each(commands)('%s makes no database where there is none, and says so', { timeout: 60_000 }, async (command) => {
  expect(await run(command, dataDir, '')).toMatchObject({
    code: 1,
    stderr: `There is no database in ${dataDir}; set PIKA_DATA_DIR or DATABASE_URL.\n`,
  });
  expect(existsSync(dataDir)).toBe(false);
});
