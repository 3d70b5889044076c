import { groupBy, readTexts, resolveTexts, type TextReader, type Texts } from '@pika/tests';
import type pg from 'pg';
import { openClocks, isOpenAt, type Clocks, type Intervals } from './reference-clock.ts';
import { readWords, type Words } from './reference-words.ts';

/** What the nearby list should answer, found the slow way: every place measured, nothing left out by an index. */

export interface NearbyQuestion extends TextReader {
  latitude: number;
  longitude: number;
  radiusMeters: number | null;
  /** west, south, east, north. */
  bounds: readonly [number, number, number, number] | null;
  category: string | null;
  businessId: string | null;
  words: string | null;
  openAt: Date | null;
  at: Date;
}

export interface Found extends Measured {
  location: Location;
  voucher: Voucher;
}

export interface Measured {
  distance: number;
  /** To a decimetre, as PostgreSQL rounds. */
  shown: number;
}

interface Location {
  id: string;
  businessId: string;
  latitude: number;
  longitude: number;
  timeZone: string;
  weeklyHours: Intervals | null;
  specialDays: ReadonlyMap<string, Intervals>;
}

interface Voucher {
  id: string;
  businessId: string;
  categoryId: string;
  sourceLanguage: string;
  validFrom: string;
  validUntil: string | null;
}

interface Named {
  id: string;
  parentId: string | null;
  slug: string;
  sourceLanguage: string;
  isLiving: boolean;
}

export interface Reference {
  locations: readonly Location[];
  find(question: NearbyQuestion): Promise<Found[]>;
  /** The public answer of one row, as far as it does not follow from the row alone. */
  show(found: Found, question: NearbyQuestion): Promise<Record<string, unknown>>;
  languagesOf(found: readonly Found[], reader: TextReader): string[];
  distances(from: { latitude: number; longitude: number }): Promise<Map<string, Measured>>;
}

/** Reads the base tables once; they must not change afterwards. */
export async function openReference(pool: pg.Pool): Promise<Reference> {
  const locations = await readLocations(pool);
  const vouchers = await readVouchers(pool);
  const categories = await readNamed(pool, 'catalog.categories', 'parent_id', 'slug');
  const businesses = await readNamed(pool, 'business.businesses', 'NULL::uuid', `''`);
  const texts = await readTexts({ pool });
  const words = await readWords(pool);
  const clocks = openClocks(pool, [...new Set(locations.map(({ timeZone }) => timeZone))]);
  const context = { pool, locations, vouchers, categories, businesses, texts, words, clocks };
  return {
    locations,
    find: (question) => find(context, question),
    show: (found, question) => show(context, found, question),
    languagesOf: (found, reader) => [
      ...new Set(found.flatMap((each) => [...textsOf(context, each, reader).languages])),
    ],
    distances: (from) => distances(pool, from),
  };
}

interface Context {
  pool: pg.Pool;
  locations: Location[];
  /** Published, living vouchers by the location they are valid at. */
  vouchers: Map<string, Voucher[]>;
  categories: Map<string, Named>;
  businesses: Map<string, Named>;
  texts: Texts;
  words: Words;
  clocks: Clocks;
}

async function find(context: Context, question: NearbyQuestion): Promise<Found[]> {
  const { bounds, radiusMeters, openAt, category, businessId } = question;
  const measured = await distances(context.pool, question);
  const today = await context.clocks(question.at);
  const opening = openAt === null ? null : await context.clocks(openAt);
  const wanted = category === null ? null : categoriesUnder(context.categories, category);
  const hasWords = await context.words.matcher(question);
  const nearest = new Map<string, Found>();
  for (const location of context.locations) {
    const { distance, shown } = measured.get(location.id)!;
    if (radiusMeters !== null && distance > radiusMeters) continue;
    if (bounds !== null && !isWithin(location, bounds)) continue;
    if (opening !== null && isOpenAt(location, opening.get(location.timeZone)!) !== true) continue;
    for (const voucher of context.vouchers.get(location.id) ?? []) {
      if (voucher.validUntil !== null && today.get(location.timeZone)!.day > voucher.validUntil) continue;
      if (wanted !== null && !wanted.has(voucher.categoryId)) continue;
      if (businessId !== null && voucher.businessId !== businessId) continue;
      if (!hasWords(voucher.id)) continue;
      const known = nearest.get(voucher.id);
      const candidate = { distance, shown, location, voucher };
      if (known === undefined || inOrder(candidate, known) < 0) nearest.set(voucher.id, candidate);
    }
  }
  return [...nearest.values()].toSorted(inOrder);
}

function inOrder(one: Found, other: Found): number {
  return (
    one.distance - other.distance ||
    compare(one.location.id, other.location.id) ||
    compare(one.voucher.id, other.voucher.id)
  );
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function isWithin(
  { latitude, longitude }: Location,
  [west, south, east, north]: NonNullable<NearbyQuestion['bounds']>,
) {
  if (latitude < south || latitude > north) return false;
  return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
}

function categoriesUnder(categories: Map<string, Named>, slug: string): Set<string> {
  const all = [...categories.values()];
  const found = new Set(all.filter((each) => each.slug === slug && each.isLiving).map(({ id }) => id));
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { id, parentId } of all) if (parentId !== null && found.has(parentId)) found.add(id);
  }
  return found;
}

