import { insertRows, openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OURS, readNames } from './catalog-tables.ts';
import { allRules } from './rules/all.ts';
import { created, ids, insertWorld } from './rules/world.ts';

interface Machine {
  column: string;
  constraint: string;
  /** Where each state may go. */
  arrows: Readonly<Record<string, readonly string[]>>;
  /** What a row in a state holds beside it. */
  beside?: (state: string) => Readonly<Record<string, string | null>>;
  /** Another assignment, where there is no `updated_at`. */
  rest?: string;
}

const machines: Readonly<Record<string, Machine>> = {
  'business.businesses': {
    column: 'status',
    constraint: 'businesses_status_transition',
    arrows: { pending: ['verified', 'suspended'], verified: ['pending', 'suspended'], suspended: ['verified'] },
  },
  'marketplace.vouchers': {
    column: 'state',
    constraint: 'vouchers_state_transition',
    arrows: {
      draft: ['published', 'archived'],
      published: ['suspended', 'expired', 'archived'],
      suspended: ['published', 'expired', 'archived'],
      expired: ['archived'],
      archived: [],
    },
  },
  'marketplace.claims': {
    column: 'state',
    constraint: 'claims_state_transition',
    arrows: { active: ['redeemed', 'released', 'expired'], redeemed: ['active'], released: ['active'], expired: [] },
  },
  'marketplace.code_batches': {
    column: 'state',
    constraint: 'code_batches_state_transition',
    arrows: { waiting: ['running', 'done', 'failed'], running: ['done', 'failed'], done: [], failed: [] },
    beside: (state) => ({ finished_at: ['done', 'failed'].includes(state) ? created : null }),
    rest: 'made_count = 1',
  },
  'users.users': {
    column: 'state',
    constraint: 'users_state_transition',
    arrows: { active: ['suspended', 'erased'], suspended: ['active', 'erased'], erased: [] },
  },
};

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await insertWorld(test.pool);
});
afterAll(() => test.close());

type Outcome = { state: string } | { code: string; schema: string; table: string; constraint: string };

/** What becomes of a row in one state that is told to be in another; nothing is kept. */
async function move(name: string, from: string, assignment: string): Promise<Outcome> {
  const { column, beside } = machineOf(name);
  const client = await test.pool.connect();
  try {
    await client.query('BEGIN');
    await insertRows(client, name, [{ ...allRules[name]?.row, [column]: from, ...beside?.(from) }]);
    const { rows } = await client.query<{ state: string }>(
      `UPDATE ${name} SET ${assignment} WHERE id = $1 RETURNING ${column} AS state`,
      [ids.fresh],
    );
    if (rows[0] === undefined) throw new Error(`no row of ${name} was updated`);
    return rows[0];
  } catch (error) {
    const { code, schema, table, constraint } = error as Record<'code' | 'schema' | 'table' | 'constraint', string>;
    if (constraint === undefined) throw error;
    return { code, schema, table, constraint };
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

function machineOf(name: string): Machine {
  const machine = machines[name];
  if (machine === undefined) throw new Error(`${name} has no machine`);
  return machine;
}

const pairs = Object.entries(machines).flatMap(([name, { arrows }]) =>
  Object.keys(arrows).flatMap((from) => Object.keys(arrows).map((to) => ({ name, from, to }))),
);

describe('a state', () => {
  it.each(pairs)('$name: $from to $to', async ({ name, from, to }) => {
    const { column, constraint, arrows, beside } = machineOf(name);
    const [schema, table] = name.split('.');
    const mayMove = from === to || (arrows[from] ?? []).includes(to);
    const others = Object.entries(beside?.(to) ?? {}).map(
      ([other, value]) => `, ${other} = ${value === null ? 'NULL' : `'${value}'`}`,
    );
    expect(await move(name, from, `${column} = '${to}'${others.join('')}`)).toEqual(
      mayMove ? { state: to } : { code: '23514', schema, table, constraint },
    );
  });

  it.each(Object.entries(machines))(
    'of %s stays while the rest of the row changes',
    async (name, { column, arrows, rest = 'updated_at = now()' }) => {
      for (const from of Object.keys(arrows)) {
        expect(await move(name, from, `${rest}, ${column} = ${column}`)).toEqual({ state: from });
      }
    },
  );

  it('is refused by ON CONFLICT and by the ORM as by an UPDATE, and takes the rest of the statement with it', async () => {
    const { pool } = test;
    const states = async () =>
      (await pool.query<{ state: string }>(`SELECT state FROM users.users ORDER BY id`)).rows.map(({ state }) => state);
    await pool.query(`UPDATE users.users SET state = 'suspended' WHERE id = $1`, [ids.user]);
    await pool.query(`UPDATE users.users SET state = 'erased' WHERE id = $1`, [ids.user]);
    expect(await states()).toEqual(['erased', 'active']);
    const refusal = { code: '23514', constraint: 'users_state_transition' };
    await expect(
      pool.query(
        `INSERT INTO users.users (id, email, display_name) VALUES ($1, 'taken@pika.example', 'T')
        ON CONFLICT (email) DO UPDATE SET state = 'active'`,
        [ids.fresh],
      ),
    ).rejects.toMatchObject(refusal);
    await expect(pool.query(`UPDATE users.users SET state = 'suspended'`)).rejects.toMatchObject(refusal);
    await expect(test.asOwner((db) => db.user.updateMany({ data: { state: 'suspended' } }))).rejects.toThrow(
      /no way from erased/,
    );
    expect(await states()).toEqual(['erased', 'active']);
  });
});

describe('the table of transitions', () => {
  it('tells of every state that an enum has, and no other', async () => {
    for (const [name, { column, arrows }] of Object.entries(machines)) {
      const states = await readNames(
        test,
        `SELECT enumlabel FROM pg_enum JOIN pg_attribute ON atttypid = enumtypid
        WHERE attrelid = '${name}'::regclass AND attname = '${column}' ORDER BY enumsortorder`,
      );
      expect({ name, states: Object.keys(arrows) }).toEqual({ name, states });
      expect(
        Object.values(arrows)
          .flat()
          .filter((state) => !states.includes(state)),
      ).toEqual([]);
    }
  });

  it('covers every state or status column, each guarded by a trigger that is on', async () => {
    const columns = await readNames(
      test,
      `WITH ${OURS} SELECT name || '.' || attname FROM ours JOIN pg_attribute ON attrelid = ours.oid
      JOIN pg_type t ON t.oid = atttypid WHERE t.typtype = 'e' AND attname IN ('state', 'status')`,
    );
    const guarded = await readNames(
      test,
      `WITH ${OURS} SELECT name || ': ' || tgname FROM ours JOIN pg_trigger ON tgrelid = ours.oid
      WHERE tgfoid = 'audit.check_transition'::regproc AND tgenabled IN ('O', 'A')`,
    );
    const entries = Object.entries(machines);
    expect(entries.map(([name, { column }]) => `${name}.${column}`).toSorted()).toEqual(columns.toSorted());
    expect(entries.map(([name, { constraint }]) => `${name}: ${constraint}`).toSorted()).toEqual(guarded.toSorted());
  });
});
