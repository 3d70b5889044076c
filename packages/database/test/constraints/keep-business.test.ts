import { databaseProblem, inTransaction, systemContext } from '@pika/database';
import { businessRow, insertRows, openTestDatabase, translationRows, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OURS, readNames } from './catalog-tables.ts';
import { idOf, ids, insertWorld } from './rules/world.ts';

const buyer = idOf(70);
const owned = {
  'identity.api_keys': { id: ids.second, constraint: 'api_keys_keep_business' },
  'business.locations': { id: ids.location, constraint: 'locations_keep_business' },
  'marketplace.campaigns': { id: ids.campaign, constraint: 'campaigns_keep_business' },
  'marketplace.code_batches': { id: ids.second, constraint: 'code_batches_keep_business' },
  'marketplace.vouchers': { id: ids.voucher, constraint: 'vouchers_keep_business' },
};
const entries = Object.entries(owned);

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await insertWorld(test.pool);
  await insertRows(test.pool, 'business.businesses', [businessRow({ id: buyer, categoryId: ids.root })]);
});
afterAll(() => test?.close());

async function ownerOf(table: string, id: string): Promise<string | undefined> {
  const { rows } = await test.pool.query<{ owner: string }>(`SELECT business_id AS owner FROM ${table} WHERE id = $1`, [
    id,
  ]);
  return rows[0]?.owner;
}

describe('what belongs to a business', () => {
  it.each(entries)('never changes hands, whoever asks: %s', async (table, { id, constraint }) => {
    const [schema, name] = table.split('.');
    await expect(
      test.pool.query(`UPDATE ${table} SET business_id = $1 WHERE id = $2`, [buyer, id]),
    ).rejects.toMatchObject({ code: '23514', constraint, schema, table: name });
    expect(await ownerOf(table, id)).toBe(ids.business);
  });

  it.each(entries)('keeps it where an update names it again: %s', async (table, { id }) => {
    const { rowCount } = await test.pool.query(`UPDATE ${table} SET business_id = business_id WHERE id = $1`, [id]);
    expect([rowCount, await ownerOf(table, id)]).toEqual([1, ids.business]);
  });

  it('keeps it together with its texts, and the caller is told of a broken rule', async () => {
    await insertRows(
      test.pool,
      'i18n.translations',
      translationRows('voucher', `voucher.${ids.voucher}.terms`, { es: 'Hola' }),
    );
    const give = inTransaction(test.database, systemContext('test'), (tx) =>
      tx.voucher.update({ where: { id: ids.voucher }, data: { businessId: buyer } }),
    );
    const refusal: unknown = await give.then(
      () => null,
      (error: unknown) => error,
    );
    expect(databaseProblem(refusal)).toMatchObject({ code: 'record.refused', status: 422 });
    const { rows } = await test.pool.query(
      `SELECT DISTINCT t.business_id = v.business_id AS agrees FROM i18n.translations t
      JOIN marketplace.vouchers v ON t.key IN (v.title_key, v.description_key, v.terms_key)`,
    );
    expect(rows).toEqual([{ agrees: true }]);
  });

  it('is every table with a business of its own and texts, links or a ledger that hang on it', async () => {
    const dependents = await readNames(
      test,
      `WITH ${OURS} SELECT DISTINCT ours.name FROM ours
      JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attname = 'business_id' AND NOT a.attisdropped
      JOIN pg_constraint own ON own.conrelid = ours.oid AND own.contype = 'f'
        AND own.confrelid = 'business.businesses'::regclass
      JOIN pg_constraint other ON other.confrelid = ours.oid AND other.contype = 'f' AND other.conrelid <> ours.oid`,
    );
    expect(dependents.toSorted()).toEqual(Object.keys(owned).toSorted());
  });
});
