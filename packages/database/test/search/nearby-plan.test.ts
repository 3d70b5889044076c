import { createTestDatabase, isServer, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addManyPlaces, businessNumber, middle } from './many-places.ts';
import { readWhole, recordPlans, scansOf, type Plan } from './read-plans.ts';

interface Search {
  radius?: number;
  bounds?: number[];
  category?: string;
  business?: string;
  words?: string;
  chain?: string[];
  open?: boolean;
  after?: Page;
}

interface Page {
  data: string;
  next_distance: number | null;
  next_location_id: string | null;
  next_voucher_id: string | null;
  batch: number;
}

/** These have a handful of rows or none: reading them whole is right. */
const small = ['categories', 'languages', 'special_days'];

describe.skipIf(!isServer())('the plans of a nearby search among 20,000 places (needs a server: auto_explain)', () => {
  let database: TestDatabase;
  let client: Client;
  let plans: Awaited<ReturnType<typeof recordPlans>>;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await addManyPlaces(client);
    plans = await recordPlans(client);
  });
  afterAll(async () => {
    plans.stop();
    await client.end();
    await database.close();
  });

  const search = async (wanted: Search): Promise<{ page: Page; taken: Plan[] }> => {
    const {
      radius = null,
      bounds = null,
      category = null,
      business = null,
      words = null,
      chain = ['es'],
      open = false,
      after,
    } = wanted;
    const at = '2026-06-01T12:00:00Z';
    plans.take();
    const { rows } = await client.query<Page>(
      `SELECT data, next_distance, next_location_id, next_voucher_id, batch
       FROM marketplace.search_nearby($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, false, NULL)`,
      [
        middle.latitude,
        middle.longitude,
        radius,
        bounds,
        category,
        business,
        words,
        chain,
        1,
        open ? at : null,
        at,
        20,
        after?.next_distance ?? null,
        after?.next_location_id ?? null,
        after?.next_voucher_id ?? null,
        after?.batch ?? 64,
        false,
      ],
    );
    const [page] = rows;
    if (page === undefined) throw new Error('no row');
    return { page, taken: plans.take() };
  };

  const cardsOn = (page: Page) => (JSON.parse(`[${page.data}]`) as unknown[]).length;
  const knnOf = (taken: Plan[]) => taken.filter(({ query }) => query.includes('facet.position OPERATOR(public.<->)'));
  const walkOf = (taken: Plan[]) =>
    taken.filter(({ query }) => query.includes('FROM place') && !query.includes('match'));

  function expectNearestFirst(taken: Plan[]): void {
    const facets = scansOf(knnOf(taken), 'location_facets');
    expect(facets.length).toBeGreaterThan(0);
    for (const scan of facets) {
      expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'location_facets_position_idx' });
      expect(scan['Order By'], 'the index gives the order').toContain('<->');
      expect(scan['Index Cond'], 'and the facet').toContain('facet_id =');
    }
    const sorts = knnOf(taken).flatMap(({ nodes }) => nodes.filter((node) => node['Node Type'].includes('Sort')));
    expect(sorts, 'nothing is left to sort').toEqual([]);
    const walks = scansOf(walkOf(taken), 'cards').filter(({ Alias }) => /^card(?:_\d)?$/.test(Alias ?? ''));
    expect(walks.length).toBeGreaterThan(0);
    for (const scan of walks) {
      expect(scan['Node Type']).toMatch(/^Index (?:Only )?Scan$/);
      expect(scan['Index Name']).toBe('cards_walk_idx');
    }
    expect(readWhole(taken).filter((table) => !small.includes(table))).toEqual([]);
  }

  it('filled the tables as the searches need them', async () => {
    const { rows } = await client.query(`
      SELECT (SELECT count(*)::int FROM business.locations) AS locations, (SELECT count(*)::int FROM marketplace.cards) AS cards,
        (SELECT count(*)::int FROM marketplace.location_facets WHERE facet_id = '00000000-0000-0000-0000-000000000000') AS root`);
    expect(rows).toEqual([{ locations: 20_000, cards: 20_000, root: 20_000 }]);
  });

  it.each<[string, Search, number]>([
    ['a radius', { radius: 25_000 }, 20],
    ['a radius that holds everything', { radius: 500_000 }, 20],
    ['a bounding box', { bounds: [-57.73, -25.38, -57.53, -25.18] }, 20],
    ['a category', { category: 'cafe', radius: 50_000 }, 20],
    ['a business', { business: businessNumber(4002), radius: 500_000 }, 1],
    ['places open now', { radius: 25_000, open: true }, 20],
    ['a word that all cards have', { words: 'descuento', radius: 25_000 }, 20],
  ])('the nearest first by the position index, then the walk by its index: %s', async (_, wanted, count) => {
    const { page, taken } = await search(wanted);
    expect(cardsOn(page)).toBe(count);
    expectNearestFirst(taken);
  });

  it('the same on page 5 by cursor', async () => {
    let found = await search({ radius: 500_000 });
    for (let number = 2; number <= 5; number += 1) {
      expect(found.page.next_voucher_id).not.toBeNull();
      found = await search({ radius: 500_000, after: found.page });
    }
    expect(cardsOn(found.page)).toBe(20);
    expectNearestFirst(found.taken);
  });

  it('finds a rare word by the word index', async () => {
    const { page, taken } = await search({ words: 'chipa', radius: 500_000 });
    expect(cardsOn(page)).toBe(20);
    const matches = taken.filter(({ query }) => query.includes('match AS MATERIALIZED'));
    expect(matches.length).toBeGreaterThan(0);
    const scans = matches.flatMap(({ nodes }) => nodes).filter((node) => node['Index Name'] === 'cards_search_idx');
    expect(scans.length).toBe(matches.length);
    const spread = scansOf(knnOf(taken), 'location_facets');
    expect(spread, 'how thick the places lie is asked once, of the index').toMatchObject([
      { 'Node Type': 'Index Scan', 'Index Name': 'location_facets_position_idx' },
    ]);
    expect(walkOf(taken), 'no list is walked by distance').toEqual([]);
    expect(readWhole(taken).filter((table) => !small.includes(table))).toEqual([]);
  });

  it('forgives a typo by the trigram index', async () => {
    const { page, taken } = await search({ words: 'chipaa', radius: 500_000 });
    expect(cardsOn(page)).toBe(20);
    const near = taken.filter(({ query }) => query.includes('levenshtein'));
    expect(near.length).toBeGreaterThan(0);
    expect(readWhole(taken)).not.toContain('cards');
  });

  it.each([
    ['ready texts', ['es']],
    ['texts that are resolved at reading', ['de', 'es']],
  ])('renders by indexes only: %s', async (_, chain) => {
    const { taken } = await search({ radius: 25_000, chain });
    const rendering = taken.filter(({ query }) => query.includes('item.ordinal'));
    expect(rendering).toHaveLength(1);
    for (const table of ['cards', 'locations']) {
      const scans = scansOf(rendering, table);
      expect(scans.map((scan) => scan['Node Type'])).toEqual(['Index Scan']);
      expect(scans[0]?.['Index Cond'], 'found by what identifies it').toContain(
        table === 'cards' ? 'voucher_id =' : 'id =',
      );
    }
    const resolved = taken.filter(({ query }) => query.includes('jsonb_build_array'));
    expect(resolved).toHaveLength(chain[0] === 'es' ? 0 : 20);
    expect(readWhole([...rendering, ...resolved]).filter((table) => !small.includes(table))).toEqual([]);
  });

  it('plans for every call alike, not anew for each', async () => {
    const { taken } = await search({ radius: 25_000 });
    const [scan] = scansOf(knnOf(taken), 'location_facets');
    expect(scan?.['Index Cond'], 'parameters stand in a generic plan').toMatch(/facet_id = \$\d+/);
  });

  it('would notice an index that is not used', async () => {
    await client.query('BEGIN');
    await client.query('DROP INDEX marketplace.location_facets_position_idx; DROP INDEX marketplace.cards_walk_idx');
    const { taken } = await search({ radius: 25_000 });
    await client.query('ROLLBACK');
    expect(() => expectNearestFirst(taken)).toThrow(/location_facets_position_idx|Index Scan/);
  });
});
