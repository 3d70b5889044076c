import {
  classifyDatabaseError,
  inTransaction,
  openDatabase,
  sql,
  systemContext,
  type Database,
  type Transaction,
  type TransactionContext,
} from '@pika/database';
import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transactions } from '../../src/transaction-state.ts';

const system = systemContext('transaction test');
const email = () => `${crypto.randomUUID()}@pika.example`;

let test: OpenTestDatabase;
let database: Database;

beforeAll(async () => {
  test = await openTestDatabase();
  database = test.database;
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.notes (id int PRIMARY KEY, text text, CONSTRAINT notes_text CHECK (text <> 'forbidden'));
    CREATE TABLE trial.deferred (id int CONSTRAINT deferred_id UNIQUE DEFERRABLE INITIALLY DEFERRED);
    GRANT USAGE ON SCHEMA trial TO pika_app, pika_owner, pika_public;
    GRANT ALL ON ALL TABLES IN SCHEMA trial TO pika_app, pika_owner;
    GRANT SELECT ON ALL TABLES IN SCHEMA trial TO pika_public`);
});

afterAll(() => test?.close());

const note = (tx: Pick<Transaction, '$executeRaw'>, id: number, text = 'x') =>
  tx.$executeRaw(sql`INSERT INTO trial.notes (id, text) VALUES (${id}, ${text})`);

const countNotes = async (...ids: number[]) => {
  const { rows } = await test.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM trial.notes WHERE id = ANY ($1)',
    [ids],
  );
  return rows[0]!.count;
};

const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
  const failure = await promise.then(
    () => null,
    (error: Error) => error,
  );
  if (failure === null) throw new Error('it succeeded');
  return failure;
};

describe('the context', () => {
  const settings = [
    'role',
    'app.actor',
    'app.user_id',
    'app.roles',
    'app.business_id',
    'app.request_id',
    'app.client_address',
    'app.language',
    'idle_in_transaction_session_timeout',
    'statement_timeout',
    'lock_timeout',
  ];

  const read = async (tx: Transaction) => {
    const rows = await tx.$queryRaw<{ name: string; value: string | null }[]>(sql`
      SELECT name, current_setting(name, true) AS value FROM unnest(${settings}::text[]) AS name`);
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  };

  it('is set whole, with the timeouts, for its transaction alone', async () => {
    const id = crypto.randomUUID();
    const businessId = crypto.randomUUID();
    const context: TransactionContext = {
      actor: { type: 'user', id },
      roles: ['owner', 'cashier'],
      businessId,
      requestId: 'r-1',
      clientAddress: '192.0.2.7',
      language: 'gn',
    };
    expect(await inTransaction(database, context, read, { timeoutMillis: 7_000 })).toEqual({
      role: 'pika_app',
      'app.actor': `user:${id}`,
      'app.user_id': id,
      'app.roles': 'owner,cashier',
      'app.business_id': businessId,
      'app.request_id': 'r-1',
      'app.client_address': '192.0.2.7',
      'app.language': 'gn',
      idle_in_transaction_session_timeout: '30s',
      statement_timeout: '7s',
      lock_timeout: '3500ms',
    });
    const bare = await inTransaction(database, { actor: { type: 'anonymous' } }, read);
    expect(bare).toMatchObject({
      role: 'pika_app',
      'app.actor': 'anonymous',
      'app.user_id': '',
      'app.business_id': '',
    });
    expect(await inTransaction(database, system, read)).toMatchObject({
      role: 'pika_owner',
      'app.actor': 'system:transaction test',
    });
    expect(await inTransaction(database, { actor: { type: 'apiKey', id } }, read)).toMatchObject({
      'app.actor': `api-key:${id}`,
      'app.user_id': '',
    });
    const { rows } = await test.pool.query(`SELECT current_setting('role') AS role`);
    expect(rows).toEqual([{ role: 'none' }]);
  });

  it('stands at the isolation level that is asked for', async () => {
    const level = (tx: Transaction) =>
      tx.$queryRaw<{ level: string }[]>(sql`SELECT current_setting('transaction_isolation') AS level`);
    expect(await inTransaction(database, system, level)).toEqual([{ level: 'read committed' }]);
    expect(await inTransaction(database, system, level, { isolation: 'Serializable' })).toEqual([
      { level: 'serializable' },
    ]);
  });

  it('takes the role for a login that is no superuser, and only one it belongs to', async (context) => {
    requireServer(context);
    const login = `pika_login_${crypto.randomUUID().slice(0, 8)}`;
    await test.pool.query(`CREATE ROLE ${login} LOGIN IN ROLE pika_app`);
    const url = new URL(test.url);
    url.username = login;
    const narrow = openDatabase({ url: url.href });
    try {
      expect(await inTransaction(narrow, { actor: { type: 'anonymous' } }, read)).toMatchObject({ role: 'pika_app' });
      const failure = await failureOf(inTransaction(narrow, system, read));
      expect(classifyDatabaseError(failure)).toEqual({ kind: 'denied' });
    } finally {
      await narrow.close();
      await test.pool.query(`DROP ROLE ${login}`);
    }
  });

  it('keeps the role of the login where row security is off', async () => {
    const open = openDatabase({
      url: test.url,
      kind: test.kind === 'embedded' ? 'embedded' : 'server',
      rowSecurity: false,
    });
    try {
      expect(await inTransaction(open, system, read)).toMatchObject({
        role: 'none',
        'app.actor': 'system:transaction test',
      });
    } finally {
      await open.close();
    }
  });

  it('holds no role with a comma in its name', async () => {
    const context: TransactionContext = { actor: { type: 'anonymous' }, roles: ['a,b'] };
    await expect(inTransaction(database, context, read)).rejects.toThrow('comma');
  });
});

describe('a rejected statement that the code swallows', () => {
  const ways: Record<string, (tx: Transaction) => Promise<unknown>> = {
    raw: (tx) => note(tx, 1, 'forbidden'),
    'raw, behind a savepoint': async (tx) => {
      await tx.$executeRaw(sql`SAVEPOINT before`);
      await note(tx, 1, 'forbidden').catch(() => undefined);
      await tx.$executeRaw(sql`ROLLBACK TO SAVEPOINT before`);
      throw new Error('swallowed too');
    },
    'by the ORM': (tx) =>
      tx.language.create({ data: { code: 'x', name: 'x', englishName: 'x', textSearchConfig: '-' } as never }),
    'that found no row': (tx) => tx.user.update({ where: { id: crypto.randomUUID() }, data: { displayName: 'x' } }),
    'that never reached PostgreSQL': (tx) => tx.user.create({ data: {} as never }),
  };

  it.each(Object.keys(ways))('%s takes all back and is thrown at the end', async (way) => {
    const id = 100 + Object.keys(ways).indexOf(way);
    const failure = await failureOf(
      inTransaction(database, system, async (tx) => {
        await note(tx, id);
        await ways[way]!(tx).catch(() => undefined);
        return 'done';
      }),
    );
    expect(failure).toMatchObject({ name: 'PoisonedTransactionError', cause: expect.any(Error) });
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'bug' });
    expect(await countNotes(id)).toBe(0);
  });

  it('is not awaited takes all back too', async () => {
    const failure = await failureOf(
      inTransaction(database, system, async (tx) => {
        await note(tx, 120);
        void note(tx, 121, 'forbidden').catch(() => undefined);
      }),
    );
    expect(['PoisonedTransactionError', 'CommitRefusedError']).toContain(failure.name);
    expect(await countNotes(120, 121)).toBe(0);
  });

  it('never passes for committed when COMMIT is answered with ROLLBACK', async () => {
    const failure = await failureOf(
      inTransaction(database, system, async (tx) => {
        await note(tx, 130);
        await note(tx, 131, 'forbidden').catch(() => undefined);
        // As if nothing of ours had seen the rejection: then PostgreSQL's answer alone tells.
        transactions.getStore()!.rejection = null;
      }),
    );
    expect(failure).toMatchObject({ name: 'CommitRefusedError' });
    expect(await countNotes(130, 131)).toBe(0);
  });

  it('of COMMIT itself is thrown with its constraint', async () => {
    await inTransaction(database, system, (tx) => tx.$executeRaw(sql`INSERT INTO trial.deferred VALUES (1)`));
    const failure = await failureOf(
      inTransaction(database, system, (tx) => tx.$executeRaw(sql`INSERT INTO trial.deferred VALUES (1)`)),
    );
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'duplicate', constraint: 'deferred_id' });
  });
});

describe('a work that throws', () => {
  it('throws just that, and nothing is committed', async () => {
    const own = new Error('of the work');
    const failure = await failureOf(
      inTransaction(database, system, async (tx) => {
        await note(tx, 200);
        throw own;
      }),
    );
    expect(failure).toBe(own);
    expect(await countNotes(200)).toBe(0);
  });

  it('throws what the ORM threw', async () => {
    const id = crypto.randomUUID();
    const create = (tx: Transaction, address: string) => tx.user.create({ data: { email: address, displayName: id } });
    const taken = email();
    await inTransaction(database, system, (tx) => create(tx, taken));
    const failure = await failureOf(inTransaction(database, system, (tx) => create(tx, taken)));
    expect(classifyDatabaseError(failure)).toEqual({ kind: 'duplicate', constraint: 'users_email_key' });
  });
});

describe('a transaction inside another', () => {
  it('is refused in words, and the outer one is lost even when that is swallowed', async () => {
    let inner: unknown;
    const failure = await failureOf(
      inTransaction(database, system, async (tx) => {
        await note(tx, 300);
        await inTransaction(database, system, (other) => note(other, 301)).catch((error: unknown) => (inner = error));
      }),
    );
    expect(inner).toMatchObject({ name: 'NestedTransactionError', message: expect.stringContaining('hand its tx on') });
    expect(failure).toMatchObject({ name: 'PoisonedTransactionError' });
    expect(await countNotes(300, 301)).toBe(0);
  });

  it('cannot be begun by Prisma either', async () => {
    const failure = await failureOf(
      inTransaction(database, system, async (tx) => {
        await (tx as unknown as { $transaction: (work: () => Promise<void>) => Promise<void> }).$transaction(
          async () => undefined,
        );
      }),
    );
    expect(failure).toBeInstanceOf(TypeError);
  });

  it('is refused for the public side as well, by Prisma and by its pool', async () => {
    const reads = [() => database.public.db.$queryRaw(sql`SELECT 1`), () => database.public.pool.query('SELECT 1')];
    for (const read of reads) {
      const failure = await failureOf(inTransaction(database, system, read));
      expect(failure).toMatchObject({ name: 'NestedTransactionError' });
    }
  });

  it('is none when the first has ended, though it began the second', async () => {
    const later: Promise<number>[] = [];
    let go: () => void = () => undefined;
    await inTransaction(database, system, async (tx) => {
      const gate = new Promise<void>((resolve) => (go = resolve));
      later.push(gate.then(() => inTransaction(database, system, (other) => note(other, 310))));
      await note(tx, 311);
    });
    go();
    expect(await Promise.all(later)).toEqual([1]);
    expect(await countNotes(310, 311)).toBe(2);
  });
});
