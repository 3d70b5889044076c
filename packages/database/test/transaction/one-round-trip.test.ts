import {
  classifyDatabaseError,
  inOneRoundTrip,
  inTransaction,
  openDatabase,
  sql,
  systemContext,
  UnknownOutcomeError,
} from '@pika/database';
import { isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWay } from './way.ts';

const system = systemContext('one trip');
let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.notes (id int PRIMARY KEY, CONSTRAINT notes_id CHECK (id < 100));
    CREATE SEQUENCE trial.tries;
    CREATE FUNCTION trial.conflict_until(p_try int) RETURNS int LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('trial.tries') < p_try THEN RAISE serialization_failure; END IF;
      INSERT INTO trial.notes VALUES (p_try);
      RETURN p_try;
    END $$;
    GRANT USAGE ON SCHEMA trial TO pika_app, pika_owner;
    GRANT ALL ON ALL TABLES IN SCHEMA trial TO pika_owner;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA trial TO pika_owner`);
});
afterAll(() => test?.close());
beforeEach(async () => {
  await test.pool.query('DELETE FROM trial.notes');
});

const insert = (id: number) => sql`INSERT INTO trial.notes VALUES (${id}) RETURNING id`;
const notes = async () =>
  (await test.pool.query<{ id: number }>('SELECT id FROM trial.notes ORDER BY id')).rows.map(({ id }) => id);
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error,
  );

describe('one statement', () => {
  it('is committed in the role and context given, which are gone afterwards', async () => {
    const person = crypto.randomUUID();
    const shown = sql`
      SELECT current_user::text AS role, current_setting('app.user_id', true) AS person, current_setting('lock_timeout') AS lock`;
    const context = { actor: { type: 'user', id: person } } as const;
    expect(await inOneRoundTrip(test.database, context, shown, { timeoutMillis: 3_000 })).toEqual([
      { role: 'pika_app', person, lock: '1500ms' },
    ]);
    expect(await inOneRoundTrip(test.database, system, insert(1))).toEqual([{ id: 1 }]);
    expect(await notes()).toEqual([1]);
    const [row] = await inTransaction(test.database, system, (tx) =>
      tx.$queryRaw<{ person: string }[]>(sql`SELECT current_setting('app.user_id', true) AS person`),
    );
    expect(row).toEqual({ person: '' });
  });

  it('that is refused leaves nothing, and says why; the connection goes on', async () => {
    const both = sql`WITH first AS (INSERT INTO trial.notes VALUES (2)) INSERT INTO trial.notes VALUES (${100})`;
    const failure = await failureOf(inOneRoundTrip(test.database, system, both));
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'check', constraint: 'notes_id' });
    const denied = await failureOf(inOneRoundTrip(test.database, { actor: { type: 'anonymous' } }, insert(3)));
    expect(classifyDatabaseError(denied)).toEqual({ kind: 'denied' });
    expect(await notes()).toEqual([]);
    expect(await inOneRoundTrip(test.database, system, insert(4))).toEqual([{ id: 4 }]);
  });

  it('is sent again after a conflict, as often as is said', async () => {
    const untilFourth = sql`SELECT trial.conflict_until(4) AS id`;
    const given = await failureOf(inOneRoundTrip(test.database, system, untilFourth, { retries: 1 }));
    expect(classifyDatabaseError(given)).toEqual({ kind: 'writeConflict' });
    expect(await inOneRoundTrip(test.database, system, untilFourth)).toEqual([{ id: 4 }]);
    expect(await notes()).toEqual([4]);
  });

  it('is no part of another transaction', async () => {
    const inside = inTransaction(test.database, system, () => inOneRoundTrip(test.database, system, insert(5)));
    expect(await failureOf(inside)).toMatchObject({ name: 'NestedTransactionError' });
    expect(await notes()).toEqual([]);
  });
});

describe.skipIf(!isServer())('the trip', () => {
  it('is one: COMMIT is sent before anything is answered', async () => {
    const way = await openWay(test.url);
    const database = openDatabase({ url: way.url });
    try {
      await inOneRoundTrip(database, system, sql`SELECT 1`);
      way.answerAfter('COMMIT');
      expect(await inOneRoundTrip(database, system, insert(6))).toEqual([{ id: 6 }]);
    } finally {
      await database.close();
      way.close();
    }
  });

  it.each([
    ['was done', true, [7]],
    ['was not done', false, []],
  ] as const)('that is cut off and %s has an unknown outcome, and is not made again', async (_, isDelivered, found) => {
    const way = await openWay(test.url);
    const database = openDatabase({ url: way.url });
    try {
      await inOneRoundTrip(database, system, sql`SELECT 1`);
      way.cutAt('COMMIT', isDelivered);
      expect(await failureOf(inOneRoundTrip(database, system, insert(7)))).toBeInstanceOf(UnknownOutcomeError);
      await expect.poll(notes).toEqual(found);
      expect(await inOneRoundTrip(database, system, insert(8))).toEqual([{ id: 8 }]);
    } finally {
      await database.close();
      way.close();
    }
  });

  it('that takes too long is ended on the server', async () => {
    const slow = inOneRoundTrip(test.database, system, sql`SELECT pg_sleep(60)`, { timeoutMillis: 200 });
    expect(classifyDatabaseError(await failureOf(slow))).toEqual({ kind: 'timeout' });
  });
});