function textsOf({ texts, categories, businesses }: Context, { voucher }: Found, reader: TextReader) {
  const entity = (named: Named, kind: string) => ({
    keys: { [`${kind}.name`]: `${kind}.${named.id}.name` },
    sourceLanguage: named.sourceLanguage,
  });
  const own = Object.fromEntries(['title', 'description', 'terms'].map((it) => [it, `voucher.${voucher.id}.${it}`]));
  return resolveTexts(texts, reader, [
    { keys: own, sourceLanguage: voucher.sourceLanguage },
    entity(categories.get(voucher.categoryId)!, 'category'),
    entity(businesses.get(voucher.businessId)!, 'business'),
  ]);
}

async function show(context: Context, found: Found, question: NearbyQuestion): Promise<Record<string, unknown>> {
  const { location, voucher } = found;
  const local = (await context.clocks(question.at)).get(location.timeZone)!;
  const isOpen = isOpenAt(location, local);
  const reasons = [
    ...(local.day < voucher.validFrom ? ['voucher.notYetValid'] : []),
    ...(isOpen === false ? ['location.closed'] : []),
  ];
  const { fields, served } = textsOf(context, found, question);
  return {
    id: voucher.id,
    title: fields['title'],
    description: fields['description'],
    terms: fields['terms'],
    language: question.chain[0] ?? null,
    served,
    category: [voucher.categoryId, context.categories.get(voucher.categoryId)!.slug, fields['category.name']],
    business: [voucher.businessId, fields['business.name']],
    location: [location.id, location.latitude, location.longitude, location.timeZone, isOpen],
    redeemable: { now: reasons.length === 0, reasons },
    distanceMeters: found.shown,
  };
}

async function distances(pool: pg.Pool, from: { latitude: number; longitude: number }): Promise<Map<string, Measured>> {
  const { rows } = await pool.query<[string, number, number]>({
    text: `
      SELECT id, distance, round(distance::numeric, 1)::float8
      FROM (
        SELECT id, ST_Distance(
          ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geography,
          ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography
        ) AS distance
        FROM business.locations OFFSET 0
      ) AS measured`,
    values: [from.longitude, from.latitude],
    rowMode: 'array',
  });
  return new Map(rows.map(([id, distance, shown]) => [id, { distance, shown }]));
}

/** Living places of living, verified businesses. */
async function readLocations(pool: pg.Pool): Promise<Location[]> {
  const days = await pool.query<{ location_id: string; day: string; hours: Intervals }>(`
    SELECT location_id, day::text, (SELECT coalesce(jsonb_agg(jsonb_build_array(lower(part), upper(part))), '[]')
      FROM unnest(hours) AS part) AS hours
    FROM business.special_days`);
  const byLocation = groupBy(days.rows, (row) => row.location_id);
  const { rows } = await pool.query<Omit<Location, 'specialDays'>>(`
    SELECT l.id, l.business_id AS "businessId", l.latitude, l.longitude, l.time_zone AS "timeZone",
      CASE WHEN l.weekly_hours IS NOT NULL THEN (
        SELECT coalesce(jsonb_agg(jsonb_build_array(lower(part), upper(part))), '[]') FROM unnest(l.weekly_hours) AS part
      ) END AS "weeklyHours"
    FROM business.locations l JOIN business.businesses b ON b.id = l.business_id
    WHERE l.deleted_at IS NULL AND b.deleted_at IS NULL AND b.status = 'verified'`);
  return rows.map((row) => ({
    ...row,
    specialDays: new Map((byLocation.get(row.id) ?? []).map(({ day, hours }) => [day, hours])),
  }));
}

async function readVouchers(pool: pg.Pool): Promise<Map<string, Voucher[]>> {
  const { rows } = await pool.query<Voucher & { locationId: string }>(`
    SELECT v.id, v.business_id AS "businessId", v.category_id AS "categoryId", v.source_language AS "sourceLanguage",
      v.valid_from::text AS "validFrom", v.valid_until::text AS "validUntil", link.location_id AS "locationId"
    FROM marketplace.vouchers v JOIN marketplace.voucher_locations link ON link.voucher_id = v.id
    WHERE v.state = 'published' AND v.deleted_at IS NULL`);
  return groupBy(rows, ({ locationId }) => locationId);
}

async function readNamed(pool: pg.Pool, table: string, parent: string, slug: string): Promise<Map<string, Named>> {
  const { rows } = await pool.query<Named>(`
    SELECT id, ${parent} AS "parentId", ${slug} AS slug, source_language AS "sourceLanguage",
      deleted_at IS NULL AS "isLiving"
    FROM ${table}`);
  return new Map(rows.map((row) => [row.id, row]));
}
