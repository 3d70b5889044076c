import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  locationRow,
  openTestDatabase,
  translationRows,
  voucherRow,
  type OpenTestDatabase,
  type TestTexts,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const id = (last: number) => `00000000-0000-7000-8000-${String(last).padStart(12, '0')}`;

const titles: TestTexts[] = [
  { es: 'Café tostado y panes', en: 'Roasted coffee and breads' },
  { es: 'Camión de mudanzas', en: 'Moving trucks', fr: 'Les chevaux nationaux' },
  { es: 'Empanada', gn: 'Mbejú hakuva' },
  { es: "O'Higgins & Cía | a\\b:*", ar: 'المطاعم الجديدة' },
  { es: 'Peluquería canina' },
  { es: 'Empanado de pollo' },
  { es: 'Desayuno', gn: 'Hakuve' },
];

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  const { pool } = test;
  await addLanguages(pool);
  await insertRows(pool, 'catalog.categories', [categoryRow({ id: id(1), slug: 'food' })]);
  await insertRows(pool, 'business.businesses', [businessRow({ id: id(2), categoryId: id(1) })]);
  await insertRows(pool, 'business.locations', [
    locationRow({ id: id(3), businessId: id(2), latitude: 0, longitude: 0 }),
  ]);
  await insertRows(
    pool,
    'i18n.translations',
    translationRows('business', `business.${id(2)}.name`, { es: 'La Esquina', en: 'Blue Corner' }),
  );
  const vouchers = titles.map((_, index) => voucherRow({ id: id(100 + index), businessId: id(2), categoryId: id(1) }));
  await insertRows(
    pool,
    'i18n.translations',
    titles.flatMap((texts, index) => translationRows('voucher', `voucher.${id(100 + index)}.title`, texts)),
  );
  await insertRows(pool, 'marketplace.vouchers', vouchers);
  await insertRows(
    pool,
    'marketplace.voucher_locations',
    vouchers.map((row) => ({ voucher_id: row['id'], location_id: id(3) })),
  );
});
afterAll(() => test.close());

/** The indexes of the vouchers that match, or null where nothing can. */
async function found(words: string, languages = ['es']): Promise<number[] | null> {
  const { rows } = await test.pool.query<{ known: boolean; ids: string[] }>(
    `SELECT q.query IS NOT NULL AS known,
       ARRAY(SELECT card.voucher_id::text FROM marketplace.cards card WHERE card.search @@ q.query ORDER BY 1) AS ids
     FROM marketplace.search_query($1, $2) AS q`,
    [words, languages],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no row');
  const { known, ids } = row;
  return known ? ids.map((each) => Number(each.slice(-3)) - 100) : null;
}

describe('search_query', () => {
  it.each<[words: string, languages: string[], matches: number[] | null]>([
    ['café', ['es'], [0]],
    ['CAFE', ['es'], [0]],
    ['peluqueria', ['es'], [4]],
    ['camiones', ['es'], [1]],
    ['pan', ['es'], [0]],
    ['truck', ['en'], [1]],
    ['roasting', ['en'], [0]],
    ['nationale', ['fr'], [1]],
    ['مطاعم', ['ar'], [3]],
    ['mbeju', ['gn', 'es'], [2]],
    ['hakuva', ['gn'], [2]],
    // A language that is not asked for does not answer; what was written in the source language does, as written.
    ['trucks', ['es'], null],
    ['pollo', ['en'], [5]],
    // Where a reader's own language is missing the default one is shown, so it is searched too, stemmed.
    ['camiones', ['fr'], [1]],
    // A name is found in whichever language it is typed.
    ['blue corners', ['en'], [0, 1, 2, 3, 4, 5, 6]],
    ['blue corner', ['ar'], [0, 1, 2, 3, 4, 5, 6]],
    // All words, in one language.
    ['café panes', ['es'], [0]],
    ['café camión', ['es'], []],
    ['café xilófono', ['es'], null],
    ['café truck', ['es', 'en'], null],
    ['coffee', ['es', 'en'], [0]],
    // Words that say nothing are left out; nothing but such words finds nothing.
    ['el café de la', ['es'], [0]],
    ['xylophone', ['es', 'en', 'fr', 'ar', 'gn'], null],
  ])('%s in %j', async (words, languages, matches) => {
    expect(await found(words, languages)).toEqual(matches);
  });

  describe('typos', () => {
    it.each<[words: string, matches: number[] | null]>([
      ['peluqeria', [4]],
      ['peluquerria', [4]],
      ['camon', [1]],
      // Too far, or too short to guess.
      ['pelukeerrya', null],
      ['ca', null],
    ])('%s', async (words, matches) => {
      expect(await found(words)).toEqual(matches);
    });

    it('are not forgiven to a word that is known as typed', async () => {
      expect(await found('hakuva', ['gn'])).toEqual([2]);
      expect(await found('hakuvi', ['gn']), 'both are one letter away').toEqual([2, 6]);
    });
  });

  it.each<[words: string, matches: number[] | null]>([
    ["o'higgins", [3]],
    ["O'Higgins & Cía", [3]],
    ['café | camión', []],
    ['café & !camión', []],
    ['!café', [0]],
    ['pelu:*', null],
    ['café:*', [0]],
    ['"café"', [0]],
    ["'café'", [0]],
    ['café\\', [0]],
    ["café'; DROP TABLE marketplace.cards; --", null],
    ['(café', [0]],
    ['café <-> panes', [0]],
    ['a\\b', [3]],
    ["'", null],
    ['\\', null],
    ['&|!():*<->', null],
    ['@3:0,0,0', null],
    ['', null],
    ['   ', null],
    ['%_', null],
    ['🥐', null],
  ])('takes no operators: %j', async (words, matches) => {
    expect(await found(words)).toEqual(matches);
  });

  it('reads 200 characters at most', async () => {
    expect(await found(`café ${' '.repeat(195)} xilófono`)).toEqual([0]);
    expect(await found(`café ${' '.repeat(180)} xilófono`)).toBeNull();
    expect(await found('x'.repeat(100_000))).toBeNull();
  });

  it('knows how frequent a word is after ANALYZE: the rarest word of the commonest language counts', async () => {
    const { pool } = test;
    const frequency = async (words: string) => {
      const { rows } = await pool.query<{ frequency: number }>(
        "SELECT frequency FROM marketplace.search_query($1, '{es}')",
        [words],
      );
      return rows[0]?.frequency;
    };
    expect(await frequency('empanada')).toBe(0);
    await pool.query("UPDATE marketplace.search_words SET frequency = 0.5 WHERE word = 'caf' AND language_code = 'es'");
    await pool.query(
      "UPDATE marketplace.search_words SET frequency = 0.25 WHERE word = 'pan' AND language_code = 'es'",
    );
    expect(await frequency('café')).toBe(0.5);
    expect(await frequency('café panes')).toBe(0.25);
  });
});
