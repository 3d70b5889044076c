import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  locationRow,
  openTestDatabase,
  randomFrom,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const random = randomFrom(3);
const business = random.id();
const category = random.id();
let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  const { pool } = test;
  await addLanguages(pool);
  await insertRows(pool, 'catalog.categories', [categoryRow({ id: category, slug: 'all' })]);
  await insertRows(pool, 'business.businesses', [businessRow({ id: business, categoryId: category })]);
});

afterAll(() => test?.close());

/** A branch with one offer; answers the branch. */
async function addBranch(latitude: number, longitude: number): Promise<string> {
  const { pool } = test;
  const [location, voucher] = [random.id(), random.id()];
  await insertRows(pool, 'business.locations', [
    locationRow({ id: location, businessId: business, latitude, longitude }),
  ]);
  await insertRows(pool, 'marketplace.vouchers', [
    voucherRow({ id: voucher, businessId: business, categoryId: category }),
  ]);
  await insertRows(pool, 'marketplace.voucher_locations', [{ voucher_id: voucher, location_id: location }]);
  return location;
}

async function find(
  latitude: number,
  longitude: number,
  {
    limit = 5,
    batch = 8,
    bounds = null,
    words = null,
  }: { limit?: number; batch?: number; bounds?: number[] | null; words?: string | null } = {},
) {
  const { rows } = await test.pool.query<{ ids: string[] | null }>(
    `SELECT location_ids AS ids
     FROM marketplace.find_nearby($1, $2, $3, $4, NULL, NULL, $7, '{es}', NULL, now(), $5, NULL, NULL, NULL, $6, false, NULL)`,
    [latitude, longitude, bounds === null ? 1_000 : null, bounds, limit, batch, words],
  );
  return rows[0]?.ids ?? [];
}

describe('words, where all that is near stands on the point itself', () => {
  it('are found', async () => {
    const { pool } = test;
    const branches: string[] = [];
    for (let count = 0; count < 6; count += 1) branches.push(await addBranch(12, 34));
    await insertRows(
      pool,
      'i18n.translations',
      translationRows('business', `business.${business}.name`, { es: 'Quiosco' }),
    );
    expect((await find(12, 34, { batch: 1, words: 'quiosco', limit: 10 })).toSorted()).toEqual(branches.toSorted());
    expect(await find(12, 34, { batch: 1, words: 'quiosco', limit: 2 })).toEqual(branches.toSorted().slice(0, 3));
  });
});

describe('a point that is a branch by another name', () => {
  it.each([
    ['the antimeridian from its other side', [65.5, 180], [65.5, -180]],
    ['the antimeridian the other way', [-16.8, -180], [-16.8, 180]],
    ['the antimeridian, a hair away', [10, 180], [10, -179.99999999999997]],
    ['the north pole by another longitude', [90, 0], [90, 90]],
    ['the south pole by another longitude', [-90, 45.5], [-90, -120]],
    ['the equator, less than an atom away', [0, 33], [1e-13, 33]],
    ['a quarter turn, less than an atom away', [5, 90], [5, 90 + 2e-13]],
  ] as const)('%s', async (_name, [latitude, longitude], [fromLatitude, fromLongitude]) => {
    const branch = await addBranch(latitude, longitude);
    expect(await find(fromLatitude, fromLongitude)).toContain(branch);
  });

  it('millimetres from it, in every direction', async () => {
    const places = [
      [0, 12],
      [44, 180],
      [44, -180],
      [44, 90],
      [0, 0],
    ] as const;
    for (const [latitude, longitude] of places) {
      const branch = await addBranch(latitude, longitude);
      for (let exponent = -15; exponent <= -6; exponent++) {
        for (const [north, east] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
          [1, 1],
        ] as const) {
          const step = 10 ** exponent;
          const turned = longitude + east * step;
          const wrapped = turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned;
          expect(await find(latitude + north * step, wrapped)).toContain(branch);
        }
      }
    }
  });
});

describe('many branches at one point', () => {
  it.each([1, 2, 7, 8, 20, 64])('stand in the order of their ids, looking at %i first', async (batch) => {
    const longitude = 20 + batch / 8;
    const branches: string[] = [];
    for (let left = 20; left > 0; left--) branches.push(await addBranch(-33, longitude));
    branches.sort();
    expect(await find(-33, longitude, { limit: 2, batch })).toEqual(branches.slice(0, 3));
    expect(await find(-33.001, longitude, { limit: 2, batch })).toEqual(branches.slice(0, 3));
  });
});

describe('bounds that end at the antimeridian', () => {
  it.each([
    [-42, 180, [170, -43, 180, -41]],
    [-43, 180, [-180, -44, -170, -42]],
    [-44, -180, [170, -45, 180, -43]],
    [-45, -180, [-180, -46, -170, -44]],
    [-46, 180, [179, -47, -179, -45]],
    [-47, -180, [179, -48, -179, -46]],
  ])('hold a branch on it at %d, %d', async (latitude, longitude, bounds) => {
    const branch = await addBranch(latitude, longitude);
    expect(await find(latitude, longitude, { limit: 100, bounds })).toContain(branch);
    expect(await find(latitude, longitude, { limit: 100, bounds: [-170, -90, 170, 90] })).not.toContain(branch);
  });
});
