import {
  classifyDatabaseError,
  databaseProblem,
  inTransaction,
  openDatabase,
  sql,
  systemContext,
  type Database,
  type DatabaseFailure,
  type Transaction,
} from '@pika/database';
import { defineProblems } from '@pika/shared';
import { freePort, isServer, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const system = systemContext('error test');
const anyId = crypto.randomUUID();
const user = { id: crypto.randomUUID(), email: 'taken@pika.example', displayName: 'Taken' };

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE FUNCTION users.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF new.display_name = 'raise' THEN RAISE EXCEPTION 'not so'; END IF;
      IF new.display_name = 'rule' THEN
        RAISE EXCEPTION 'not so' USING ERRCODE = 'check_violation', CONSTRAINT = 'users_own_rule';
      END IF;
      IF new.display_name = 'slow' THEN PERFORM pg_sleep(60); END IF;
      RETURN new;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON users.users FOR EACH ROW EXECUTE FUNCTION users.refuse();
    ALTER TABLE users.users ADD CONSTRAINT users_trial CHECK (display_name <> 'check');
    CREATE TABLE users.periods (days daterange, CONSTRAINT periods_days EXCLUDE USING gist (days WITH &&));
    GRANT ALL ON users.periods TO pika_owner;
    CREATE TABLE users.guarded (id int);
    ALTER TABLE users.guarded ENABLE ROW LEVEL SECURITY;
    GRANT ALL ON users.guarded TO pika_owner`);
  await inTransaction(test.database, system, (tx) => tx.user.create({ data: user }));
});

afterAll(() => test?.close());

const failureOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure === null) throw new Error('it succeeded');
  return failure;
};

const insertUser = (tx: Transaction, displayName: string, email = `${crypto.randomUUID()}@pika.example`) =>
  tx.$executeRaw(sql`
    INSERT INTO users.users (id, email, display_name, updated_at)
    VALUES (${crypto.randomUUID()}::uuid, ${email}, ${displayName}, now())`);
const createUser = (tx: Transaction, displayName: string, email = `${crypto.randomUUID()}@pika.example`) =>
  tx.user.create({ data: { email, displayName } });
const business = (overrides: object) => ({
  nameKey: 'business.x.name',
  descriptionKey: 'business.x.description',
  sourceLanguage: 'es',
  categoryId: anyId,
  ...overrides,
});

type Row = [
  name: string,
  expected: DatabaseFailure,
  status: number | null,
  code: string | null,
  ways: Record<string, (tx: Transaction) => Promise<unknown>>,
];

const rows: Row[] = [
  [
    'a unique key that is taken (23505, P2002)',
    { kind: 'duplicate', constraint: 'users_email_key' },
    409,
    'record.duplicate',
    {
      raw: (tx) => insertUser(tx, 'x', user.email),
      orm: (tx) => createUser(tx, 'x', user.email),
    },
  ],
  [
    'a period that overlaps (23P01)',
    { kind: 'duplicate', constraint: 'periods_days' },
    409,
    'record.duplicate',
    {
      raw: (tx) => tx.$executeRaw(sql`INSERT INTO users.periods VALUES ('[2026-01-01,2026-02-01)'), ('[2026-01-31,)')`),
    },
  ],
  [
    'a reference to nothing (23503, P2003)',
    { kind: 'foreignKey', constraint: 'businesses_category_id_fkey', isInUse: false },
    400,
    'record.unknownReference',
    {
      raw: (tx) =>
        tx.$executeRaw(sql`
        INSERT INTO business.businesses (id, category_id, name_key, description_key, source_language, updated_at)
        VALUES (${crypto.randomUUID()}::uuid, ${anyId}::uuid, 'x', 'x', 'es', now())`),
      orm: (tx) => tx.business.create({ data: business({}) }),
    },
  ],
  [
    'a delete that a reference restricts (23503, 23001)',
    { kind: 'foreignKey', constraint: 'translations_language_code_fkey', isInUse: true },
    409,
    'record.inUse',
    {
      raw: (tx) => tx.$executeRaw(sql`DELETE FROM i18n.languages WHERE code = 'es'`),
      orm: (tx) => tx.language.delete({ where: { code: 'es' } }),
    },
  ],
  [
    'a check (23514)',
    { kind: 'check', constraint: 'users_trial' },
    422,
    'record.refused',
    { raw: (tx) => insertUser(tx, 'check'), orm: (tx) => createUser(tx, 'check') },
  ],
  [
    'a rule that a trigger names (23514 by RAISE)',
    { kind: 'check', constraint: 'users_own_rule' },
    422,
    'record.refused',
    { raw: (tx) => insertUser(tx, 'rule'), orm: (tx) => createUser(tx, 'rule') },
  ],
  [
    'a bare RAISE (P0001)',
    { kind: 'check', constraint: null },
    422,
    'record.refused',
    { raw: (tx) => insertUser(tx, 'raise'), orm: (tx) => createUser(tx, 'raise') },
  ],
  [
    'a row that is not there (P2025)',
    { kind: 'notFound' },
    404,
    'record.notFound',
    {
      update: (tx) => tx.user.update({ where: { id: anyId }, data: { displayName: 'x' } }),
      find: (tx) => tx.user.findUniqueOrThrow({ where: { id: anyId } }),
      delete: (tx) => tx.user.delete({ where: { id: anyId } }),
    },
  ],
  [
    'a row that a policy refuses (42501)',
    { kind: 'denied' },
    403,
    'access.denied',
    { raw: (tx) => tx.$executeRaw(sql`INSERT INTO users.guarded VALUES (1)`) },
  ],
  [
    'a write conflict (40001)',
    { kind: 'writeConflict' },
    409,
    'record.busy',
    {
      raw: (tx) =>
        tx.$executeRaw(sql`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure'; END $$`),
    },
  ],
  [
    'a deadlock (40P01)',
    { kind: 'writeConflict' },
    409,
    'record.busy',
    {
      raw: (tx) => tx.$executeRaw(sql`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'deadlock_detected'; END $$`),
    },
  ],
  [
    'a table or a column that is not there (42P01, 42703, P2021)',
    { kind: 'schemaBehind' },
    500,
    'server.internal',
    {
      table: (tx) => tx.$executeRaw(sql`SELECT FROM users.nothing`),
      column: (tx) => tx.$executeRaw(sql`SELECT nothing FROM users.users`),
      function: (tx) => tx.$executeRaw(sql`SELECT users.nothing()`),
      role: (tx) => tx.$executeRaw(sql`SELECT set_config('role', 'pika_nobody', true)`),
    },
  ],
  [
    'a statement that makes no sense (22012, 42601)',
    { kind: 'bug' },
    null,
    null,
    {
      division: (tx) => tx.$executeRaw(sql`SELECT 1 / 0`),
      syntax: (tx) => tx.$executeRaw(sql`SELEC 1`),
      orm: (tx) => tx.user.create({ data: {} as never }),
    },
  ],
];

