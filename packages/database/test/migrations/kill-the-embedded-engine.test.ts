import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployMigrations, findEngine, listPendingMigrations, openEmbeddedEngine } from '@pika/database/tooling';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeMigrationFolder, query, type MigrationFolder } from './migration-folder.ts';

let dataDir: string;
let migrations: MigrationFolder;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pika-engine-'));
  migrations = makeMigrationFolder();
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
  migrations.remove();
});

it('finishes an index that the embedded engine was building when it was killed', async () => {
  migrations.write('1_notes', {
    up: `CREATE SCHEMA notes; CREATE TABLE notes.notes AS SELECT md5(n::text) AS text FROM generate_series(1, 300000) AS n;`,
  });
  migrations.write('2_index', {
    up: '-- lock_timeout: 10min\nCREATE INDEX CONCURRENTLY notes_text_idx ON notes.notes (text);',
  });
  const folder = migrations.path;
  const killed = await openEmbeddedEngine({ dataDir });
  await deployMigrations(killed.url, undefined, { folder, to: '1_notes' });
  const pid = findEngine(dataDir)?.pid ?? 0;
  const deployed = deployMigrations(killed.url, () => setTimeout(() => process.kill(pid, 'SIGKILL'), 100), { folder });
  await expect(deployed).rejects.toThrow(/ECONN|terminated|not queryable/);
  await vi.waitUntil(() => findEngine(dataDir) === null, { timeout: 15_000 });

  const reopened = await openEmbeddedEngine({ dataDir });
  expect(await listPendingMigrations(reopened.url, folder)).toEqual(['2_index']);
  expect(await deployMigrations(reopened.url, undefined, { folder })).toEqual(['2_index']);
  expect(
    await query(reopened.url, `SELECT indisvalid FROM pg_index WHERE indexrelid = 'notes.notes_text_idx'::regclass`),
  ).toEqual([{ indisvalid: true }]);
  expect(await listPendingMigrations(reopened.url, folder)).toEqual([]);
  await reopened.stop();
});
