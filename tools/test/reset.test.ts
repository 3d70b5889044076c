import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'pika-reset-'));
  mkdirSync(join(clone, 'tools'));
  for (const file of ['reset.mjs', 'setup.mjs']) {
    copyFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), join(clone, 'tools', file));
  }
  return () => rmSync(clone, { recursive: true, force: true });
});

function put(...paths: string[]) {
  for (const path of paths) {
    mkdirSync(join(clone, path, '..'), { recursive: true });
    writeFileSync(join(clone, path), '');
  }
}

function reset(environment: Record<string, string> = {}) {
  const { PIKA_DATA_DIR: _folder, DATABASE_URL: _url, INIT_CWD: _cwd, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/reset.mjs'], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...rest, ...environment },
  });
  return { status, said: `${stdout}${stderr}`.trim() };
}

it('removes the embedded database and its folder', () => {
  put('.pika/pika-folder.txt', '.pika/postgres/PG_VERSION', '.pika/engine.log', '.pika/postgres.complete');
  expect(reset()).toEqual({ status: 0, said: 'Removed the embedded database in .pika.' });
  expect(existsSync(join(clone, '.pika'))).toBe(false);
  expect(reset()).toEqual({ status: 0, said: 'Nothing to remove: there is no embedded database in .pika.' });
});

it('knows the folder of .env, of before there was a marker too, and leaves what else is in it', () => {
  put('chosen/postgres/PG_VERSION', 'chosen/postgres.complete', 'chosen/theirs.txt', '.pika/pika-folder.txt');
  writeFileSync(join(clone, '.env'), 'PIKA_DATA_DIR=chosen\n');
  expect(reset()).toEqual({ status: 0, said: 'Removed the embedded database in chosen.' });
  expect(readdirSync(join(clone, 'chosen'))).toEqual(['theirs.txt']);
  expect(existsSync(join(clone, '.pika/pika-folder.txt'))).toBe(true);
});

it('leaves a folder that somebody else made', () => {
  put('theirs/postgres/PG_VERSION', 'theirs/engine.log');
  expect(reset({ PIKA_DATA_DIR: 'theirs' })).toEqual({
    status: 1,
    said: 'The data folder theirs holds postgres, which Pika did not make; nothing was removed.',
  });
  expect(readdirSync(join(clone, 'theirs'))).toEqual(['engine.log', 'postgres']);
});

it('says how the database of DATABASE_URL is emptied', () => {
  expect(reset({ DATABASE_URL: 'postgres://pika:pika@127.0.0.1:1/pika' })).toEqual({
    status: 0,
    said: expect.stringMatching(/ npx nx run @pika\/database:prisma:migrate:reset -- --force$/),
  });
});