describe('each row of the table', () => {
  beforeAll(async () => {
    await test.pool.query(`
      INSERT INTO i18n.languages (code, name, english_name, chain, match_length, text_search_config)
      VALUES ('es', 'es', 'es', '{es}', 1, 'spanish');
      INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ('business.x.name', 'es', 'x', 'business')`);
  });

  for (const [name, expected, status, code, ways] of rows) {
    it.each(Object.keys(ways))(`${name}: %s`, async (way) => {
      const error = await failureOf(inTransaction(test.database, system, ways[way]!, { retries: 0 }));
      expect(classifyDatabaseError(error), String(error)).toEqual(expected);
      const problem = databaseProblem(error);
      expect(problem && { status: problem.status, code: problem.code }).toEqual(status && { status, code });
    });
  }

  it('is told in the words of the app where it has some for the constraint', async () => {
    const own = defineProblems({ 'user.emailTaken': 409 });
    const error = await failureOf(inTransaction(test.database, system, (tx) => createUser(tx, 'x', user.email)));
    expect(databaseProblem(error, { users_email_key: own['user.emailTaken'] })?.code).toBe('user.emailTaken');
    expect(databaseProblem(error, { users_other_key: own['user.emailTaken'] })?.code).toBe('record.duplicate');
  });

  it('names the command that mends a schema that is behind, for the log alone', async () => {
    const error = await failureOf(
      inTransaction(test.database, system, (tx) => tx.$executeRaw(sql`SELECT FROM users.nothing`)),
    );
    const problem = databaseProblem(error)!;
    expect(problem.cause).toMatchObject({ message: expect.stringContaining('prisma:migrate:deploy') });
    expect(JSON.stringify([problem.params, problem.headers, problem.errors])).not.toContain('prisma');
  });

  it('is a bug for what is no failure of a database', () => {
    for (const error of [new Error('x'), new TypeError('x'), null, undefined, 'text', { code: 42 }]) {
      expect(classifyDatabaseError(error)).toEqual({ kind: 'bug' });
      expect(databaseProblem(error)).toBeNull();
    }
  });
});

