import { seedReference, stableId } from '@pika/database';
import { startApi, openTestDatabase, type Api, type OpenTestDatabase } from '@pika/tests';
import { openVoucherKeys, vouchersLocales, vouchersRouter } from '@pika/vouchers';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile } from './import-file.ts';
import { rowVersions } from './row-versions.ts';

let test: OpenTestDatabase;
let api: Api;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pika-changes-'));
  test = await openTestDatabase();
  await test.asOwner(seedReference);
  const now = () => new Date();
  const voucherKeys = await openVoucherKeys(test.database, {
    secret: 'of this test alone',
    now,
    onError: console.error,
  });
  voucherKeys.stop();
  const deps = { cursorSecret: 'of this test alone', nearbyBatch: () => 50, voucherKeys, now };
  api = await startApi({
    database: test.database,
    routers: [vouchersRouter({ database: test.database, ...deps })],
    locales: [vouchersLocales],
  });
});

afterAll(async () => {
  await api?.close();
  await test?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Element {
  id: number;
  lat: number;
  lon: number;
  tags: Record<string, string>;
}

function importNodes(elements: readonly Element[], options: Parameters<typeof importFile>[2] = {}) {
  const file = join(folder, 'nodes.json');
  writeFileSync(file, JSON.stringify({ elements: elements.map((element) => ({ type: 'node', ...element })) }));
  return importFile(test.database, file, { language: 'es', ...options });
}

const cafe = (id: number, name: string, at: Pick<Element, 'lat' | 'lon'>, tags: Record<string, string> = {}) => ({
  id,
  ...at,
  tags: { amenity: 'cafe', name, ...tags },
});

const businessId = (id: number) => stableId(`business:osm:node/${id}`);

/** The names shown near a point, each once. */
async function namesNear({ lat, lon }: Pick<Element, 'lat' | 'lon'>, more = ''): Promise<string[]> {
  const { status, text } = await api.get(
    `/v1/vouchers/nearby?latitude=${lat}&longitude=${lon}&radiusMeters=500&limit=100&language=es${more}`,
  );
  expect(status, text).toBe(200);
  const { data }: { data: { business: { name: string } }[] } = JSON.parse(text);
  return [...new Set(data.map(({ business }) => business.name))].toSorted();
}

describe('a place that closed', () => {
  const at = { lat: -25.1, lon: -57.1 };
  const open = [cafe(1, 'Uno', at), cafe(2, 'Dos', at), cafe(3, 'Tres', at), cafe(4, 'Cuatro', at)];
  const closed = [
    { id: 1, ...at, tags: { 'disused:amenity': 'cafe', name: 'Uno' } },
    cafe(2, 'Dos', at, { end_date: '2026-10' }),
    cafe(3, 'Tres', at, { opening_hours: 'off "moved"' }),
    cafe(4, 'Cuatro', at, { end_date: '2026-11' }),
    { id: 5, ...at, tags: { 'was:shop': 'books' } },
    { id: 6, ...at, tags: { 'was:amenity': 'cafe', shop: 'books', name: 'Seis' } },
  ];

  it('is marked and its offers vanish; one that was never known is only counted', async () => {
    await importNodes(open, { withDemoVouchers: true });
    expect(await namesNear(at)).toEqual(['Cuatro', 'Dos', 'Tres', 'Uno']);
    const report = await importNodes(closed, { withDemoVouchers: true });
    expect(report).toMatchObject({ imported: 1, unchanged: 1, closed: { now: 3, before: 0, unknown: 1 } });
    expect(await namesNear(at)).toEqual(['Cuatro', 'Seis']);
    const rows = await test.asOwner((db) => db.business.findMany({ where: { closedAt: { not: null } } }));
    expect(rows.map(({ id }) => id).toSorted()).toEqual([1, 2, 3].map(businessId).toSorted());
  });

  it('stays as it is when the file comes again', async () => {
    const before = await rowVersions(test);
    const report = await importNodes(closed, { withDemoVouchers: true });
    expect(report).toMatchObject({ imported: 0, updated: 0, unchanged: 2, closed: { now: 0, before: 3, unknown: 1 } });
    expect(await rowVersions(test)).toEqual(before);
  });

  it('is back when a file says that it is', async () => {
    const report = await importNodes(open.slice(0, 2), { withDemoVouchers: true });
    expect(report).toMatchObject({ updated: 2, closed: { now: 0 } });
    expect(await namesNear(at)).toEqual(['Cuatro', 'Dos', 'Seis', 'Uno']);
  });
});

describe('places that may lie twice', () => {
  const here = { lat: 48.1, lon: 11.1 };
  const north = (meters: number) => ({ lat: here.lat + meters / 111_000, lon: here.lon });
  const marks = async () => {
    const rows = await test.asOwner((db) =>
      db.business.findMany({
        where: { sourceId: { startsWith: 'osm:node/1' }, possibleDuplicateOfId: { not: null } },
        select: { sourceId: true, possibleDuplicateOf: { select: { sourceId: true } } },
        orderBy: { sourceId: 'asc' },
      }),
    );
    return rows.map(({ sourceId, possibleDuplicateOf }) => [sourceId, possibleDuplicateOf?.sourceId]);
  };
  const first = [cafe(101, 'Café Alemán', here), cafe(102, 'Otro', here)];
  const second = [
    cafe(103, 'CAFE ALEMAN', north(59)),
    cafe(104, 'Café Alemán', north(61.5)),
    cafe(105, 'Kaffee', north(10), { 'name:de': 'cafe aleman' }),
    cafe(106, 'Café', north(5)),
  ];

  it('have a name of the other in any language, within 60 metres, and the later one says so', async () => {
    await importNodes(first);
    const report = await importNodes(second);
    expect(await marks()).toEqual([
      ['osm:node/103', 'osm:node/101'],
      ['osm:node/104', expect.stringMatching(/10[35]$/)],
      ['osm:node/105', 'osm:node/101'],
    ]);
    expect(report.duplicates.count).toBe(3);
    expect(report.duplicates.first[0]).toEqual({ sourceId: 'osm:node/103', of: 'osm:node/101' });
  });

  it('are the same places when the file comes again', async () => {
    const before = await rowVersions(test);
    expect((await importNodes(second)).duplicates.count).toBe(3);
    expect(await rowVersions(test)).toEqual(before);
  });

  it('are no longer marked once the other is named otherwise, moves away or closes', async () => {
    await importNodes([cafe(101, 'Café Alemán', north(200)), cafe(103, 'CAFE ALEMAN', north(59), { closed: 'yes' })]);
    const left = await marks();
    expect(left.map(([id]) => id)).toEqual([expect.stringMatching(/10[45]$/)]);
    await importNodes([cafe(105, 'Kaffee', north(10))]);
    expect(await marks()).toEqual([]);
  });

  it('are found over the antimeridian', async () => {
    await importNodes([cafe(110, 'Taveuni', { lat: -16.8, lon: 179.999_9 })]);
    await importNodes([cafe(111, 'Taveuni', { lat: -16.8, lon: -179.999_9 })]);
    expect(await marks()).toEqual([['osm:node/111', 'osm:node/110']]);
  });

  it('are looked for by the index of positions', async () => {
    const client = await test.pool.connect();
    try {
      await client.query('BEGIN; SET LOCAL enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`
        EXPLAIN SELECT FROM business.locations l
        WHERE point(l.longitude, l.latitude) <@ business.box_around(48.1, 11.1, 60)`);
      expect(rows.map((row) => row['QUERY PLAN']).join(' ')).toContain('locations_position_idx');
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
  });
});

describe('what else a place is called', () => {
  const at = { lat: -25.2, lon: -57.2 };
  const tags = {
    alt_name: 'Lo de Ñeca; El Patio',
    'official_name:en': 'Paraguayan Tea House Ltd',
    brand: 'Kaffeekette',
    operator: 'Bar Central',
    'brand:wikidata': 'Q1',
  };

  it('is found by search, in any language, and not shown', async () => {
    await importNodes([cafe(201, 'Bar Central', at, tags), cafe(202, 'Otro bar', at)], { withDemoVouchers: true });
    for (const words of ['neca', 'patio', 'paraguayan tea', 'kaffeekette']) {
      expect([words, await namesNear(at, `&q=${encodeURIComponent(words)}`)]).toEqual([words, ['Bar Central']]);
    }
    expect(await namesNear(at, '&q=Q1')).toEqual([]);
    const rows = await test.asOwner((db) =>
      db.translation.findMany({
        where: { key: `business.${businessId(201)}.otherNames` },
        orderBy: { languageCode: 'asc' },
        select: { languageCode: true, value: true },
      }),
    );
    expect(rows).toEqual([
      { languageCode: 'en', value: 'Paraguayan Tea House Ltd' },
      { languageCode: 'es', value: 'Lo de Ñeca; El Patio; Kaffeekette' },
    ]);
  });

  it('follows the file', async () => {
    await importNodes([cafe(201, 'Bar Central', at, { alt_name: 'La Esquina' })], { withDemoVouchers: true });
    expect(await namesNear(at, '&q=esquina')).toEqual(['Bar Central']);
    expect(await namesNear(at, '&q=kaffeekette')).toEqual([]);
    await importNodes([cafe(201, 'Bar Central', at)], { withDemoVouchers: true });
    expect(await namesNear(at, '&q=esquina')).toEqual([]);
  });
});

describe('hours', () => {
  const at = { lat: 52.5, lon: 13.4 };
  const stored = async () => {
    const { rows } = await test.pool.query<{ text: string; week: string; days: number }>(
      `SELECT l.hours_text AS text, l.weekly_hours::text AS week,
         (SELECT count(*)::int FROM business.special_days s WHERE s.location_id = l.id) AS days
       FROM business.locations l WHERE l.business_id = $1`,
      [businessId(301)],
    );
    return rows[0];
  };

  it.each([
    ['Mo 10:00-12:00; Dec 25 off', '{[600,720)}', 0],
    ['Su 10:00-12:00; 2027 Dec 26 off', '{[9240,9360)}', 1],
    ['Mo-Su 20:00-02:00; PH off', expect.stringContaining('[1200,1560)'), 18],
    ['sunrise-sunset', null, 0],
    ['24/7', '{[0,10080)}', 0],
  ])('are the week and the days that the file says: %s', async (hours, week, days) => {
    await importNodes([cafe(301, 'Stunde', at, { opening_hours: hours, 'addr:country': 'DE' })]);
    expect(await stored()).toEqual({ text: hours, week, days });
  });

  it('are looked at anew in another year', async () => {
    const place = [cafe(301, 'Stunde', at, { opening_hours: 'Mo-Su 10:00-12:00; PH off', 'addr:country': 'DE' })];
    await importNodes(place);
    expect(await importNodes(place, { today: '2026-12-31' })).toMatchObject({ unchanged: 1 });
    expect(await importNodes(place, { today: '2027-01-01' })).toMatchObject({ updated: 1 });
  });
});

describe('an owner', () => {
  const at = { lat: 1, lon: 1 };
  const ownerOf = async (id: number) =>
    (await test.asOwner((db) => db.business.findUniqueOrThrow({ where: { id: businessId(id) } }))).ownerId;

  it('is given to places that have none, and never taken from one that has', async () => {
    const [ana, ben] = await Promise.all(
      ['ana@pika.example', 'ben@pika.example'].map((email) =>
        test.asOwner((db) => db.user.create({ data: { email, displayName: email } })),
      ),
    );
    await importNodes([cafe(401, 'Sin dueño', at)]);
    expect(await importNodes([cafe(401, 'Sin dueño', at)], { ownerId: ana!.id })).toMatchObject({ updated: 1 });
    expect(await ownerOf(401)).toBe(ana!.id);
    expect(await importNodes([cafe(401, 'Sin dueño', at)], { ownerId: ben!.id })).toMatchObject({ unchanged: 1 });
    await importNodes([cafe(401, 'Con dueña', at)]);
    expect(await ownerOf(401)).toBe(ana!.id);
  });

  it('is a member as owner, from the import that names them on', async () => {
    const dora = await test.asOwner((db) =>
      db.user.create({ data: { email: 'dora@pika.example', displayName: 'Dora' } }),
    );
    const membersOf = async (id: number) =>
      (
        await test.pool.query('SELECT user_id, role::text AS role FROM business.members WHERE business_id = $1', [
          businessId(id),
        ])
      ).rows;
    const owner = [{ user_id: dora.id, role: 'owner' }];
    await importNodes([cafe(402, 'De Dora', at)]);
    expect(await membersOf(402)).toEqual([]);
    await importNodes([cafe(402, 'De Dora', at)], { ownerId: dora.id });
    expect(await membersOf(402)).toEqual(owner);
    await importNodes([cafe(402, 'De Dora', at), cafe(403, 'También de Dora', at)], { ownerId: dora.id });
    expect([await membersOf(402), await membersOf(403)]).toEqual([owner, owner]);
    const { rows: claims } = await test.pool.query('SELECT business.memberships_of($1) AS businesses', [dora.id]);
    expect(claims).toEqual([{ businesses: { [businessId(402)]: 'owner', [businessId(403)]: 'owner' } }]);
  });
});
