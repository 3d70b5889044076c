import { verifyAudit } from '@pika/database';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, entriesOf, sealAll } from './act.ts';

let test: OpenTestDatabase;
let pool: pg.Pool;

const address = '2001:db8::77';
const operator = '01890000-0000-7000-8000-0000000000ff';
let rows = 0;

beforeAll(async () => {
  test = await openTestDatabase();
  pool = test.pool;
  await pool.query('CREATE TABLE users.things (id int PRIMARY KEY, user_id uuid, name text)');
  await pool.query(`SELECT audit.audit_table('users.things', personal => '{name}', subject_column => 'user_id')`);
});

afterAll(() => test?.close());

/** A person of whom nothing is known yet. */
const newPerson = () => `01890000-0000-7000-8000-${String((rows += 1)).padStart(12, '0')}`;

/** A row about somebody, written by an actor from that address: its id, and the entry's address as it is kept. */
async function write(actor: string, about: string | null) {
  const id = (rows += 1);
  const entries = await entriesOf(pool, () =>
    act(pool, { actor, settings: { 'app.client_address': address } }, (db) =>
      db.query('INSERT INTO users.things VALUES ($1, $2, $3)', [id, about, 'a thing']),
    ),
  );
  const [entry] = entries.filter(({ table }) => table === 'users.things');
  expect(entry).toBeDefined();
  return { id, kept: entry?.clientAddress, entries };
}

async function toldOf(id: number): Promise<string | null | undefined> {
  const told = await pool.query<{ address: string | null }>(
    `SELECT client_address AS address FROM audit.history('users.things', $1) WHERE operation = 'insert'`,
    [{ id }],
  );
  expect(told.rows).toHaveLength(1);
  return told.rows[0]?.address;
}

const erase = (person: string) => pool.query('SELECT audit.erase_subject($1)', [person]);

describe('the address of an entry', () => {
  it('of a person is sealed with their key, in every entry apart, and told by history until they are erased', async () => {
    const person = newPerson();
    const one = await write(`user:${person}`, null);
    const other = await write(`user:${person}`, null);
    for (const { entries } of [one, other]) expect(JSON.stringify(entries)).not.toContain(address);
    expect(one.kept).toMatch(new RegExp(`^sealed:${person}:[A-Za-z0-9+/]{43}=$`));
    expect(one.kept).not.toBe(other.kept);
    expect([await toldOf(one.id), await toldOf(other.id)]).toEqual([address, address]);
    await sealAll(pool);
    await erase(person);
    expect([await toldOf(one.id), await toldOf(other.id)]).toEqual([null, null]);
    await sealAll(pool);
    expect(await verifyAudit(test.url)).toMatchObject({ fault: null, unsealed: 0 });
    const { rows: changed } = await pool.query(
      `SELECT count(*)::int AS count FROM audit.entries AS entry
       JOIN audit.sealed_entries sealed ON sealed.entry_id = entry.id WHERE sealed.row_hash <> audit.row_hash(entry)`,
    );
    expect(changed).toEqual([{ count: 0 }]);
  });

  it('of who is erased is not kept any more', async () => {
    const person = newPerson();
    await erase(person);
    expect((await write(`user:${person}`, null)).kept).toBeNull();
  });

  it('of an operator who acts as somebody else is the operator’s', async () => {
    const [person, impersonator] = [newPerson(), newPerson()];
    const { id, kept } = await write(`user:${person} by user:${impersonator}`, person);
    expect(kept).toContain(`sealed:${impersonator}:`);
    await erase(person);
    expect(await toldOf(id)).toBe(address);
    await erase(impersonator);
    expect(await toldOf(id)).toBeNull();
  });

  it('of nobody known is theirs whom the row is about', async () => {
    const person = newPerson();
    const { id, kept } = await write('anonymous', person);
    expect(kept).toContain(`sealed:${person}:`);
    expect(await toldOf(id)).toBe(address);
    await erase(person);
    expect(await toldOf(id)).toBeNull();
  });

  it('of who is not the person whom the row is about is not that person’s', async () => {
    const person = newPerson();
    const { kept } = await write(`user:${operator}`, person);
    expect(kept).toContain(`sealed:${operator}:`);
  });

  it.each([
    ['anonymous', null],
    ['api-key:01890000-0000-7000-8000-0000000000aa', newPerson()],
    ['system:import', newPerson()],
    ['user:not-an-id', null],
  ])('of %s stands in clear', async (actor, about) => {
    const { id, kept } = await write(actor, about);
    expect(kept).toBe(address);
    expect(await toldOf(id)).toBe(address);
  });

  it('is found by an auditor', async () => {
    const person = newPerson();
    const { entries } = await write(`user:${person}`, null);
    const found = await act(pool, { role: 'pika_auditor', actor: 'user:auditor' }, (db) =>
      db.query(
        `SELECT count(*)::int AS count FROM audit.entries
         WHERE actor = $1 AND audit.reveal_address(client_address) = $2`,
        [`user:${person}`, address],
      ),
    );
    // The first entry of a person makes their key, which has one too.
    expect([entries.length, found.rows]).toEqual([2, [{ count: 2 }]]);
  });

  it('comes back from a replay no more than before', async () => {
    const person = newPerson();
    const { id } = await write(`user:${person}`, person);
    const { rows: replayed } = await pool.query(`SELECT record FROM audit.replay('users.things') WHERE row_key = $1`, [
      { id },
    ]);
    expect(replayed).toEqual([{ record: { id, user_id: person, name: 'a thing' } }]);
  });
});
