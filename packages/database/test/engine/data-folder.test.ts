import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findEngine, openEmbeddedEngine } from '@pika/database/tooling';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { processIdentity } from '../../src/engine/process-identity.ts';

let madeOnce: string;
let dataDir: string;
const parents: ChildProcess[] = [];

beforeAll(async () => {
  madeOnce = mkdtempSync(join(tmpdir(), 'pika-engine-'));
  const engine = await openEmbeddedEngine({ dataDir: madeOnce });
  await engine.stop();
});

afterAll(() => rmSync(madeOnce, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pika-engine-'));
  cpSync(madeOnce, dataDir, { recursive: true });
});

afterEach(async () => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  await vi.waitUntil(() => findEngine(dataDir) === null, { timeout: 15_000 });
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (exclusive = false) => openEmbeddedEngine({ dataDir, exclusive });

/** A separate process that opens the engine and then does nothing. */
async function startParent(): Promise<{ parent: ChildProcess; url: string; owned: boolean }> {
  const file = fileURLToPath(new URL('./open-and-wait.ts', import.meta.url));
  const parent = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', file, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(parent);
  for await (const line of createInterface({ input: parent.stdout })) return { parent, ...JSON.parse(line) };
  throw new Error('the parent said nothing');
}

async function query(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const isRunning = (pid: number) => processIdentity(pid) !== null;

describe('the folder of an embedded engine', () => {
  it('keeps what was written, and is free after stop', async () => {
    const first = await open();
    expect(first).toMatchObject({ owned: true, isNew: false });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    expect(existsSync(join(dataDir, 'engine.lock'))).toBe(false);

    const second = await open(true);
    expect(second.isNew).toBe(false);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await second.stop();
  });

  it('is joined by a second process and left running by it; refused to one that wants it alone', async () => {
    const { url, owned } = await startParent();
    expect(owned).toBe(true);
    const joined = await open();
    expect(joined).toMatchObject({ owned: false, url });
    await joined.stop();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(open(true)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringMatching(/is in use by process \d+ since .+; stop it or set PIKA_DATA_DIR\.$/),
    });
  });

  it('has one engine however many processes open it at once', async () => {
    const opened = await Promise.all([startParent(), startParent(), startParent()]);
    expect(opened.filter(({ owned }) => owned)).toHaveLength(1);
    expect(new Set(opened.map(({ url }) => url)).size).toBe(1);
  });

  it('closes cleanly when its parent is killed, and opens again with all that was committed', async () => {
    const { parent, url } = await startParent();
    const engine = findEngine(dataDir)!;
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS n');
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(engine.pid), { timeout: 15_000 }).toBe(false);
    expect(existsSync(join(dataDir, 'engine.lock'))).toBe(false);
    const again = await open(true);
    expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await again.stop();
  });

  it('survives Ctrl-C of the terminal', async () => {
    const { url } = await startParent();
    process.kill(findEngine(dataDir)!.pid, 'SIGINT');
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes over after the engine itself was killed', async () => {
    const { url } = await startParent();
    await query(url, 'CREATE TABLE kept AS SELECT 8 AS n');
    const { pid } = findEngine(dataDir)!;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(existsSync(join(dataDir, 'engine.lock'))).toBe(true);
    const again = await open(true);
    expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 8 }]);
    await again.stop();
  });

  it('takes over from a process whose number now belongs to another', async () => {
    const lock = { pid: process.pid, identity: 'another start', host: hostname(), since: new Date().toISOString() };
    writeFileSync(join(dataDir, 'engine.lock'), JSON.stringify({ ...lock, port: 1, url: 'postgresql://gone' }));
    const engine = await open(true);
    expect(engine.owned).toBe(true);
    expect(JSON.parse(readFileSync(join(dataDir, 'engine.lock'), 'utf8')).pid).not.toBe(process.pid);
    await engine.stop();
  });

  it('starts over when the first start was cut short', async () => {
    rmSync(join(dataDir, 'postgres.complete'));
    rmSync(join(dataDir, 'postgres/global'), { recursive: true });
    const engine = await open();
    expect(engine.isNew).toBe(true);
    await engine.stop();
  });

  it('says in one sentence that it cannot be written', async () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    await expect(openEmbeddedEngine({ dataDir: file })).rejects.toMatchObject({
      code: 'unwritable',
      message: expect.stringMatching(
        /cannot be written \((EACCES|ENOTDIR)\); give access to it or set PIKA_DATA_DIR\.$/,
      ),
    });
  });
});
