import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  inTransaction,
  locationRow,
  openTestDatabase,
  randomFrom,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { differences, drainQueue } from './compare.ts';
import { makeScenario, type Scenario } from './scenario.ts';

const random = randomFrom(2);
let test: OpenTestDatabase;
let scenario: Scenario;

beforeAll(async () => {
  test = await openTestDatabase();
  await addLanguages(test.pool);
});

afterAll(() => test?.close());

beforeEach(async () => {
  scenario = await makeScenario(test, random);
});

const query = (text: string, values: unknown[] = []) => test.pool.query(text, values);

async function expectTrue(): Promise<void> {
  await drainQueue(test.pool);
  expect(await differences(test.pool)).toEqual([]);
}

describe('cards follow writes that seldom happen', () => {
  it('an active language is removed', async () => {
    await query(`INSERT INTO i18n.languages (code, name, english_name, chain, match_length, is_active)
      VALUES ('it', 'it', 'it', '{it}', 1, true)`);
    await expectTrue();
    await query(`DELETE FROM i18n.languages WHERE code = 'it'`);
    await expectTrue();
  });

  it('a voucher is published while no language is active', async () => {
    await query(`UPDATE i18n.languages SET is_active = false`);
    try {
      await query(`UPDATE marketplace.vouchers SET state = 'published' WHERE id = $1`, [scenario.draft]);
    } finally {
      await query(`UPDATE i18n.languages SET is_active = true WHERE code IN ('es', 'en', 'gn', 'ar', 'fr')`);
    }
    await expectTrue();
  });

  it('two categories trade places in one statement', async () => {
    await query(
      `UPDATE catalog.categories SET parent_id = CASE id WHEN $1::uuid THEN $3::uuid ELSE $2::uuid END
       WHERE id IN ($1, $4)`,
      [scenario.category, scenario.root, scenario.otherRoot, scenario.child],
    );
    await expectTrue();
    const { rows } = await query('SELECT path FROM catalog.categories WHERE id = $1', [scenario.child]);
    expect(rows).toEqual([{ path: [scenario.root, scenario.child] }]);
  });

  it('a text holds quotes, backslashes, colons, addresses and a word of thousands of letters', async () => {
    const value = `a:b 'c' "d" \\ e\\'f <g> l@m.example http://x.example/y?z=1 ${'ñ'.repeat(3_000)} ${'w'.repeat(2_045)}`;
    await insertRows(
      test.pool,
      'i18n.translations',
      translationRows('voucher', `voucher.${scenario.published}.terms`, { es: value }),
    );
    await expectTrue();
    const { rows } = await query(`SELECT texts -> 'es' ->> 0 AS body FROM marketplace.cards WHERE voucher_id = $1`, [
      scenario.published,
    ]);
    expect(JSON.parse(`{${(rows as { body: string }[])[0]!.body}}`)).toMatchObject({ terms: value });
  });
});

describe('the days a voucher is valid, by the clock of its place', () => {
  it.each([
    ['an ordinary day', 'America/Asuncion', '2026-03-04', '2026-03-04T03:00:00Z', '2026-03-05T03:00:00Z'],
    [
      'midnight comes twice at its start',
      'America/Havana',
      '2025-11-02',
      '2025-11-02T04:00:00Z',
      '2025-11-03T05:00:00Z',
    ],
    ['midnight comes twice at its end', 'America/Havana', '2025-11-01', '2025-11-01T04:00:00Z', '2025-11-02T04:00:00Z'],
    [
      'the hour before midnight comes twice',
      'Asia/Beirut',
      '2026-10-24',
      '2026-10-23T21:00:00Z',
      '2026-10-24T22:00:00Z',
    ],
    ['there is no midnight at its start', 'Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z'],
    ['half an hour comes twice', 'Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'],
    [
      'an hour comes twice in the night',
      'Atlantic/Azores',
      '2026-10-25',
      '2026-10-25T00:00:00Z',
      '2026-10-26T01:00:00Z',
    ],
  ])('%s', async (_name, timeZone, day, validFrom, expiresAt) => {
    await query('UPDATE business.locations SET time_zone = $1 WHERE id = $2', [timeZone, scenario.elsewhere]);
    await query('UPDATE marketplace.vouchers SET valid_from = $1, valid_until = $1 WHERE id = $2', [
      day,
      scenario.lonely,
    ]);
    const { rows } = await query(
      `SELECT valid_from AS "validFrom", expires_at AS "expiresAt" FROM marketplace.cards WHERE voucher_id = $1`,
      [scenario.lonely],
    );
    expect(rows).toEqual([{ validFrom: new Date(validFrom), expiresAt: new Date(expiresAt) }]);
  });
});

describe('what touches more than 500 vouchers', () => {
  it.each([
    [
      'the name of a business',
      `UPDATE business.businesses SET logo_url = 'https://l.example' WHERE id = $1`,
      'business',
    ],
    ['the place of a category', 'UPDATE catalog.categories SET parent_id = NULL WHERE id = $1', 'category'],
    ['the zone of a branch', `UPDATE business.locations SET time_zone = 'Asia/Beirut' WHERE id = $1`, 'location'],
    ['the position of a branch', 'UPDATE business.locations SET longitude = 7 WHERE id = $1', 'location'],
    ['the end of a branch', 'UPDATE business.locations SET deleted_at = now() WHERE id = $1', 'location'],
  ] as const)('%s is queued, and true once the queue is empty', async (_name, text, what) => {
    const large = await makeLargeBusiness();
    await query(text, [large[what]]);
    const { rows } = await query('SELECT count(*)::int AS queued FROM marketplace.stale_vouchers');
    expect(rows).toEqual([{ queued: 501 }]);
    await expectTrue();
    await query('DELETE FROM business.businesses WHERE id = $1', [large.business]);
  });

  async function makeLargeBusiness() {
    const { pool } = test;
    const large = { business: random.id(), category: random.id(), location: random.id() };
    await inTransaction(test, async (db) => {
      await insertRows(db, 'catalog.categories', [
        categoryRow({ id: large.category, slug: `slug-${large.category}`, parentId: scenario.root }),
      ]);
      await insertRows(db, 'business.businesses', [businessRow({ id: large.business, categoryId: large.category })]);
      await insertRows(db, 'business.locations', [
        locationRow({ id: large.location, businessId: large.business, latitude: 1, longitude: 2 }),
      ]);
      const vouchers = Array.from({ length: 501 }, () => random.id());
      await insertRows(
        db,
        'marketplace.vouchers',
        vouchers.map((id) => voucherRow({ id, businessId: large.business, categoryId: large.category })),
      );
      await insertRows(
        db,
        'marketplace.voucher_locations',
        vouchers.map((id) => ({ voucher_id: id, location_id: large.location })),
      );
    });
    await drainQueue(pool);
    expect(await differences(pool)).toEqual([]);
    return large;
  }
});
