import { sql, stableId } from '@pika/database';
import { negotiateLanguage } from '@pika/shared';
import { openTestDatabase, startApi, type Api, type OpenTestDatabase } from '@pika/tests';
import { openVoucherKeys, vouchersLocales, vouchersRouter } from '@pika/vouchers';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../src/places/import-report.ts';
import { importFile } from './import-file.ts';
import { rowVersions } from './row-versions.ts';

/*
 * What OpenStreetMap says of Hanoi, against what Pika shows of it. The expectation is computed here from the file
 * alone, by the rule of product.md written out once more: the language asked for, then the source language (which is
 * Vietnamese, and in which a plain `name` is), then the default (Spanish), then any, by the smallest code.
 */

const file = fileURLToPath(new URL('../../../shared/data/hanoi.overpass.json', import.meta.url));
const languages = ['vi', 'en', 'fr', 'ko', 'de'];
const lake = { latitude: 21.0287, longitude: 105.8523 };
const radiusMeters = 5_000;

interface Element {
  type: string;
  id: number;
  lat?: number;
  lon?: number;
  center?: { lat: number; lon: number };
  tags?: Record<string, string>;
}
interface Expected {
  id: string;
  distanceMeters: number;
  shown: Record<string, { name: string; language: string }>;
}
interface Card {
  served: Record<string, string>;
  business: { id: string; name: string };
  attribution: string;
}

function expectedPlaces(): Expected[] {
  const { elements }: { elements: Element[] } = JSON.parse(readFileSync(file, 'utf8'));
  return elements.flatMap((element) => {
    const names = namesOf(element.tags ?? {});
    if (Object.keys(names).length === 0) return [];
    const { lat = Number.NaN, lon = Number.NaN } = element.center ?? element;
    return {
      id: stableId(`business:osm:${element.type}/${element.id}`),
      distanceMeters: haversine(lat, lon),
      shown: Object.fromEntries(languages.map((language) => [language, resolve(names, language)])),
    };
  });
}

function namesOf(tags: Record<string, string>): Record<string, string> {
  const names: Record<string, string> = {};
  if (tags['name'] !== undefined) names['vi'] = tags['name'];
  for (const [tag, value] of Object.entries(tags)) {
    if (tag.startsWith('name:')) names[tag.slice('name:'.length)] = value;
  }
  return names;
}

