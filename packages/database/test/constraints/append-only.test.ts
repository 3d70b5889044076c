import { inTransaction, systemContext } from '@pika/database';
import { insertRows, openTestDatabase, type OpenTestDatabase, type Row } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRules } from './rules/all.ts';
import { idOf, ids, insertWorld } from './rules/world.ts';

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await insertWorld(test.pool);
});
afterAll(() => test?.close());

const query = (text: string, values: unknown[] = []) => test.pool.query(text, values);
const readAll = async (table: string) => (await test.pool.query<Row>(`SELECT * FROM ${table} ORDER BY 1`)).rows;
const ledger = () => readAll('marketplace.redemptions');

/** The connection of the tests is a superuser's. */
const changes = [
  `UPDATE marketplace.redemptions SET discount_minor = 1`,
  `UPDATE marketplace.redemptions SET id = id`,
  `DELETE FROM marketplace.redemptions`,
  `TRUNCATE marketplace.redemptions CASCADE`,
  `TRUNCATE marketplace.vouchers CASCADE`,
  `TRUNCATE business.businesses CASCADE`,
  `INSERT INTO marketplace.redemptions SELECT * FROM marketplace.redemptions
    ON CONFLICT (id) DO UPDATE SET discount_minor = 1`,
];
const scanChanges = [
  `UPDATE marketplace.scans SET scanned_at = now()`,
  `UPDATE marketplace.scans SET nonce = nonce`,
  `DELETE FROM marketplace.scans`,
  `TRUNCATE marketplace.scans CASCADE`,
  `INSERT INTO marketplace.scans SELECT * FROM marketplace.scans ON CONFLICT (nonce) DO UPDATE SET user_id = NULL`,
];
const allChanges = [
  ...changes.map((text) => ['marketplace.redemptions', text] as const),
  ...scanChanges.map((text) => ['marketplace.scans', text] as const),
];

describe('what is only added to', () => {
  it.each(allChanges)('%s is not changed by a superuser: %s', async (table, text) => {
    const before = await readAll(table);
    expect(before).not.toEqual([]);
    await expect(query(text)).rejects.toMatchObject({ code: '42501' });
    expect(await readAll(table)).toEqual(before);
  });

  it.each(allChanges)('%s is not changed by its owner: %s', async (_table, text) => {
    const client = await test.pool.connect();
    try {
      await client.query(`BEGIN; SET LOCAL ROLE pika_owner`);
      await client.query(`SELECT set_config('app.actor', 'system:test', true)`);
      await expect(client.query(text)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('is not changed by the ORM, which is told that it may not', async () => {
    const ofLedger = inTransaction(test.database, systemContext('test'), (tx) => tx.redemption.deleteMany());
    await expect(ofLedger).rejects.toThrow(/append-only/);
    const ofScans = inTransaction(test.database, systemContext('test'), (tx) => tx.scan.deleteMany());
    await expect(ofScans).rejects.toThrow(/append-only/);
  });

  it.each(['marketplace.redemptions', 'marketplace.scans'])(
    '%s: not where triggers are for replicas',
    async (table) => {
      const client = await test.pool.connect();
      try {
        await client.query(`BEGIN; SET LOCAL session_replication_role = replica`);
        await expect(client.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
  );
});

describe('the ledger of redemptions', () => {
  it('is added to', async () => {
    const before = await ledger();
    await insertEntry({});
    expect(await ledger()).toHaveLength(before.length + 1);
  });

  it('keeps what it points to: no deletion, and no other id', async () => {
    const pointed = [
      ['marketplace.vouchers', ids.voucher],
      ['business.locations', ids.location],
      ['marketplace.claims', ids.claim],
      ['marketplace.campaigns', ids.campaign],
    ] as const;
    await insertEntry({
      id: idOf(73),
      location_id: ids.location,
      claim_id: ids.claim,
      campaign_id: ids.campaign,
    });
    const before = await ledger();
    for (const [table, id] of pointed) {
      await expect(query(`DELETE FROM ${table} WHERE id = $1`, [id])).rejects.toMatchObject({
        code: expect.stringMatching(/^(23503|23001)$/),
      });
      await expect(query(`UPDATE ${table} SET id = $1 WHERE id = $2`, [idOf(71), id])).rejects.toMatchObject({
        code: '42501',
      });
    }
    expect(await ledger()).toEqual(before);
  });

  it('stays as it is when the person it counted against is erased', async () => {
    const entry = await insertEntry({ id: idOf(72), user_id: ids.secondUser });
    await query(`UPDATE users.users SET state = 'erased', email = 'erased@pika.example' WHERE id = $1`, [
      ids.secondUser,
    ]);
    await query('SELECT audit.erase_subject($1)', [ids.secondUser]);
    expect(await ledger()).toContainEqual(entry);
  });
});

async function insertEntry(columns: Row): Promise<Row | undefined> {
  const row = { ...allRules['marketplace.redemptions']?.row, ...columns };
  await insertRows(test.pool, 'marketplace.redemptions', [row]);
  return (await ledger()).find(({ id }) => id === row.id);
}
