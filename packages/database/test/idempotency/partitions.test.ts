import { randomUUID } from 'node:crypto';
import { platformJobs } from '@pika/database';
import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notesSchema, post, startNotes } from './notes-api.ts';

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(notesSchema);
});
afterAll(() => test?.close());

/** As the platform runs it. */
const run = async (name: string) => {
  const job = platformJobs(test.database).find((each) => each.name === name);
  if (job === undefined) throw new Error(`no job is called ${name}`);
  await job.run(new AbortController().signal);
};
const make = () => run('make-idempotency-partitions');
const drop = () => run('drop-idempotency-partitions');

/** The keys by the partition they are in, whose days are told from today on: `today+1`. */
async function partitions(): Promise<Record<string, string[]>> {
  const { rows } = await test.pool.query<{ name: string; keys: string[] }>(`
    SELECT CASE WHEN part.relname = 'idempotency_keys_default' THEN 'default'
        ELSE 'today+' || to_date(right(part.relname, 10), 'YYYY_MM_DD') - (now() AT TIME ZONE 'UTC')::date END AS name,
      ARRAY(SELECT kept.key FROM security.idempotency_keys kept WHERE kept.tableoid = part.oid ORDER BY 1) AS keys
    FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
    WHERE inhparent = 'security.idempotency_keys'::regclass ORDER BY 1`);
  return Object.fromEntries(rows.map(({ name, keys }) => [name.replace('+-', '-'), keys]));
}

/** A key that was used so many days ago. */
const keep = (key: string, daysAgo: number) =>
  test.pool.query(
    `INSERT INTO security.idempotency_keys (caller, operation, key, fingerprint, status, headers, body, created_on)
     VALUES ('user:x', 'x', $1, decode(repeat('00', 32), 'hex'), 201, '{}', '', (now() AT TIME ZONE 'UTC')::date - $2::integer)`,
    [key, daysAgo],
  );

/** As though the job had made it so many days ago. */
const makeDayAgo = (daysAgo: number) =>
  test.pool.query(`
    DO $$
    DECLARE v_day date := (now() AT TIME ZONE 'UTC')::date - ${daysAgo};
    BEGIN
      EXECUTE format('CREATE TABLE security.%I PARTITION OF security.idempotency_keys FOR VALUES FROM (%L) TO (%L)',
        'idempotency_keys_' || to_char(v_day, 'YYYY_MM_DD'), v_day, v_day + 1);
    END $$`);

describe('partitions of idempotency keys', () => {
  it('are not needed: the default takes what no day does, and its days stay whole', async () => {
    await keep('today', 0);
    await make();
    expect(await partitions()).toEqual({ default: ['today'], 'today+1': [], 'today+2': [] });
    await keep('later', 0);
    expect((await partitions())['default']).toEqual(['later', 'today']);
    const again = keep('later', 0);
    await expect(again).rejects.toMatchObject({ code: '23505' });
  });

  it('are made ahead, once', async () => {
    await test.pool.query('DELETE FROM security.idempotency_keys');
    await make();
    await make();
    expect(await partitions()).toEqual({ default: [], 'today+0': [], 'today+1': [], 'today+2': [] });
    await keep('today', 0);
    expect((await partitions())['today+0']).toEqual(['today']);
  });

  it('go when every answer in them is older than a day, and so do such answers in the default one', async () => {
    await keep('late', 3);
    for (const daysAgo of [1, 2]) {
      await makeDayAgo(daysAgo);
      await keep(`ago-${daysAgo}`, daysAgo);
    }
    await drop();
    const left = await partitions();
    expect(left).toEqual({ default: [], 'today-1': ['ago-1'], 'today+0': ['today'], 'today+1': [], 'today+2': [] });
    await drop();
    expect(await partitions()).toEqual(left);
  });

  it('are made and dropped under requests: none fails, and a transaction that takes long makes the job come again', async (context) => {
    requireServer(context);
    const notes = await startNotes(test.database);
    const author = randomUUID();
    try {
      const sending = Promise.all(
        Array.from({ length: 8 }, async (_, sender) => {
          for (let index = 0; index < 10; index++) {
            const answer = await post(notes.url, { author, key: `${sender}-${index}` });
            expect(answer.status, answer.text).toBe(201);
          }
        }),
      );
      for (let round = 0; round < 5; round++) {
        await makeDayAgo(5);
        await expect.poll(drop, { timeout: 30_000 }).toBeUndefined();
        await expect.poll(make, { timeout: 30_000 }).toBeUndefined();
      }
      await sending;
      expect(notes.failures).toEqual([]);
    } finally {
      await notes.close();
    }
    expect(Object.keys(await partitions())).not.toContain('today-5');

    await makeDayAgo(5);
    const client = await test.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM security.idempotency_keys');
      await expect(drop()).rejects.toThrow('lock timeout');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    await drop();
    expect(Object.keys(await partitions())).not.toContain('today-5');
  }, 120_000);
});