it('a table that a model has and the schema has not (P2021) is a schema that is behind', async () => {
  await test.pool.query('ALTER TABLE business.special_days RENAME TO special_days_gone');
  try {
    const error = await failureOf(test.asOwner((tx) => tx.specialDay.findMany()));
    expect(classifyDatabaseError(error)).toEqual({ kind: 'schemaBehind' });
  } finally {
    await test.pool.query('ALTER TABLE business.special_days_gone RENAME TO special_days');
  }
});

describe.skipIf(!isServer())('time that runs out', () => {
  const holdingUsers = async (work: () => Promise<unknown>) => {
    const holder = await test.pool.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE users.users');
      return await work();
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  };
  const limited = (work: (tx: Transaction) => Promise<unknown>) =>
    failureOf(inTransaction(test.database, system, work, { timeoutMillis: 300 }));

  it.each([
    ['a statement (57014): raw', () => limited((tx) => insertUser(tx, 'slow'))],
    ['a statement (57014): orm', () => limited((tx) => createUser(tx, 'slow'))],
    ['a lock (55P03): raw', () => holdingUsers(() => limited((tx) => insertUser(tx, 'x')))],
    ['a lock (55P03): orm', () => holdingUsers(() => limited((tx) => createUser(tx, 'x')))],
    [
      'a transaction that Prisma gave up (P2028)',
      () =>
        limited(async (tx) => {
          await tx.$queryRaw(sql`SELECT 1`);
          const gone = async () => {
            const { rows: found } = await test.pool.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`,
            );
            return found.length === 0;
          };
          await vi.waitUntil(gone, { timeout: 15_000 });
          await createUser(tx, 'x');
        }),
    ],
  ] as const)('%s', async (_, provoke) => {
    const error = await provoke();
    expect(classifyDatabaseError(error), String(error)).toEqual({ kind: 'timeout' });
    expect(databaseProblem(error)).toMatchObject({
      status: 503,
      code: 'server.unavailable',
      headers: { 'Retry-After': '5' },
    });
  });
});

describe.skipIf(!isServer())('a database that is away', () => {
  const expectAway = (error: unknown) => {
    expect(classifyDatabaseError(error), String(error)).toEqual({ kind: 'unavailable' });
    expect(databaseProblem(error)).toMatchObject({
      status: 503,
      code: 'server.unavailable',
      headers: { 'Retry-After': '5' },
    });
  };
  const at = (change: (url: URL) => void) => {
    const url = new URL(test.url);
    change(url);
    return openDatabase({ url: url.href, connectionTimeoutMillis: 500 });
  };
  const ways: Record<string, (database: Database) => Promise<unknown>> = {
    raw: (database) => inTransaction(database, system, (tx) => tx.$queryRaw(sql`SELECT 1`)),
    orm: (database) => inTransaction(database, system, (tx) => tx.user.count()),
    public: (database) => database.public.db.$queryRaw(sql`SELECT 1`),
    pool: (database) => database.public.pool.query('SELECT 1'),
  };

  it.each(Object.keys(ways))('as nobody listens: %s', async (way) => {
    const port = await freePort();
    const database = at((url) => (url.port = String(port)));
    expectAway(await failureOf(ways[way]!(database)));
    await database.close();
  });

  it.each(Object.keys(ways))('as it accepts and says nothing: %s', async (way) => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const database = at((url) => (url.port = String(portOf(silent))));
    expectAway(await failureOf(ways[way]!(database)));
    await database.close();
    silent.close();
  });

  it.each(Object.keys(ways))('as there is no such database (3D000): %s', async (way) => {
    const database = at((url) => (url.pathname = '/pika_nowhere'));
    expectAway(await failureOf(ways[way]!(database)));
    await database.close();
  });

  it.each(Object.keys(ways))('as there is no such login (28000): %s', async (way) => {
    const database = at((url) => (url.username = 'nobody'));
    expectAway(await failureOf(ways[way]!(database)));
    await database.close();
  });

  it('as its backend was killed in a statement', async () => {
    for (const orm of [true, false]) {
      const error = await failureOf(
        test.asOwner(async (tx) => {
          const [row] = await tx.$queryRaw<{ pid: number }[]>(sql`SELECT pg_backend_pid() AS pid`);
          const isSleeping = async () =>
            (
              await test.pool.query(`SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`, [
                row!.pid,
              ])
            ).rowCount === 1;
          const sleeping = orm ? createUser(tx, 'slow') : insertUser(tx, 'slow');
          const settled = sleeping.then(() => undefined);
          settled.catch(() => undefined);
          await expect.poll(isSleeping).toBe(true);
          await test.pool.query('SELECT pg_terminate_backend($1)', [row!.pid]);
          await settled;
        }),
      );
      expectAway(error);
    }
  });
});

const portOf = (server: Server) => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
};
