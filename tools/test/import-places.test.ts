import { sql, stableId } from '@pika/database';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportLines } from '../src/places/import-report.ts';
import { importFile } from './import-file.ts';
import { rowVersions } from './row-versions.ts';

const at = { lat: 21.03, lon: 105.85 };
const cafe = { amenity: 'cafe', name: 'Cà phê' };
const sample = [
  {
    type: 'node',
    id: 1,
    ...at,
    tags: { ...cafe, 'name:vi': 'Cà phê Một', 'name:zh-hant': '咖啡一號', 'addr:country': 'vn' },
  },
  { type: 'way', id: 2, center: at, nodes: [1], tags: { shop: 'books', 'name:en': 'Books', 'name:etymology': 'book' } },
  { type: 'relation', id: 3, center: at, tags: { tourism: 'hotel', name: 'Khách sạn', 'name:vi': 'Khách sạn' } },
  {
    type: 'node',
    id: 4,
    ...at,
    tags: { amenity: 'cafe', 'name:left': 'A', 'name:old': 'B', 'name:': 'C', alt_name: 'D' },
  },
  { type: 'node', id: 5, tags: cafe },
  { type: 'node', id: 6, lat: 90.5, lon: 0, tags: cafe },
  { type: 'node', id: 7, ...at, tags: { amenity: 'bench', name: 'Ghế' } },
  { type: 'node', id: 8, ...at, tags: { ...cafe, name: 'x'.repeat(501) } },
  { type: 'node', id: 1, ...at, tags: cafe },
  { type: 'node', id: 9, ...at, tags: { ...cafe, 'addr:city': 'Hà\0Nội' } },
  { type: 'node', id: '10', ...at, tags: cafe },
  'café',
  { type: 'node', id: 11, ...at, tags: { amenity: 'constructor', name: 'Thợ' } },
  {
    type: 'node',
    id: 12,
    lat: 32.07,
    lon: 34.78,
    tags: {
      amenity: 'dancing_hall;cafe',
      'name:yi': 'קאַפֿע',
      'name:nan-POJ': 'Ka-pi',
      website: 'example.org',
      phone: '1',
    },
  },
];

let test: OpenTestDatabase;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pika-import-'));
  test = await openTestDatabase();
});

