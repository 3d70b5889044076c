import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import { sql } from '@pika/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { notesSchema, post, startNotes, type NotesAnswer } from './notes-api.ts';

const rounds = Number(process.env['PIKA_IDEMPOTENCY_ROUNDS'] ?? 30);
const random = randomFrom(testSeed('idempotency orders'));

let test: OpenTestDatabase;
let notes: Awaited<ReturnType<typeof startNotes>>;
beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(notesSchema);
  notes = await startNotes(test.database, {
    beforeCommit: async (headers, tx) => {
      for (let step = Number(headers['x-test-steps']); step > 0; step--)
        await tx.$executeRaw(sql`SELECT ${step}::text`);
    },
  });
});
afterAll(async () => {
  await notes?.close();
  await test?.close();
});

type Outcome = 'answer' | 'refuse' | 'throw';

interface Sent {
  author: string;
  key: string;
  text: string;
  outcome: Outcome;
  answer: NotesAnswer;
}

async function send(authors: readonly string[], round: number): Promise<Sent> {
  const author = random.pick(authors);
  const key = `${round}-${random.integer(0, 1)}`;
  const text = random.pick(['a', 'b']);
  const outcome = random.pick<Outcome>(['answer', 'answer', 'refuse', 'throw']);
  const headers = { 'x-test-outcome': outcome, 'x-test-steps': String(random.integer(0, 4)) };
  const answer = await post(notes.url, { author, key, body: JSON.stringify({ text }), headers });
  return { author, key, text, outcome, answer };
}

const isKept = ({ status, code }: NotesAnswer) => status === 201 || code === 'record.inUse';

/** What the answers to one caller's requests with one key say against the rules. */
function faultsOf(sent: readonly Sent[], notesWritten: readonly string[]): string[] {
  const kept = sent.filter(({ answer }) => isKept(answer));
  const [first] = kept;
  const done = kept.filter(({ answer }) => !answer.isReplayed);
  const faults = [
    done.length === (first === undefined ? 0 : 1) ? '' : `done ${done.length} times`,
    notesWritten.length === done.length ? '' : `${notesWritten.length} notes`,
    new Set(kept.map(({ answer, text }) => `${answer.status} ${text} ${answer.text}`)).size <= 1 ? '' : 'two answers',
    done.every(({ outcome, answer }) => outcome === (answer.status === 201 ? 'answer' : 'refuse'))
      ? ''
      : 'a false answer',
  ];
  for (const { answer, text, outcome } of sent.filter(({ answer: each }) => !isKept(each))) {
    const isExpected =
      (answer.code === 'idempotency.inFlight' && isServer()) ||
      (answer.code === 'idempotency.keyReused' && first !== undefined && text !== first.text) ||
      (answer.code === 'record.refused' && outcome === 'throw');
    if (!isExpected) faults.push(`${answer.status} ${answer.code} for ${text}, ${outcome}`);
  }
  return faults.filter((fault) => fault !== '');
}

it('keeps its rules whatever the order of done, refused and failed requests, of two callers with two keys', async () => {
  const seen = { done: 0, replayed: 0, inFlight: 0, keyReused: 0, thrown: 0 };
  for (let round = 0; round < rounds; round++) {
    const authors = [random.id(), random.id()];
    const sent: Sent[] = [];
    // Three waves, so that a key is met new, in flight, kept, and new again after a failure.
    for (let wave = 0; wave < 3; wave++) {
      sent.push(...(await Promise.all(Array.from({ length: random.integer(1, 8) }, () => send(authors, round)))));
    }
    for (const author of authors) {
      for (const key of [`${round}-0`, `${round}-1`]) {
        const own = sent.filter((each) => each.author === author && each.key === key);
        const { rows } = await test.pool.query<{ id: string }>(
          'SELECT id FROM proof.notes WHERE author = $1 AND key = $2',
          [author, key],
        );
        const faults = faultsOf(
          own,
          rows.map(({ id }) => id),
        );
        expect(faults, `seed ${random.seed}, round ${round}`).toEqual([]);
      }
    }
    for (const { answer } of sent) {
      if (isKept(answer)) seen[answer.isReplayed ? 'replayed' : 'done'] += 1;
      if (answer.code === 'idempotency.inFlight') seen.inFlight += 1;
      if (answer.code === 'idempotency.keyReused') seen.keyReused += 1;
      if (answer.code === 'record.refused') seen.thrown += 1;
    }
  }
  console.log(`[idempotency orders] ${rounds} rounds: ${JSON.stringify(seen)}`);
  for (const [kind, count] of Object.entries(seen)) {
    if (kind !== 'inFlight' || isServer()) expect(count, kind).toBeGreaterThan(0);
  }
  expect(notes.failures).toEqual([]);
}, 600_000);
