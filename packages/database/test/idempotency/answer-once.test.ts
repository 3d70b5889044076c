import { randomUUID } from 'node:crypto';
import { callerContext, inTransaction, sql } from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deferred, notesByKey, notesSchema, post, startNotes, type NotesRequest } from './notes-api.ts';

let test: OpenTestDatabase;
let notes: Awaited<ReturnType<typeof startNotes>>;
let gate: { entered: () => void; opened: Promise<void> } | null = null;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(notesSchema);
  notes = await startNotes(test.database, {
    beforeCommit: async (headers) => {
      if (gate === null || headers['x-test-hold'] === undefined) return;
      gate.entered();
      await gate.opened;
    },
  });
});
afterAll(async () => {
  await notes?.close();
  await test?.close();
});

const author = randomUUID();
let key: string;
beforeEach(() => {
  key = `"${randomUUID()}"`;
});

const send = (request: Partial<NotesRequest> = {}) => post(notes.url, { author, key, ...request });
const writtenWith = async (sent = key) => (await notesByKey(test.pool)).get(sent) ?? [];
const keptRows = async () => {
  const { rows } = await test.pool.query<{ count: string }>(
    'SELECT count(*) FROM security.idempotency_keys WHERE key = $1',
    [key.replaceAll('"', '')],
  );
  return Number(rows[0]?.count);
};