afterAll(async () => {
  await test?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function importSample(elements: readonly unknown[], { language = 'vi', isDryRun = false } = {}) {
  const file = join(folder, 'sample.json');
  writeFileSync(file, JSON.stringify({ version: 0.6, elements }));
  return importFile(test.database, file, { language, isDryRun, withDemoVouchers: true });
}

async function namesOf(id: string): Promise<Record<string, string>> {
  const rows = await test.asOwner((db) =>
    db.$queryRaw<{ code: string; value: string }[]>(sql`
    SELECT language_code AS code, value FROM i18n.translations
    WHERE key = ${`business.${stableId(`business:osm:${id}`)}.name`} ORDER BY language_code`),
  );
  return Object.fromEntries(rows.map(({ code, value }) => [code, value]));
}

describe('an Overpass file', () => {
  it('is only looked at by a dry run', async () => {
    const before = await rowVersions(test);
    const report = await importSample(sample, { isDryRun: true });
    expect(report).toMatchObject({ read: sample.length, imported: 4 });
    expect(await rowVersions(test)).toEqual(before);
  });

  it('goes in, and what does not is named with its reason and position', async () => {
    const report = await importSample(sample);
    expect(report).toMatchObject({ read: sample.length, imported: 4, updated: 0, unchanged: 0 });
    const { inserted } = report.vouchers;
    expect(inserted).toBeGreaterThanOrEqual(4);
    expect(inserted).toBeLessThanOrEqual(8);
    const skipped = [...report.skipped].map(([reason, { first }]) => [
      reason,
      first.map(({ index, id }) => [index, id]),
    ]);
    expect(Object.fromEntries(skipped)).toEqual({
      nameless: [[3, 'node/4']],
      nowhere: [[4, 'node/5']],
      outOfRange: [[5, 'node/6']],
      uncategorised: [
        [6, 'node/7'],
        [12, 'node/11'],
      ],
      nameTooLong: [[7, 'node/8']],
      repeated: [[8, 'node/1']],
      unstorable: [[9, 'node/9']],
      malformed: [
        [10, null],
        [11, null],
      ],
    });
    expect(Object.fromEntries(report.leftOut)).toEqual({
      'name:': 1,
      'name:etymology': 1,
      'name:left': 1,
      'name:old': 1,
    });
    const bytes = (id: number) =>
      Buffer.from(JSON.stringify({ version: 0.6, elements: sample })).indexOf(`{"type":"node","id":${id},`);
    expect(reportLines(report, 1.23, 0)).toContain(
      `  2 × no category that Pika knows: #6 at byte ${bytes(7)} (node/7), #12 at byte ${bytes(11)} (node/11)`,
    );
  });

  it('gives every text its owner', async () => {
    const rows = (
      await test.pool.query(`
      SELECT domain, business_id IS NOT NULL AS owned, count(*) >= 4 AS many FROM i18n.translations
      GROUP BY domain, owned ORDER BY domain`)
    ).rows;
    expect(rows).toEqual([
      { domain: 'business', owned: true, many: true },
      { domain: 'category', owned: false, many: true },
      { domain: 'voucher', owned: true, many: true },
    ]);
  });

  it('gives each name its language; a plain name beside a differing explicit one is kept as und', async () => {
    expect(await namesOf('node/1')).toEqual({ vi: 'Cà phê Một', 'zh-Hant': '咖啡一號', und: 'Cà phê' });
    expect(await namesOf('way/2')).toEqual({ en: 'Books' });
    expect(await namesOf('relation/3')).toEqual({ vi: 'Khách sạn' });
    expect(await namesOf('node/12')).toEqual({ yi: 'קאַפֿע', 'nan-poj': 'Ka-pi' });
  });

  it('brings languages along that were not known, inactive and with their direction', async () => {
    const rows = await test.asOwner((db) =>
      db.language.findMany({
        where: { code: { in: ['yi', 'nan-poj'] } },
        orderBy: { code: 'asc' },
        select: { code: true, englishName: true, direction: true, isActive: true },
      }),
    );
    expect(rows).toEqual([
      { code: 'nan-poj', englishName: 'Min Nan Chinese', direction: 'ltr', isActive: false },
      { code: 'yi', englishName: 'Yiddish', direction: 'rtl', isActive: false },
    ]);
  });

  it('gives places their category, zone, address and credit', async () => {
    const rows = await test.asOwner((db) =>
      db.business.findMany({
        orderBy: { sourceId: 'asc' },
        select: {
          sourceId: true,
          status: true,
          attribution: true,
          website: true,
          category: { select: { slug: true } },
          locations: { select: { latitude: true, timeZone: true, countryCode: true } },
        },
      }),
    );
    const common = { status: 'verified', attribution: '© OpenStreetMap contributors, ODbL 1.0', website: null };
    const inHanoi = [{ latitude: 21.03, timeZone: 'Asia/Bangkok', countryCode: null }];
    expect(rows).toEqual([
      {
        ...common,
        sourceId: 'osm:node/1',
        category: { slug: 'cafe' },
        locations: [{ ...inHanoi[0], countryCode: 'VN' }],
      },
      {
        ...common,
        sourceId: 'osm:node/12',
        category: { slug: 'cafe' },
        website: 'https://example.org',
        locations: [{ latitude: 32.07, timeZone: 'Asia/Jerusalem', countryCode: null }],
      },
      { ...common, sourceId: 'osm:relation/3', category: { slug: 'hotel' }, locations: inHanoi },
      { ...common, sourceId: 'osm:way/2', category: { slug: 'books' }, locations: inHanoi },
    ]);
  });

  it('changes no row when it comes again', async () => {
    const before = await rowVersions(test);
    const report = await importSample(sample);
    expect(report).toMatchObject({ imported: 0, updated: 0, unchanged: 4, vouchers: { inserted: 0, updated: 0 } });
    expect(await rowVersions(test)).toEqual(before);
  });

  it('takes along what changed in it, vanished names too, and leaves suspended offers suspended', async () => {
    const first = { type: 'node', id: 1, ...at, tags: { ...cafe, 'name:fr': 'Café Un' } };
    await test.asOwner((db) => db.voucher.updateMany({ data: { state: 'suspended' } }));
    const report = await importSample([first, ...sample.slice(1)]);
    expect(report).toMatchObject({ imported: 0, updated: 1, unchanged: 3 });
    expect(await namesOf('node/1')).toEqual({ vi: 'Cà phê', fr: 'Café Un' });
    expect(await test.asOwner((db) => db.voucher.count({ where: { state: { not: 'suspended' } } }))).toBe(0);
  });

  it('has its plain names in no language unless one is said', async () => {
    await importSample([{ type: 'node', id: 20, ...at, tags: { ...cafe, 'name:vi': 'Cà phê Hai' } }], {
      language: 'und',
    });
    expect(await namesOf('node/20')).toEqual({ und: 'Cà phê', vi: 'Cà phê Hai' });
  });
});

const command = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', 'tools/src/import-places.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' },
  });

describe('the command', () => {
  it.each([
    ['without a file', [], /^Say which file to import/],
    ['with an option that it does not know', ['--fiel', 'x'], /^Unknown option '--fiel'/],
    ['with a language that is none', ['--file', 'x', '--language', 'etymology'], /^"etymology" is not a language tag/],
    [
      'with a format that is none',
      ['--file', 'x', '--format', 'kml'],
      /^"kml" is not a format: there are overpass, geojson, csv/,
    ],
    ['with a file that is not there', ['--file', '/nowhere/x.json'], /^There is no file \/nowhere\/x\.json\.$/],
    ['with a file that is not JSON', ['--file', 'LICENSE'], /LICENSE is not JSON: /],
    ['with another JSON', ['--file', 'package.json'], /package\.json is JSON, but not an Overpass answer/],
  ])('%s says so in one line', (_, args, sentence) => {
    const { status, stdout, stderr } = command(...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim()).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
