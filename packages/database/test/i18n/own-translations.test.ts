import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  openTestDatabase,
  requireServer,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
} from '@pika/tests';
import { seed } from '@pika/database';
import { deployMigrations, rollbackMigrations } from '@pika/database/tooling';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { connect } from '../migrations/migration-folder.ts';

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [category, first, second, voucher] = [id(1), id(2), id(3), id(4)];

let test: OpenTestDatabase;
const query = (text: string, values: unknown[] = []) => test.pool.query(text, values);
const write = (domain: 'category' | 'business' | 'voucher', key: string, language = 'es') =>
  insertRows(test.pool, 'i18n.translations', translationRows(domain, key, { [language]: 'Hola' }));

beforeAll(async () => {
  test = await openTestDatabase();
  await addLanguages(test.pool);
});

afterAll(() => test?.close());

beforeEach(async () => {
  await query('DELETE FROM business.businesses');
  await query('DELETE FROM i18n.translations');
  await query('DELETE FROM catalog.categories');
  await insertRows(test.pool, 'catalog.categories', [categoryRow({ id: category, slug: 'cafe' })]);
});

const insertBusinesses = () =>
  insertRows(
    test.pool,
    'business.businesses',
    [first, second].map((each) => ({
      ...businessRow({ id: each, categoryId: category }),
      other_names_key: `business.${each}.otherNames`,
    })),
  );

const insertVoucher = () =>
  insertRows(test.pool, 'marketplace.vouchers', [
    voucherRow({ id: voucher, businessId: second, categoryId: category }),
  ]);

async function owners(): Promise<Record<string, string | null>> {
  const { rows } = await query('SELECT key, business_id FROM i18n.translations ORDER BY key');
  return Object.fromEntries(rows.map((row) => [row.key, row.business_id]));
}

async function writeAll(): Promise<void> {
  await write('category', `category.${category}.name`);
  for (const field of ['name', 'otherNames', 'description']) await write('business', `business.${first}.${field}`);
  for (const field of ['title', 'description', 'terms']) await write('voucher', `voucher.${voucher}.${field}`);
}

const allOwned = {
  [`business.${first}.name`]: first,
  [`business.${first}.otherNames`]: first,
  [`business.${first}.description`]: first,
  [`category.${category}.name`]: null,
  [`voucher.${voucher}.title`]: second,
  [`voucher.${voucher}.description`]: second,
  [`voucher.${voucher}.terms`]: second,
};

it('a text belongs to the business of the entity that holds its key', async () => {
  await insertBusinesses();
  await insertVoucher();
  await writeAll();
  expect(await owners()).toEqual(allOwned);
});

it('nobody can give it to another, and a text that moves to another key changes hands', async () => {
  await insertBusinesses();
  const [row = {}] = translationRows('business', `business.${first}.name`, { es: 'Hola' });
  await insertRows(test.pool, 'i18n.translations', [{ ...row, business_id: second }]);
  expect(await owners()).toEqual({ [`business.${first}.name`]: first });
  await query('UPDATE i18n.translations SET key = $1', [`business.${second}.name`]);
  expect(await owners()).toEqual({ [`business.${second}.name`]: second });
  await query(`UPDATE i18n.translations SET key = $1, domain = 'category'`, [`category.${category}.name`]);
  expect(await owners()).toEqual({ [`category.${category}.name`]: null });
});

it('a text goes with its business', async () => {
  await insertBusinesses();
  await insertVoucher();
  await writeAll();
  await query('DELETE FROM business.businesses WHERE id = $1', [second]);
  expect(Object.keys(await owners())).not.toContain(`voucher.${voucher}.title`);
  await query('DELETE FROM business.businesses');
  expect(await owners()).toEqual({ [`category.${category}.name`]: null });
});

it('every text of the seed has its owner', async () => {
  await query('DELETE FROM catalog.categories');
  await seed(test.database);
  const { rows } = await query(`SELECT domain, business_id IS NOT NULL AS owned, count(*)::int > 50 AS many
    FROM i18n.translations GROUP BY domain, owned ORDER BY domain`);
  expect(rows).toEqual([
    { domain: 'business', owned: true, many: true },
    { domain: 'category', owned: false, many: true },
    { domain: 'voucher', owned: true, many: true },
  ]);
});

it('two writers of one business take turns instead of waiting for each other', async (context) => {
  requireServer(context);
  await insertBusinesses();
  const [one, two] = [await connect(test.url), await connect(test.url)];
  const insert = (language: string) => ({
    text: `INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ($1, $2, 'x', 'business')`,
    values: [`business.${first}.name`, language],
  });
  await one.query('BEGIN');
  await one.query(insert('es'));
  await two.query('BEGIN');
  const waiting = two.query(insert('en'));
  await vi.waitFor(
    async () =>
      expect(
        (await query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`))
          .rowCount,
      ).toBe(1),
    { timeout: 15_000 },
  );
  await one.query(insert('gn'));
  await one.query('COMMIT');
  await waiting;
  await two.query('COMMIT');
  await Promise.all([one.end(), two.end()]);
  expect((await query('SELECT FROM i18n.translations WHERE business_id = $1', [first])).rowCount).toBe(3);
});

it('the history gives every text its owner: written before, during and after the roll-out, in either order', async () => {
  const expand = '20261121094000_translation_owner_expand';
  await rollbackMigrations(test.url, (name) => name < expand);
  await insertBusinesses();
  await write('business', `business.${first}.name`);
  await write('category', `category.${category}.name`);
  await deployMigrations(test.url, undefined, { to: expand });
  await write('voucher', `voucher.${voucher}.title`);
  expect(await owners()).toMatchObject({ [`voucher.${voucher}.title`]: null, [`business.${first}.name`]: null });
  await insertVoucher();
  expect(await owners()).toMatchObject({ [`voucher.${voucher}.title`]: second });
  await write('voucher', `voucher.${voucher}.terms`);
  await deployMigrations(test.url);
  expect(await owners()).toEqual({
    [`business.${first}.name`]: first,
    [`category.${category}.name`]: null,
    [`voucher.${voucher}.terms`]: second,
    [`voucher.${voucher}.title`]: second,
  });
  const { rows } = await query(`SELECT rows_done::int AS rows, finished_at IS NOT NULL AS finished
    FROM public.data_migrations WHERE name LIKE '%translation_owner_backfill'`);
  expect(rows).toEqual([{ rows: 4, finished: true }]);
  const { rows: constraints } = await query(`SELECT convalidated FROM pg_constraint
    WHERE conname IN ('translations_business_id_fkey', 'translations_category_unowned')`);
  expect(constraints).toEqual([{ convalidated: true }, { convalidated: true }]);
});
