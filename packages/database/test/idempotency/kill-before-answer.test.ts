import { randomUUID } from 'node:crypto';
import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { notesByKey, notesSchema, post } from './notes-api.ts';
import { endNotesProcesses, startNotesProcess, type NotesProcess } from './notes-processes.ts';

const kills = Number(process.env['PIKA_IDEMPOTENCY_KILLS'] ?? (isServer() ? 10 : 5));
const random = randomFrom(testSeed('idempotency'));
const author = randomUUID();

let test: OpenTestDatabase;
/** Started while the one before is at work. */
let next: Promise<NotesProcess>;
beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(notesSchema);
  next = startNotesProcess(test);
});
afterAll(async () => {
  await next;
  await endNotesProcesses();
  await test?.close();
});

async function takeProcess(): Promise<NotesProcess> {
  const taken = await next;
  next = startNotesProcess(test);
  return taken;
}

const writtenWith = async (key: string) => (await notesByKey(test.pool)).get(key) ?? [];
const keptCount = async (key: string) => {
  const { rowCount } = await test.pool.query('SELECT FROM security.idempotency_keys WHERE key = $1', [key]);
  return rowCount;
};

/** The request that kills its server: it gets no answer, and the process really died of SIGKILL. */
async function sendAndDie(server: NotesProcess, key: string, when: 'before-commit' | 'after-commit'): Promise<void> {
  await expect(post(server.url, { author, key, headers: { 'x-test-kill': when } })).rejects.toThrow('fetch failed');
  expect(await server.ended).toBe('SIGKILL');
}

it(
  'a server killed between COMMIT and the answer: the repeat is given the stored answer',
  async () => {
    let server = await takeProcess();
    for (let kill = 0; kill < kills; kill++) {
      const key = `after-${kill}`;
      await sendAndDie(server, key, 'after-commit');
      const [id, ...others] = await writtenWith(key);
      expect([others, await keptCount(key)]).toEqual([[], 1]);
      server = await takeProcess();
      const repeat = await post(server.url, { author, key });
      const text = JSON.stringify({ id, text: 'a', author });
      expect(repeat).toMatchObject({ status: 201, isReplayed: true, text });
      expect(repeat.headers.get('location')).toBe(`/notes/${id}`);
      expect(await post(server.url, { author, key })).toMatchObject({ isReplayed: true, text });
      expect(await writtenWith(key)).toEqual([id]);
    }
    server.kill();
    console.log(`[idempotency] ${kills} servers killed between COMMIT and the answer, ${kills} repeats given it`);
  },
  60_000 + kills * 20_000,
);

it('a server killed before COMMIT: nothing is stored, and the repeat does it', async () => {
  const key = 'before';
  await sendAndDie(await takeProcess(), key, 'before-commit');
  const server = await takeProcess();
  // PostgreSQL takes the transaction back, and the lock with it, when it notices that the connection is gone.
  const repeat = await expect
    .poll(async () => (await post(server.url, { author, key })).status, { timeout: 30_000 })
    .toBe(201)
    .then(() => post(server.url, { author, key }));
  server.kill();
  expect(repeat).toMatchObject({ status: 201, isReplayed: true });
  const { id }: { id: string } = JSON.parse(repeat.text);
  expect(await writtenWith(key)).toEqual([id]);
}, 120_000);

it('a server killed amid many requests: repeated, each is done once', async () => {
  const rounds = Math.ceil(kills / 5);
  const count = 30;
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const server = await takeProcess();
    const keys = Array.from({ length: count }, (_, index) => `amid-${round}-${index}`);
    const told = new Map<string, string>();
    const sending = Promise.allSettled(
      keys.map(async (key) => {
        const answer = await post(server.url, { author, key });
        if (answer.status === 201) told.set(key, answer.text);
      }),
    );
    const enough = random.integer(1, count - 1);
    const done = async () => [...(await notesByKey(test.pool)).keys()].filter((key) => keys.includes(key)).length;
    await expect.poll(done, { timeout: 30_000, interval: 1 }).toBeGreaterThanOrEqual(enough);
    server.kill();
    await sending;
    expect(await server.ended).toBe('SIGKILL');
    lost += count - told.size;
    const after = await takeProcess();
    for (const key of keys) {
      await expect.poll(async () => (await post(after.url, { author, key })).status, { timeout: 30_000 }).toBe(201);
      const repeat = await post(after.url, { author, key });
      const { id }: { id: string } = JSON.parse(repeat.text);
      expect(repeat.text).toBe(told.get(key) ?? repeat.text);
      expect(await writtenWith(key)).toEqual([id]);
    }
    after.kill();
  }
  console.log(`[idempotency] ${rounds} servers killed amid ${count} requests, ${lost} answers lost, each done once`);
}, 300_000);
