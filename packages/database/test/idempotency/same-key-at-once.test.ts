import { randomUUID } from 'node:crypto';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { notesByKey, notesSchema, post, type NotesAnswer } from './notes-api.ts';
import { endNotesProcesses, startNotesProcess } from './notes-processes.ts';

const keys = Number(process.env['PIKA_IDEMPOTENCY_KEYS'] ?? (isServer() ? 10 : 3));
const requestsPerKey = 100;

let test: OpenTestDatabase;
let urls: string[];
beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(notesSchema);
  await test.pool.query('SELECT security.make_idempotency_partitions()');
  urls = (await Promise.all([startNotesProcess(test), startNotesProcess(test)])).map(({ url }) => url);
});
afterAll(async () => {
  await endNotesProcesses();
  await test?.close();
});

const author = randomUUID();

interface Tally {
  done: number;
  replayed: number;
  inFlight: number;
}

/** A hundred requests with one key, at once, by turns to each server: one is done, all are told of it or to come again. */
async function sendAtOnce(key: string): Promise<Tally> {
  const answers = await Promise.all(
    Array.from({ length: requestsPerKey }, (_, index) => post(urls[index % urls.length]!, { author, key })),
  );
  const is = (predicate: (answer: NotesAnswer) => boolean) => answers.filter(predicate);
  const done = is(({ status, isReplayed }) => status === 201 && !isReplayed);
  const replayed = is(({ status, isReplayed }) => status === 201 && isReplayed);
  const inFlight = is(({ status, code }) => status === 409 && code === 'idempotency.inFlight');
  expect([...done, ...replayed, ...inFlight], answers.map(({ status }) => status).join(' ')).toHaveLength(
    requestsPerKey,
  );
  expect(done).toHaveLength(1);
  expect(new Set([...done, ...replayed].map(({ text }) => text)).size).toBe(1);
  for (const { headers } of inFlight) expect(headers.get('retry-after')).toBe('1');
  for (const url of urls) {
    expect(await post(url, { author, key })).toMatchObject({ status: 201, isReplayed: true, text: done[0]?.text });
  }
  const { id }: { id: string } = JSON.parse(done[0]?.text ?? '');
  expect((await notesByKey(test.pool)).get(key)).toEqual([id]);
  return { done: done.length, replayed: replayed.length, inFlight: inFlight.length };
}

async function sendAll(name: string): Promise<void> {
  const total: Tally = { done: 0, replayed: 0, inFlight: 0 };
  for (let index = 0; index < keys; index++) {
    const tally = await sendAtOnce(`${name}-${index}`);
    for (const kind of ['done', 'replayed', 'inFlight'] as const) total[kind] += tally[kind];
  }
  console.log(
    `[idempotency] ${name}: ${keys} keys × ${requestsPerKey} at once: ${total.done} done, ${total.replayed} given the ` +
      `answer, ${total.inFlight} told to come again, no other answer`,
  );
  expect(total.done).toBe(keys);
  // On a server somebody was always too early: the requests did meet. The embedded engine lets them wait.
  if (isServer()) expect(total.inFlight).toBeGreaterThan(0);
  else expect(total.inFlight).toBe(0);
}

it('is done once, whichever of two processes is asked', () => sendAll('two-processes'), 600_000);

it('is done once when midnight falls between any two of the requests', async () => {
  await test.pool.query(`
    ALTER TABLE security.idempotency_keys ALTER COLUMN created_on
    SET DEFAULT (now() AT TIME ZONE 'UTC')::date + (random() < 0.5)::integer`);
  // Each key's day is a throw of the coin: more keys until both days were thrown.
  let days = 0;
  for (let round = 0; days < 2 && round < 20; round++) {
    await sendAll(`midnight-${round}`);
    const { rows } = await test.pool.query(
      `SELECT DISTINCT tableoid FROM security.idempotency_keys WHERE starts_with(key, 'midnight')`,
    );
    days = rows.length;
  }
  expect(days).toBe(2);
  await test.pool.query(`
    ALTER TABLE security.idempotency_keys ALTER COLUMN created_on SET DEFAULT (now() AT TIME ZONE 'UTC')::date`);
}, 600_000);

it('is known the day after', async () => {
  const url = urls[0]!;
  const first = await post(url, { author, key: 'yesterday' });
  const moved = await test.pool.query(
    `UPDATE security.idempotency_keys SET created_on = created_on - 1 WHERE key = 'yesterday'`,
  );
  expect(moved.rowCount).toBe(1);
  expect(await post(url, { author, key: 'yesterday' })).toMatchObject({ isReplayed: true, text: first.text });
  const other = await post(url, { author, key: 'yesterday', body: '{"text":"b"}' });
  expect(other).toMatchObject({ status: 422, code: 'idempotency.keyReused' });
  expect((await notesByKey(test.pool)).get('yesterday')).toHaveLength(1);
});