function resolve(names: Record<string, string>, asked: string) {
  const order = [asked, 'vi', 'es', ...Object.keys(names).toSorted()];
  const language = order.find((code) => names[code] !== undefined) ?? '';
  return { name: names[language] ?? '', language };
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

function haversine(latitude: number, longitude: number): number {
  const a =
    Math.sin(radians(latitude - lake.latitude) / 2) ** 2 +
    Math.cos(radians(latitude)) *
      Math.cos(radians(lake.latitude)) *
      Math.sin(radians(longitude - lake.longitude) / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(a));
}

if (!existsSync(file)) console.warn(`SKIPPED: the import of Hanoi is not tested, there is no ${file}`);

describe.skipIf(!existsSync(file))('the places of Hanoi', () => {
  let test: OpenTestDatabase;
  let api: Api;
  let report: ImportReport;
  let expected: Expected[];

  const importHanoi = () => importFile(test.database, file, { withDemoVouchers: true });

  beforeAll(async () => {
    expected = expectedPlaces();
    test = await openTestDatabase();
    report = await importHanoi();
    const now = () => new Date();
    const voucherKeys = await openVoucherKeys(test.database, {
      secret: 'of this test alone',
      now,
      onError: console.error,
    });
    voucherKeys.stop();
    const deps = { cursorSecret: 'of this test alone', nearbyBatch: () => 150, voucherKeys, now };
    api = await startApi({
      database: test.database,
      routers: [vouchersRouter({ database: test.database, ...deps })],
      locales: [vouchersLocales],
    });
  });

  afterAll(async () => {
    await api?.close();
    await test?.close();
  });

  it('all come in but the nameless', () => {
    expect(expected).toHaveLength(800);
    expect(report).toMatchObject({ read: 826, imported: 800, updated: 0, unchanged: 0 });
    expect([...report.skipped].map(([reason, { count }]) => [reason, count])).toEqual([['nameless', 26]]);
    expect(report.hours).toMatchObject({ stated: 115, faults: new Map() });
    expect(report.vouchers.inserted).toBeGreaterThanOrEqual(800);
  });

  it('have offers that keep to what their terms say', async () => {
    const { rows } = await test.pool.query(
      `SELECT DISTINCT value AS terms, redeemable_hours::text AS hours, limit_per_user AS limit FROM marketplace.vouchers
       JOIN i18n.translations ON key = terms_key AND language_code = 'en'
       WHERE value IN ('Monday to Thursday.', 'Once per person.') ORDER BY value`,
    );
    expect(rows).toEqual([
      { terms: 'Monday to Thursday.', hours: '{[0,5760)}', limit: null },
      { terms: 'Once per person.', hours: null, limit: 1 },
    ]);
  });

  it.each(languages)('have the name that the rule gives in %s', async (language) => {
    const { chain, matchLength } = negotiateLanguage({
      explicit: language,
      languages: await test.asOwner((db) => db.language.findMany({ select: { code: true, fallbackCode: true } })),
      defaultLanguage: 'es',
    });
    const rows = await test.asOwner((db) =>
      db.$queryRaw<{ id: string; body: string; languages: string[] }[]>(sql`
      SELECT b.id, text.body, text.languages
      FROM business.businesses b
      CROSS JOIN LATERAL i18n.render_text(
        '{name}', ARRAY[b.name_key], 'business.', b.source_language, ${[...chain]}::text[], ${matchLength}::int
      ) AS text`),
    );
    const found = rows.map(({ id, body, languages: used }) => {
      const { name }: { name: string } = JSON.parse(`{${body}}`);
      return [id, { name, language: used.join() }];
    });
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(expected.map(({ id, shown }) => [id, shown[language]])),
    );
  });

  it.each(languages)('stand around the lake under these names, page after page, in %s', async (language) => {
    const cards: Card[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({
        latitude: String(lake.latitude),
        longitude: String(lake.longitude),
        radiusMeters: String(radiusMeters),
        limit: '100',
        language,
        ...(cursor === null ? {} : { cursor }),
      });
      const { status, text } = await api.get(`/v1/vouchers/nearby?${query}`);
      expect(status).toBe(200);
      const answer: { data: Card[]; page: { next: string | null } } = JSON.parse(text);
      cards.push(...answer.data);
      cursor = answer.page.next;
    } while (cursor !== null);

    const byId = new Map(expected.map((place) => [place.id, place]));
    for (const { business, served, attribution } of cards) {
      const shown = byId.get(business.id)?.shown[language];
      const found = { id: business.id, name: business.name, language: served['business.name'] ?? language };
      expect(found).toEqual({ id: business.id, ...shown });
      expect(attribution).toBe('© OpenStreetMap contributors, ODbL 1.0');
    }
    // The sphere is at most 0.6 % off the ellipsoid: places that near the edge prove nothing.
    const seen = new Set(cards.map(({ business }) => business.id));
    const within = (factor: number) => expected.filter((place) => place.distanceMeters < radiusMeters * factor);
    for (const { id } of within(0.994)) expect(seen).toContain(id);
    const nearEnough = new Set(within(1.006).map(({ id }) => id));
    for (const id of seen) expect(nearEnough).toContain(id);
    expect(seen.size).toBeGreaterThan(300);
  });

  it('stay as they are when the file comes again', async () => {
    const before = await rowVersions(test);
    expect(await importHanoi()).toMatchObject({
      imported: 0,
      updated: 0,
      unchanged: 800,
      vouchers: { inserted: 0, updated: 0 },
    });
    expect(await rowVersions(test)).toEqual(before);
  });
});
