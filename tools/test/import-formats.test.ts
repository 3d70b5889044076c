import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../src/places/import-report.ts';
import { ImportError } from '../src/places/place.ts';
import { importFile } from './import-file.ts';
import { rowVersions } from './row-versions.ts';

let test: OpenTestDatabase;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pika-formats-'));
  test = await openTestDatabase();
});

afterAll(async () => {
  await test?.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const skippedIn = ({ skipped }: ImportReport) =>
  Object.fromEntries([...skipped].map(([reason, { first }]) => [reason, first.map(({ where, id }) => [where, id])]));

const placesFrom = (source: string) =>
  test.asOwner((db) =>
    db.business.findMany({
      where: { sourceId: { startsWith: `${source}:` } },
      orderBy: { sourceId: 'asc' },
      select: {
        sourceId: true,
        attribution: true,
        category: { select: { slug: true } },
        locations: { select: { latitude: true, longitude: true, street: true, city: true, countryCode: true } },
      },
    }),
  );

const osm = '© OpenStreetMap contributors, ODbL 1.0';

describe('a GeoJSON file', () => {
  const point = (longitude: number, latitude: number) => ({ type: 'Point', coordinates: [longitude, latitude] });
  const feature = (properties: object | null, geometry: object | null, id?: string | number) => ({
    type: 'Feature',
    ...(id === undefined ? {} : { id }),
    properties,
    geometry,
  });
  const square = [[10, 50], [10.002, 50], [10.002, 50.001], [10, 50.001], [10, 50]]; // prettier-ignore
  const features = [
    feature({ amenity: 'cafe', name: 'Flach', '@id': 'node/501' }, point(10, 51)),
    feature(
      { type: 'way', id: 502, tags: { shop: 'books', 'name:de': 'Buch' } },
      { type: 'Polygon', coordinates: [square] },
    ),
    feature(
      { tourism: 'hotel', name: 'Eigen', attribution: 'City of X, CC BY 4.0', 'addr:city': 'X' },
      point(10, 52),
      'h-1',
    ),
    feature({ category: 'bakery', name: 'Zahl', id: 7 }, { type: 'MultiPoint', coordinates: [[11, 50], [13, 51]] }), // prettier-ignore
    feature({ amenity: 'cafe', name: 'Ohne' }, point(10, 50)),
    feature({ amenity: 'cafe', name: 'Nirgends' }, null, 8),
    feature({ amenity: 'cafe', name: 'Falsch' }, { type: 'Point', coordinates: ['10', '50'] }, 9),
    feature({ amenity: 'cafe', name: 'Weit' }, point(10, 91), 10),
    feature({ amenity: 'cafe', name: 'Null' }, point(0, 0), 11),
    { type: 'Point', coordinates: [1, 2] },
    feature(null, point(10, 50), 12),
    feature({ amenity: 'cafe', name: 'Lang' }, point(10, 50), 'x'.repeat(201)),
  ];

  it('comes in by point or middle, with the ids and credits it has', async () => {
    const text = JSON.stringify({ type: 'FeatureCollection', features });
    const report = await importFile(test.database, write('places.json', text), { language: 'de' });
    expect(report).toMatchObject({ read: features.length, imported: 4 });
    const at = (name: string) => `byte ${text.lastIndexOf('{"type":"Feature"', text.indexOf(name))}`;
    expect(skippedIn(report)).toEqual({
      noId: [[at('Ohne'), null]],
      nowhere: [
        [at('Nirgends'), '8'],
        [at('Falsch'), '9'],
      ],
      outOfRange: [[at('Weit'), '10']],
      nullIsland: [[at('Null'), '11']],
      malformed: [[`byte ${text.indexOf('{"type":"Point","coordinates":[1,2]')}`, null]],
      nameless: [[expect.any(String), '12']],
      idTooLong: [[at('Lang'), 'x'.repeat(201)]],
    });
    const nowhere = { street: null, city: null, countryCode: null };
    expect(await placesFrom('osm')).toEqual([
      { sourceId: 'osm:node/501', attribution: osm, category: { slug: 'cafe' }, locations: [{ latitude: 51, longitude: 10, ...nowhere }] }, // prettier-ignore
      { sourceId: 'osm:way/502', attribution: osm, category: { slug: 'books' }, locations: [{ latitude: expect.closeTo(50.0005, 9), longitude: expect.closeTo(10.001, 9), ...nowhere }] }, // prettier-ignore
    ]);
    expect(await placesFrom('geojson')).toEqual([
      { sourceId: 'geojson:7', attribution: null, category: { slug: 'bakery' }, locations: [{ latitude: 50.5, longitude: 12, ...nowhere }] }, // prettier-ignore
      { sourceId: 'geojson:h-1', attribution: 'City of X, CC BY 4.0', category: { slug: 'hotel' }, locations: [{ latitude: 52, longitude: 10, ...nowhere, city: 'X' }] }, // prettier-ignore
    ]);
  });
});

describe('a CSV file', () => {
  const header = 'id;name;name:vi;Lat;lng;category;amenity;street;housenumber;country;opening_hours;closed;mood';
  const rows = [
    'a1;"Café ""Uno""; S.A.";;-25,2;-57,6;cafe;;;;;;;',
    'a2;"Café ""Dos""; S.A.";Cà phê;-25.2;-57.6;cafe;;Palma;123;py;Mo-Fr 08:00-18:00;;glad',
    'a3;Tres;;-25.3;-57.6;;restaurant;;;;;;',
    'a4;Cuatro;;-25.3;-57.6;no-such;;;;;;;',
    'a5;Cinco;;-95;-57.6;cafe;;;;;;;',
    'a6;Seis;;-25.3;-57.6;cafe',
    ';Siete;;-25.3;-57.6;cafe;;;;;;;',
    'a8;Och"o;;-25.3;-57.6;cafe;;;;;;;',
    'a9;caf@;;-25.3;-57.6;cafe;;;;;;;',
    'a10;Diez;;-25.3;-57.6;cafe;;;;;;yes;',
    'node/511;Once;;-25.3;-57.7;bar;;;;;;;',
    'a3;Tres otra vez;;-25.3;-57.6;cafe;;;;;;;',
    `a13;${'x'.repeat(10_000)};;-25.3;-57.6;cafe;;;;;;;`,
    'a14;Catorce;;-25.3;-57.6;cafe;;;;;always in the morning;;',
  ];

  it('comes in by its columns, and every row that does not is named with its line', async () => {
    const bytes = Buffer.from(`\u{FEFF}${[header, ...rows].join('\r\n')}\r\n`);
    bytes[bytes.indexOf('@')] = 0xe9;
    const warnings: string[] = [];
    const report = await importFile(test.database, write('places.csv', bytes), {
      language: 'es',
      warn: (text) => warnings.push(text),
    });
    expect(warnings).toEqual(['Columns that nothing uses: mood']);
    expect(report).toMatchObject({ read: rows.length, imported: 4, closed: { now: 0, before: 0, unknown: 1 } });
    expect(skippedIn(report)).toEqual({
      nowhere: [['line 2', 'a1']],
      uncategorised: [['line 5', 'a4']],
      outOfRange: [['line 6', 'a5']],
      brokenRow: [
        ['line 7', null],
        ['line 9', null],
      ],
      noId: [['line 8', null]],
      notUtf8: [['line 10', null]],
      repeated: [['line 13', 'a3']],
      nameTooLong: [['line 14', 'a13']],
    });
    expect(report.hours.stated).toBe(2);
    expect(report.hours.faults.get('gibberish')).toEqual({
      count: 1,
      first: [{ position: { index: 13, where: 'line 15', id: 'a14' }, text: 'always in the morning' }],
    });
    const places = await placesFrom('csv');
    expect(places.map(({ sourceId }) => sourceId)).toEqual(['csv:a14', 'csv:a2', 'csv:a3']);
    expect(places[1]).toEqual({
      sourceId: 'csv:a2',
      attribution: null,
      category: { slug: 'cafe' },
      locations: [{ latitude: -25.2, longitude: -57.6, street: 'Palma 123', city: null, countryCode: 'PY' }],
    });
    expect(await placesFrom('osm')).toContainEqual(
      expect.objectContaining({ sourceId: 'osm:node/511', attribution: osm, category: { slug: 'bar' } }),
    );
  });

  it('changes nothing when it comes again', async () => {
    const before = await rowVersions(test);
    const report = await importFile(test.database, join(folder, 'places.csv'), { language: 'es' });
    expect(report).toMatchObject({ imported: 0, updated: 0, unchanged: 4 });
    expect(await rowVersions(test)).toEqual(before);
  });
});

describe('an Overpass file that is broken', () => {
  it('gives all that is whole, and says where it is not', async () => {
    const node = (id: number, name: string) =>
      `{"type":"node","id":${id},"lat":48.1,"lon":11.5,"tags":{"amenity":"cafe","name":"${name}"}}`;
    const text = `{"elements":[${[node(601, 'Ganz'), node(602, 'Kap\nutt'), node(603, 'H@'), node(604, 'Auch ganz')].join(',\n')},{"type":"no`;
    const bytes = Buffer.from(text);
    bytes[bytes.indexOf('@')] = 0xff;
    const report = await importFile(test.database, write('broken.json', bytes), {});
    expect(report).toMatchObject({ read: 5, imported: 2 });
    expect(skippedIn(report)).toEqual({
      notJson: [[`byte ${text.indexOf('{"type":"node","id":602')}`, null]],
      notUtf8: [[`byte ${text.indexOf('{"type":"node","id":603')}`, null]],
      cutShort: [[`byte ${bytes.length}`, null]],
    });
  });
});

describe('a file of places that is none', () => {
  it.each([
    ['empty.csv', '', 'is not a CSV file: it has no header.'],
    ['other.csv', 'id,title\n1,x\n', 'is not a CSV file of places: no column latitude, longitude, name.'],
    ['twice.csv', 'id,name,lat,latitude,lon\n', 'has two columns for latitude.'],
    ['one.geojson', '{"type":"Feature","geometry":null}', 'a GeoJSON FeatureCollection: it has no list "features".'],
    ['wide.csv', Buffer.from('\u{FEFF}id,name', 'utf16le'), 'is UTF-16: save it as UTF-8.'],
    ['packed.json', Buffer.from([0x1f, 0x8b, 8, 0]), 'is compressed: unpack it first.'],
    ['empty.json', '', 'is not JSON: '],
    ['.', null, 'is a folder, not a file.'],
  ])('%s is refused in one sentence', async (name, content, sentence) => {
    const file = content === null ? folder : write(name, content);
    const failure: unknown = await importFile(test.database, file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toContain(sentence);
  });

  it('is told by its first bytes where its name does not say, and by --format against its name', async () => {
    const csv = write('list.dat', 'id,name,latitude,longitude,category\nd1,Eins,48.2,11.6,cafe\n');
    expect(await importFile(test.database, csv, { isDryRun: true })).toMatchObject({ imported: 1 });
    const json = write('list.txt', '{"elements":[]}');
    await expect(importFile(test.database, json)).rejects.toThrow('it has no header');
    expect(await importFile(test.database, json, { format: 'overpass' })).toMatchObject({ read: 0 });
  });
});
