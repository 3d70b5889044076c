import { seed, voucherIdOf } from '@pika/database';
import { seededDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await seededDatabase();
});

afterAll(() => test?.close());

interface Row {
  id: string;
  version: number;
  hours: string | null;
  day: number | null;
}

const vouchers = async () =>
  (
    await test.pool.query<Row>(
      `SELECT id, version, redeemable_hours::text AS hours, limit_per_user_day AS day FROM marketplace.vouchers ORDER BY id`,
    )
  ).rows;

it('writes the hours and limits that the terms name, and nothing a second time', async () => {
  const rows = await vouchers();
  const find = (business: string, slug: string) => rows.find(({ id }) => id === voucherIdOf(business, slug));
  expect(find('despensa-la-esquina', 'hielo-de-yapa')).toMatchObject({ hours: null, day: null });
  expect(find('despensa-la-esquina', 'kit-asado')).toMatchObject({ hours: '{[5760,10080)}' });
  expect(find('pizzeria-el-anden', 'noche-de-pizza-libre')).toMatchObject({ hours: '{[2580,2820)}' });
  expect(find('bar-al-daraj', 'tawila-li-arbaa')).toMatchObject({
    hours: '{[2460,2970),[3900,4410),[5340,5850)}',
  });
  expect(find('cafe-del-puerto', 'dos-por-uno-capuchino')).toMatchObject({ day: 1 });
  await seed(test.database);
  expect(await vouchers()).toEqual(rows);
});
