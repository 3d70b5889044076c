import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
const stops: (() => Promise<void>)[] = [];

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
  await Promise.all(stops.splice(0).map((stop) => stop()));
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

  it('is waited for while it closes, its parent gone', async () => {
    const { parent, url } = await startParent();
    query(url, 'SELECT count(*) FROM generate_series(1, 5000000)').catch(() => {});
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const again = await open(true);
    expect(again.owned).toBe(true);
    await again.stop();
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

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves %s to its parent', async (signal) => {
    const { url } = await startParent();
    process.kill(findEngine(dataDir)!.pid, signal);
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

  it('of before there was a marker is known by what a whole start left', async () => {
    rmSync(join(dataDir, 'pika-folder.txt'));
    const engine = await open();
    expect(engine.isNew).toBe(false);
    await engine.stop();
  });

  it('is left as it is when somebody else made it', async () => {
    const foreign = join(dataDir, 'foreign');
    mkdirSync(join(foreign, 'postgres'), { recursive: true });
    writeFileSync(join(foreign, 'postgres/kept'), 'theirs');
    await expect(openEmbeddedEngine({ dataDir: foreign })).rejects.toMatchObject({
      code: 'foreign',
      message: expect.stringMatching(/holds postgres, which Pika did not make; set PIKA_DATA_DIR to another folder\.$/),
    });
    expect(readdirSync(foreign)).toEqual(['postgres']);
    expect(readFileSync(join(foreign, 'postgres/kept'), 'utf8')).toBe('theirs');
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

describe('an engine that dies unasked', () => {
  const openKept = async () => {
    const told: string[] = [];
    const lost: string[] = [];
    const engine = await openEmbeddedEngine({
      dataDir,
      onProgress: (text) => told.push(text),
      onLost: (error) => lost.push(error.message),
    });
    stops.push(engine.stop);
    return { ...engine, told, lost };
  };

  const deaths: [name: string, reason: string, die: (url: string) => unknown][] = [
    ['killed', 'SIGKILL', () => process.kill(findEngine(dataDir)!.pid, 'SIGKILL')],
    ['broken by a statement', 'code 1', (url) => query(url, 'SELECT deeper(1)').catch(() => {})],
  ];

  it.each(deaths)('is started again at its address: %s', async (_name, reason, die) => {
    const { url, told, lost } = await openKept();
    await query(url, 'CREATE TABLE kept AS SELECT 9 AS n');
    await query(url, 'CREATE FUNCTION deeper(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN deeper(n); END $$');
    for (let time = 1; time <= 2; time += 1) {
      await die(url);
      await expect.poll(() => told.length, { timeout: 15_000 }).toBe(1 + 2 * time);
      expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 9 }]);
    }
    expect(told.slice(1, 3)).toEqual([
      `The embedded PostgreSQL ended unexpectedly (${reason}); it is started again`,
      'The embedded PostgreSQL is back',
    ]);
    expect(lost).toEqual([]);
  });

  it('is given up in one sentence when it cannot come back', async () => {
    const { lost } = await openKept();
    const { pid } = findEngine(dataDir)!;
    renameSync(dataDir, `${dataDir}-away`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => lost, { timeout: 15_000 }).toHaveLength(1);
    expect(lost[0]).toMatch(/^The embedded PostgreSQL ended and did not come back: ENOENT/);
    renameSync(`${dataDir}-away`, dataDir);
  });

  it('is not started again once it is told to stop, even while it comes back', async () => {
    const { told, lost, stop } = await openKept();
    process.kill(findEngine(dataDir)!.pid, 'SIGKILL');
    await expect.poll(() => told.length).toBe(2);
    await stop();
    expect(findEngine(dataDir)).toBeNull();
    expect(told).toHaveLength(2);
    expect(lost).toEqual([]);
  });
});
