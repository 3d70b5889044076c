import { languageChainOf } from '@pika/shared';
import {
  addLanguages,
  insertRows,
  openTestDatabase,
  seededDatabase,
  translationRows,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('resolution', () => {
  let test: OpenTestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
    await addLanguages(test.pool);
    await insertRows(test.pool, 'i18n.translations', [
      ...translationRows('voucher', 'all', { es: 'uno', en: 'one', gn: 'peteĩ', fr: 'un', de: 'eins', ar: 'واحد' }),
      ...translationRows('voucher', 'spanish', { es: 'dos', de: 'zwei' }),
      ...translationRows('voucher', 'foreign', { fr: 'trois', de: 'drei', ar: 'ثلاثة' }),
      ...translationRows('voucher', 'brazil', { pt: 'quatro', 'pt-BR': 'quatro!', es: 'cuatro' }),
      ...translationRows('voucher', 'portugal', { pt: 'cinco' }),
      ...translationRows('voucher', 'quoted', { es: 'Dice "hola"\n\\ y </script>' }),
    ]);
  });
  afterAll(() => test.close());

  interface Rendered {
    fields: Record<string, string | null>;
    served: Record<string, string>;
    depth: number;
    languages: string[];
  }

  async function render(
    keys: Record<string, string>,
    source: string,
    chain: string[],
    match: number,
    prefix = '',
  ): Promise<Rendered> {
    const { rows } = await test.pool.query<{
      body: string;
      served: string | null;
      depth: number;
      languages: string[];
    }>('SELECT * FROM i18n.render_text($1, $2, $3, $4, $5, $6)', [
      Object.keys(keys),
      Object.values(keys),
      prefix,
      source,
      chain,
      match,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error('no row');
    const { body, served, depth, languages } = row;
    return { fields: JSON.parse(`{${body}}`), served: JSON.parse(`{${served ?? ''}}`), depth, languages };
  }

  type Vector = [name: string, key: string, source: string, chain: string[], match: number, expected: Expected];
  interface Expected {
    text: string | null;
    served?: string;
    depth: number;
    language: string | null;
  }

  it.each<Vector>([
    ['the first of the chain', 'all', 'es', ['en'], 1, { text: 'one', depth: 1, language: 'en' }],
    ['the second within the match', 'portugal', 'es', ['pt-BR', 'pt'], 2, { text: 'cinco', depth: 2, language: 'pt' }],
    [
      'the first before the second',
      'brazil',
      'es',
      ['pt-BR', 'pt'],
      2,
      { text: 'quatro!', depth: 1, language: 'pt-BR' },
    ],
    [
      'the second beyond the match',
      'spanish',
      'de',
      ['gn', 'es'],
      1,
      { text: 'dos', served: 'es', depth: 2, language: 'es' },
    ],
    ['the chain before the source', 'all', 'de', ['ar', 'fr'], 1, { text: 'واحد', depth: 1, language: 'ar' }],
    [
      'the source before the default',
      'spanish',
      'de',
      ['fr'],
      1,
      { text: 'zwei', served: 'de', depth: 1000, language: 'de' },
    ],
    ['the default before any', 'spanish', 'en', ['fr'], 1, { text: 'dos', served: 'es', depth: 1001, language: 'es' }],
    [
      'any: the smallest code',
      'foreign',
      'en',
      ['gn', 'es'],
      1,
      { text: 'ثلاثة', served: 'ar', depth: 1002, language: 'ar' },
    ],
    ['an unknown language', 'all', 'en', ['tlh'], 1, { text: 'one', served: 'en', depth: 1000, language: 'en' }],
    ['an empty chain', 'all', 'en', [], 0, { text: 'one', served: 'en', depth: 1000, language: 'en' }],
    ['nothing matches: all is said', 'all', 'es', ['en'], 0, { text: 'one', served: 'en', depth: 1, language: 'en' }],
    ['no text at all', 'nowhere', 'es', ['en'], 1, { text: null, depth: 0, language: null }],
    [
      'what JSON must escape',
      'quoted',
      'es',
      ['es'],
      1,
      { text: 'Dice "hola"\n\\ y </script>', depth: 1, language: 'es' },
    ],
  ])('%s', async (_, key, source, chain, match, { text, served, depth, language }) => {
    expect(await render({ title: key }, source, chain, match)).toEqual({
      fields: { title: text },
      served: served === undefined ? {} : { title: served },
      depth,
      languages: language === null ? [] : [language],
    });
  });

  it('resolves each field by itself, keeps their order and says the deepest', async () => {
    const keys = { title: 'all', description: 'spanish', terms: 'nowhere', name: 'foreign' };
    const rendered = await render(keys, 'de', ['gn', 'es'], 1, 'business.');
    expect(rendered).toEqual({
      fields: { title: 'peteĩ', description: 'dos', terms: null, name: 'drei' },
      served: { 'business.description': 'es', 'business.name': 'de' },
      depth: 1000,
      languages: ['de', 'es', 'gn'],
    });
    expect(Object.keys(rendered.fields)).toEqual(['title', 'description', 'terms', 'name']);
  });

  it.each<[name: string, chain: string[], match: number, depth: number | null]>([
    ['the same chain', ['es'], 1, 2_147_483_647],
    ['the same chain of two', ['gn', 'es'], 1, 2_147_483_647],
    ['a longer chain', ['es', 'en'], 1, 1],
    ['a shorter chain', ['gn'], 1, 1],
    ['another second', ['gn', 'en'], 1, 1],
    ['longer beyond two', ['gn', 'es', 'en'], 1, 2],
    ['not active', ['de'], 1, null],
    ['unknown', ['tlh', 'es'], 1, null],
    ['nothing matches', ['es'], 0, null],
    ['empty', [], 0, null],
  ])('ready_depth: %s', async (_, chain, match, depth) => {
    const { rows } = await test.pool.query('SELECT i18n.ready_depth($1, $2) AS depth', [chain, match]);
    expect(rows).toEqual([{ depth }]);
  });
});

describe('the seeded content', () => {
  let test: OpenTestDatabase;
  beforeAll(async () => {
    test = await seededDatabase();
  });
  afterAll(() => test.close());

  it('has the chain of languageChainOf for every language', async () => {
    const languages = await test.asOwner((db) => db.language.findMany());
    expect(languages.length).toBeGreaterThan(25);
    for (const { code, chain, matchLength } of languages) {
      expect({ code, chain, matchLength }).toEqual({ code, ...languageChainOf(code, languages) });
    }
  });

  it.each([
    ['es', ['es'], 1],
    ['gn', ['gn', 'es'], 1],
    ['zh-Hant', ['zh-Hant', 'zh'], 2],
    ['und', ['und'], 1],
  ])('voucher_text answers every voucher in %s, and never a raw key', async (language, chain, match) => {
    const { rows } = await test.pool.query<{ text: [string, number, string[]]; keys: string[] }>(
      `SELECT marketplace.voucher_text(v.id, $1, $2) AS text,
         ARRAY[v.title_key, v.description_key, v.terms_key, c.name_key, b.name_key] AS keys
       FROM marketplace.vouchers v
       JOIN catalog.categories c ON c.id = v.category_id JOIN business.businesses b ON b.id = v.business_id`,
      [chain, match],
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const { text, keys } of rows) {
      const card = JSON.parse(`{${text[0]}}`) as Record<string, unknown> & { served: Record<string, string> };
      expect(card['language']).toBe(language);
      expect(card['title']).toMatch(/\S/);
      for (const key of keys) expect(text[0]).not.toContain(key);
      const matching = chain.slice(0, match);
      for (const code of Object.values(card.served)) expect(matching).not.toContain(code);
      expect(text[1] > match).toBe(Object.keys(card.served).length > 0);
      for (const code of Object.values(card.served)) expect(text[2]).toContain(code);
    }
  });

  it('a voucher whose texts are gone has null fields, not keys', async () => {
    const client = await test.pool.connect();
    await client.query('BEGIN');
    const { rows: chosen } = await client.query<{ id: string }>(
      'SELECT id FROM marketplace.vouchers ORDER BY id LIMIT 1',
    );
    await client.query("DELETE FROM i18n.translations WHERE key LIKE 'voucher.' || $1 || '.%'", [chosen[0]?.id]);
    const { rows } = await client.query<{ text: [string] }>("SELECT marketplace.voucher_text($1, '{es}', 1) AS text", [
      chosen[0]?.id,
    ]);
    await client.query('ROLLBACK');
    client.release();
    expect(JSON.parse(`{${rows[0]?.text[0]}}`)).toMatchObject({
      title: null,
      description: null,
      terms: null,
      served: {},
    });
  });
});
