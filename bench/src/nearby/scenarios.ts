import { searchNearby, type NearbyFilter, type NearbyPosition } from '@pika/vouchers';
import type pg from 'pg';
import { wireCall, type WireCall } from '../load/wire-client.ts';
import { drawPoints, drawSeaPoints, type Point } from './points.ts';
import { ancestorStatement, searchStatement, type Statement } from './statements.ts';

/** One kind of question, asked at many points. */
export interface Scenario {
  id: string;
  label: string;
  calls: WireCall[];
}

export interface Questions {
  /** The texts of all statements, to be prepared in this order. */
  statements: string[];
  scenarios: ReadonlyMap<string, Scenario>;
  points: Point[];
}

const chains = [
  { chain: ['es'], matchLength: 1 },
  { chain: ['en'], matchLength: 1 },
  { chain: ['gn', 'es'], matchLength: 1 },
];
const english = { chain: ['en'], matchLength: 1 };
/** A reader of Guarani and English: nothing lies ready for this chain but what exists in Guarani. */
const unusual = { chain: ['gn', 'en'], matchLength: 1 };
const wordRanks = { rare: 4_900, medium: 300, frequent: 3 };

/** Everything that is asked about nearby, with its parameters ready to be sent. */
export async function writeQuestions(pool: pg.Pool, batch: number, pointCount: number): Promise<Questions> {
  const client = await pool.connect();
  try {
    const points = await drawPoints(client, pointCount);
    const densest = await drawPoints(client, Math.ceil(pointCount / 4), true);
    const sea = await drawSeaPoints(client, 200);
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const clocks = await readClocks(client);
    const words = await readWords(client);
    const base = (point: Point, index: number): NearbyFilter => ({
      latitude: point.latitude,
      longitude: point.longitude,
      radiusMeters: 5_000,
      bounds: null,
      category: null,
      businessId: null,
      words: null,
      language: chains[index % chains.length] ?? english,
      openAt: null,
      at,
      limit: 20,
      after: null,
      batch,
      onlyRedeemable: false,
      userId: null,
      format: 'json',
    });
    const collect = new Collector();
    const ours = (
      id: string,
      label: string,
      where: readonly Point[],
      change: (index: number) => Partial<NearbyFilter>,
    ) => collect.add(id, label, where, (point, index) => searchStatement({ ...base(point, index), ...change(index) }));
    const ancestor = (id: string, label: string, where: readonly Point[], radiusMeters: number) =>
      collect.add(id, label, where, async (point, index) =>
        ancestorStatement(point.latitude, point.longitude, radiusMeters, ['es', 'en', 'gn'][index % 3] ?? 'en'),
      );

    await ours('ours', '5 km, mixed', points, () => ({}));
    await ancestor('ancestor', 'ancestor’s query, 5 km, mixed', points, 5_000);
    for (const km of [1, 5, 25, 100]) {
      await ours(`radius-${km}`, `${km} km`, points, () => ({ radiusMeters: km * 1_000 }));
    }
    await ours('densest', 'densest city, 25 km', densest, () => ({ radiusMeters: 25_000 }));
    await ancestor('densest-ancestor', 'ancestor’s query, densest city, 25 km', densest, 25_000);
    await ours('sea', 'empty sea, 25 km', sea, () => ({ radiusMeters: 25_000 }));
    await ours('category', 'one of 1,000 categories', points, (index) => ({
      category: `category-${110 + (index % 1_000)}`,
    }));
    await ours('unusual', 'a chain that nothing lies ready for', points, () => ({ language: unusual }));
    await ours('open-noon', 'open, at local noon', points, (index) => ({
      openAt: clocks.get(points[index]?.timeZone ?? 'UTC')?.noon ?? at,
    }));
    await ours('open-night', 'open, at 04:00', points, (index) => ({
      openAt: clocks.get(points[index]?.timeZone ?? 'UTC')?.night ?? at,
    }));
    for (const [kind, word] of words) {
      await ours(`word-${kind}`, `${kind} word, mixed`, points, () => ({ words: word, language: english }));
      await ours(`word-${kind}-densest`, `${kind} word, densest city, 25 km`, densest, () => ({
        words: word,
        language: english,
        radiusMeters: 25_000,
      }));
    }
    for (const page of [2, 10]) {
      const walks = await walkTo(
        pool,
        page,
        densest.slice(0, 150).map((point, index) => ({ ...base(point, index), radiusMeters: 25_000 })),
      );
      await collect.add(`page-${page}`, `page ${page}, densest city`, walks, (filter) => searchStatement(filter));
    }
    return { statements: collect.statements, scenarios: collect.scenarios, points };
  } finally {
    client.release();
  }
}

class Collector {
  readonly statements: string[] = [];
  readonly scenarios = new Map<string, Scenario>();

  async add<T>(
    id: string,
    label: string,
    items: readonly T[],
    write: (item: T, index: number) => Promise<Statement>,
  ): Promise<void> {
    const calls: WireCall[] = [];
    for (const [index, item] of items.entries()) {
      const { text, values } = await write(item, index);
      if (!this.statements.includes(text)) this.statements.push(text);
      calls.push(wireCall(text, this.statements.indexOf(text), values));
    }
    if (calls.length === 0) throw new Error(`nothing to ask in "${label}"`);
    this.scenarios.set(id, { id, label, calls });
  }
}

/** The questions for a page of the list, by walking to it through the pages before. */
async function walkTo(pool: pg.Pool, page: number, firstPages: readonly NearbyFilter[]): Promise<NearbyFilter[]> {
  const reached: NearbyFilter[] = [];
  for (const first of firstPages) {
    let filter: NearbyFilter | null = first;
    for (let number = 1; number < page && filter !== null; number++) {
      const { next, batch }: { next: NearbyPosition | null; batch: number } = await searchNearby(
        { pool, namedStatements: true },
        filter,
      );
      filter = next === null ? null : { ...filter, after: next, batch };
    }
    if (filter !== null) reached.push(filter);
  }
  return reached;
}

async function readClocks(client: pg.ClientBase): Promise<Map<string, { noon: Date; night: Date }>> {
  const { rows } = await client.query<{ zone: string; noon: Date; night: Date }>(
    `SELECT DISTINCT time_zone AS zone, timestamp '2026-03-04 12:00' AT TIME ZONE time_zone AS noon,
      timestamp '2026-03-04 04:00' AT TIME ZONE time_zone AS night
    FROM bench.cities`,
  );
  return new Map(rows.map(({ zone, noon, night }) => [zone, { noon, night }]));
}

async function readWords(client: pg.ClientBase): Promise<[string, string][]> {
  const words: [string, string][] = [];
  for (const [kind, rank] of Object.entries(wordRanks)) {
    const { rows } = await client.query<{ word: string }>(`SELECT word FROM bench.words WHERE ordinal = 0 AND n = $1`, [
      rank,
    ]);
    words.push([kind, rows[0]?.word ?? 'nothing']);
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT split_part(t.value, ' ', 3) AS name FROM business.businesses b
    JOIN i18n.translations t ON t.key = b.name_key AND t.language_code = 'en'
    JOIN business.locations l ON l.business_id = b.id WHERE l.city = 'City 0' ORDER BY b.id LIMIT 1`,
  );
  words.push(['proper-name', rows[0]?.name ?? 'nothing']);
  return words;
}
