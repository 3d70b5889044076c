import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pika-lint-'));
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rules that a file at this place of the repository would break. */
function brokenRules(path: string, text: string): string[] {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/oxlint/bin/oxlint'), '--deny-warnings', '--format=json', path],
    { cwd: folder, encoding: 'utf8' },
  );
  rmSync(file);
  const { diagnostics }: { diagnostics: { code: string }[] } = JSON.parse(stdout);
  return diagnostics.map(({ code }) => code);
}

const mapper = 'apps/vouchers/src/voucher/voucher.mapper.ts';

describe('the linter', () => {
  it.each([
    ["import type { Voucher } from '@prisma/client';\nexport type Answer = Voucher;\n"],
    ["import type { Sql } from '@prisma/client/runtime/client';\nexport type Answer = Sql;\n"],
    [
      "import type { Voucher } from '../../../../packages/database/src/generated/client.ts';\nexport type Answer = Voucher;\n",
    ],
  ])('refuses a public type that is made of Prisma’s: %j', (text) => {
    for (const path of [
      mapper,
      'apps/business/src/city/city.schemas.ts',
      'apps/gateway/src/index.ts',
      'tools/src/x.ts',
    ]) {
      expect(brokenRules(path, text), path).toEqual(['eslint(no-restricted-imports)']);
    }
  });

  it('still refuses an app in another app', () => {
    expect(brokenRules(mapper, "export { businessRouter } from '@pika/business';\n")).toEqual([
      'eslint(no-restricted-imports)',
    ]);
  });

  it.each([
    ['export const f = (db: { $queryRawUnsafe: (text: string) => void }) => db.$queryRawUnsafe("SELECT 1");\n'],
    ['export const f = (db: { $executeRawUnsafe: (text: string) => void }) => db.$executeRawUnsafe("SELECT 1");\n'],
    ['export const f = (Prisma: { raw: (text: string) => void }) => Prisma.raw("SELECT 1");\n'],
  ])('refuses a statement as bare text: %j', (text) => {
    for (const path of [mapper, 'packages/database/src/seed/x.ts', 'packages/database/test/x.test.ts']) {
      expect(brokenRules(path, text), path).toEqual(['eslint(no-restricted-properties)']);
    }
  });

  it('lets through what the product does', () => {
    expect(
      brokenRules(
        mapper,
        "import { sql, type Sql } from '@pika/database';\nexport const f = (id: string): Sql => sql`SELECT ${id}`;\n",
      ),
    ).toEqual([]);
  });
});
