import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pika-audit-'));
const rootFile = join(folder, 'root.jsonl');

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(
    `INSERT INTO users.users (id, email, display_name) SELECT gen_random_uuid(), n || '@x.py', 'x' FROM generate_series(1, 5) AS n`,
  );
  await vi.waitUntil(
    async () => {
      const { rows } = await test.pool.query<{ sealed: number }>('SELECT audit.seal() AS sealed');
      return rows[0]?.sealed !== 0;
    },
    { timeout: 60_000 },
  );
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await test?.close();
});

function run(command: string, ...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@pika/source', '--import', 'tsx', `tools/src/${command}.ts`, ...args],
      { cwd: root, env: { ...process.env, DATABASE_URL: test.url }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const tamper = async (sql: string) => {
  await test.pool.query(
    `ALTER TABLE audit.entries DISABLE TRIGGER USER; ALTER TABLE audit.sealed_entries DISABLE TRIGGER USER; ALTER TABLE audit.seals DISABLE TRIGGER USER; ${sql}`,
  );
};

describe('audit:root and audit:verify', { timeout: 120_000 }, () => {
  it('say that the log is whole, with exit code 0', async () => {
    const { code, stdout } = await run('audit-root');
    expect(code).toBe(0);
    writeFileSync(rootFile, stdout);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, number: 1, root: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await test.pool.query(`UPDATE users.users SET display_name = 'y' WHERE email = '1@x.py'`);
    const verified = await run('audit-verify', '--root', rootFile);
    expect(verified.stdout).toContain('1 entry waits to be sealed: nothing can be said of them.');
    expect(verified.stdout).toContain('1 root agrees.\nThe audit log is whole.');
    expect(verified.code).toBe(0);
  });

  it('name the first wrong row, with exit code 1', async () => {
    const { rows } = await test.pool.query<{ id: string; position: string }>(
      'SELECT entry_id AS id, position FROM audit.sealed_entries ORDER BY position DESC OFFSET 1 LIMIT 1',
    );
    await tamper(`UPDATE audit.entries SET actor = 'user:forged' WHERE id = ${rows[0]?.id}`);
    const { code, stdout } = await run('audit-verify');
    expect(stdout).toContain(
      `WRONG: at position ${rows[0]?.position}, entry ${rows[0]?.id} was changed after it had been sealed.`,
    );
    expect(code).toBe(1);
  });

  it('see a cut tail by the root that was kept', async () => {
    await tamper(
      'DELETE FROM audit.entries; DELETE FROM audit.sealed_entries; DELETE FROM audit.seals WHERE number > 0',
    );
    expect(await run('audit-verify')).toMatchObject({ code: 0 });
    const { code, stdout } = await run('audit-verify', '--root', rootFile);
    expect(stdout).toContain('WRONG: at position 1, an entry and all after it are gone, which had been sealed.');
    expect(code).toBe(1);
  });

  it('refuse what they do not understand in one sentence', async () => {
    writeFileSync(join(folder, 'odd'), 'nonsense');
    expect(await run('audit-verify', '--root', join(folder, 'odd'))).toMatchObject({
      code: 1,
      stderr: 'Line 1 of the file of roots is no root of audit:root.\n',
    });
    expect((await run('audit-verify', '--root', join(folder, 'none'))).stderr).toContain('ENOENT');
    expect((await run('audit-verify', '--rot')).stderr).toContain('npm run audit:verify [-- --root FILE]');
  });
});
