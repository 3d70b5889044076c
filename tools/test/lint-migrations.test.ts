import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsFolder } from '@pika/database/tooling';
import { beforeEach, expect, it } from 'vitest';
import { excuses } from '../src/migration-lint/excuses.ts';
import { lintMigrations } from '../src/migration-lint/lint.ts';

const header = `SET LOCAL lock_timeout = '5s';\n`;
const name = '20990101000000_notes';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pika-migrations-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const general = excuses.filter(({ of }) => !/^\d/.test(of));

function lint(up: string, down = `${header}SELECT 1;\n`, allowed = general): string[] {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), up);
  writeFileSync(join(folder, name, 'down.sql'), down);
  return lintMigrations(folder, allowed);
}

it('finds nothing unexcused in the history', () => {
  expect(lintMigrations(migrationsFolder, excuses)).toEqual([]);
});

it.each([
  ['ban-drop-column', 'ALTER TABLE notes.notes DROP COLUMN text;'],
  ['renaming-column', 'ALTER TABLE notes.notes RENAME COLUMN text TO words;'],
  ['require-concurrent-index-creation', 'CREATE INDEX notes_text_idx ON notes.notes (text);'],
  ['constraint-missing-not-valid', 'ALTER TABLE notes.notes ADD CONSTRAINT notes_text CHECK (text IS NOT NULL);'],
  ['adding-not-nullable-field', 'ALTER TABLE notes.notes ALTER COLUMN text SET NOT NULL;'],
])('finds %s', (rule, statement) => {
  const found = lint(`${header}${statement}\n`);
  expect(found.join('\n')).toContain(`${name}/migration.sql:2 ${rule}`);
});

it('finds a script that states no lock_timeout, or states it too late', () => {
  const alter = 'ALTER TABLE notes.notes ADD COLUMN more text;\n';
  expect(lint(alter).join()).toContain('require-lock-timeout');
  expect(lint(alter + header).join()).toContain('require-lock-timeout');
  expect(lint(header + alter)).toEqual([]);
});

it('lets a way back drop what its migration made, and a concurrent index stand alone', () => {
  expect(lint(`${header}SELECT 1;`, `${header}ALTER TABLE notes.notes DROP COLUMN text;`)).toEqual([]);
  expect(lint('-- lock_timeout: 10min\nCREATE INDEX CONCURRENTLY notes_text_idx ON notes.notes (text);')).toEqual([]);
});

it('excuses one migration by name, says when that is no longer needed, and wants no excuse elsewhere', () => {
  const excuse = { rule: 'ban-drop-column', of: name, reason: 'nobody reads it' };
  const drop = `${header}ALTER TABLE notes.notes DROP COLUMN text;\n`;
  expect(lint(drop, undefined, [...general, excuse])).toEqual([]);
  expect(lint(header, undefined, [...general, excuse])).toEqual([
    `tools/src/migration-lint/excuses.ts: ${name} does not need to be excused from ban-drop-column`,
  ]);
  expect(lint(`${header}-- squawk-ignore ban-drop-column\n${drop}`).join()).toContain(
    'an excuse stands with its reason',
  );
});