describe('the draft (draft-ietf-httpapi-idempotency-key-header)', () => {
  it('2.7: a request without the key that is required is 400, and nothing is done', async () => {
    const before = await notesByKey(test.pool);
    const answer = await post(notes.url, { author });
    expect(answer).toMatchObject({ status: 400, code: 'idempotency.keyMissing' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await notesByKey(test.pool)).toEqual(before);
  });

  it('2.6: the first request is done', async () => {
    const answer = await send();
    expect(answer).toMatchObject({ status: 201, isReplayed: false });
    expect(answer.headers.has('idempotency-replayed')).toBe(false);
    expect(await writtenWith()).toHaveLength(1);
  });

  it('2.6: a repeat after it was done is answered as it was, byte for byte, and not done again', async () => {
    const first = await send();
    const repeat = await send();
    expect(repeat).toMatchObject({ status: 201, isReplayed: true, text: first.text });
    for (const name of [
      'location',
      'etag',
      'content-type',
      'content-language',
      'cache-control',
      'content-length',
      'vary',
    ]) {
      expect(repeat.headers.get(name), name).toBe(first.headers.get(name));
      expect(repeat.headers.get(name), name).not.toBeNull();
    }
    expect(repeat.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await writtenWith()).toHaveLength(1);
  });

  it('2.7: the same key with another payload is 422, and neither is done', async () => {
    const first = await send();
    expect(await send({ body: '{"text":"b"}' })).toMatchObject({ status: 422, code: 'idempotency.keyReused' });
    expect(await send()).toMatchObject({ status: 201, isReplayed: true, text: first.text });
    expect(await writtenWith()).toHaveLength(1);
  });

  it('2.7: a repeat while the first is at work is 409 at once; the embedded engine lets it wait for the answer', async () => {
    const entered = deferred();
    const opened = deferred();
    gate = { entered: entered.resolve, opened: opened.promise };
    const first = send({ headers: { 'x-test-hold': '1' } });
    await entered.promise;
    const second = send();
    if (isServer()) {
      const refusal = await second;
      expect(refusal).toMatchObject({ status: 409, code: 'idempotency.inFlight' });
      expect(refusal.headers.get('retry-after')).toBe('1');
    }
    opened.resolve();
    gate = null;
    expect(await first).toMatchObject({ status: 201, isReplayed: false });
    const { text } = await first;
    if (!isServer()) expect(await second).toMatchObject({ status: 201, isReplayed: true, text });
    expect(await send()).toMatchObject({ status: 201, isReplayed: true, text });
    expect(await writtenWith()).toHaveLength(1);
  });

  it('2.1: the key is a string of a structured field; without quotes it is the same key', async () => {
    const first = await send();
    expect(await send({ key: key.replaceAll('"', '') })).toMatchObject({ isReplayed: true, text: first.text });
  });

  it.each(['""', '"a b"', '"a', 'a"', '"é"', 'a,b', '"a", "b"', '"a\\b"', `"${'x'.repeat(256)}"`])(
    '2.1: %s is no key: 400 that names the header',
    async (bad) => {
      const answer = await send({ key: bad });
      expect(answer).toMatchObject({ status: 400, code: 'request.invalid' });
      expect(JSON.parse(answer.text).errors).toMatchObject([{ field: 'Idempotency-Key', code: 'invalidFormat' }]);
    },
  );
});

describe('what makes two requests the same', () => {
  it('is what they say, not how it is written', async () => {
    const first = await send({ body: '{"text":"é","tags":{"a":1,"b":[1,2.50]}}' });
    const repeat = await send({ body: ' { "tags": {"b":[1.0, 2.5],"a":1}, "text": "\\u00e9" }' });
    expect(repeat).toMatchObject({ status: 201, isReplayed: true, text: first.text });
  });

  it.each([
    ['the order of a list', '{"text":"a","tags":{"b":[2,1]}}'],
    ['a type', '{"text":"a","tags":{"b":["1",2]}}'],
    ['a field more', '{"text":"a","tags":{"b":[1,2],"c":null}}'],
  ])('is not %s', async (_, body) => {
    await send({ body: '{"text":"a","tags":{"b":[1,2]}}' });
    expect(await send({ body })).toMatchObject({ status: 422, code: 'idempotency.keyReused' });
  });

  it('is also who asks: two callers with one key never meet', async () => {
    const first = await send();
    const other = await send({ author: randomUUID() });
    expect(other).toMatchObject({ status: 201, isReplayed: false });
    expect(other.text).not.toBe(first.text);
    expect(await send({ author: randomUUID(), body: '{"text":"b"}' })).toMatchObject({ status: 201 });
    expect(await writtenWith()).toHaveLength(3);
  });

  it('is also what is asked for: another operation is another request', async () => {
    await send();
    expect(await send({ path: '/drafts' })).toMatchObject({ status: 201, isReplayed: false });
  });
});

describe('what is kept', () => {
  it('a refusal that the handler answered, with what it wrote', async () => {
    const refusal = await send({ headers: { 'x-test-outcome': 'refuse' } });
    expect(refusal).toMatchObject({ status: 409, code: 'record.inUse', isReplayed: false });
    expect(refusal.headers.get('content-type')).toBe('application/problem+json');
    const repeat = await send();
    expect(repeat).toMatchObject({ status: 409, isReplayed: true, text: refusal.text });
    expect(repeat.headers.get('content-type')).toBe('application/problem+json');
    expect(repeat.headers.get('cache-control')).toBe('no-store');
    expect(await writtenWith()).toHaveLength(1);
  });

  it('nothing of a request whose handler threw: it can be tried again', async () => {
    const refusal = await send({ headers: { 'x-test-outcome': 'throw' } });
    expect(refusal).toMatchObject({ status: 422, code: 'record.refused', isReplayed: false });
    expect([await writtenWith(), await keptRows()]).toEqual([[], 0]);
    expect(await send()).toMatchObject({ status: 201, isReplayed: false });
    expect(await writtenWith()).toHaveLength(1);
  });

  it('nothing without a key, where it is optional', async () => {
    const request = { author, path: '/drafts' };
    const [first, second] = [await post(notes.url, request), await post(notes.url, request)];
    expect(first.status).toBe(201);
    expect(second.text).not.toBe(first.text);
    const keyed = await send({ path: '/drafts' });
    expect(await send({ path: '/drafts' })).toMatchObject({ isReplayed: true, text: keyed.text });
  });

  it('no secret: a repeat is told what was made, without it', async () => {
    const first = await send({ path: '/secrets' });
    const { id, secret } = JSON.parse(first.text);
    expect(secret).toBe(`pika_${id}`);
    const repeat = await send({ path: '/secrets' });
    expect(repeat).toMatchObject({ status: 201, isReplayed: true, text: JSON.stringify({ id }) });
    expect(await writtenWith()).toEqual([id]);
    const { rows } = await test.pool.query(
      `SELECT FROM security.idempotency_keys kept WHERE position('pika_' IN convert_from(kept.body, 'UTF8')) > 0`,
    );
    expect(rows).toEqual([]);
  });
});

describe('the database', () => {
  const as = (actor: Parameters<typeof inTransaction>[1]['actor']) => ({ actor });
  const claim = sql`SELECT verdict FROM security.claim_idempotency_key('x', 'y', '\\x00'::bytea)`;

  it('keeps no key for nobody', async () => {
    const asking = inTransaction(test.database, callerContext({ kind: 'anonymous' }, {}), (tx) => tx.$queryRaw(claim));
    await expect(asking).rejects.toThrow('acts for nobody');
  });

  it.each(['RepeatableRead', 'Serializable'] as const)(
    'refuses %s, which would not see the last answer',
    async (isolation) => {
      const asking = inTransaction(test.database, as({ type: 'user', id: author }), (tx) => tx.$queryRaw(claim), {
        isolation,
      });
      await expect(asking).rejects.toThrow('need READ COMMITTED');
    },
  );

  it('takes an answer only from who holds the key', async (context) => {
    context.skip(!isServer(), 'the embedded engine has one session, which holds every lock');
    const actor = as({ type: 'user', id: author });
    const keep = sql`SELECT security.keep_idempotent_answer('x', 'y', decode(repeat('00', 32), 'hex'), 201, '{}', '')::text`;
    const client = await test.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT security.lock_idempotency_key($1, $2, $3)', [`user:${author}`, 'x', 'y']);
      await expect(inTransaction(test.database, actor, (tx) => tx.$queryRaw(keep))).rejects.toThrow('has not claimed');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
