import { randomInt } from 'node:crypto';
import type pg from 'pg';

/** Numbers and choices that follow from one seed alone. */
export interface Random {
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  integer(low: number, high: number): number;
  /** Roughly normal, mean 0, deviation 1. */
  normal(): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Distinct items, at most `count`. */
  sample<T>(items: readonly T[], count: number): T[];
  /** A UUID in the form of version 7. */
  id(): string;
}

/** mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const hex = (digits: number) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join('');
  return {
    seed,
    next,
    between: (low, high) => low + next() * (high - low),
    integer,
    normal: () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6),
    chance: (probability) => next() < probability,
    pick,
    sample: (items, count) => {
      const rest = [...items];
      return Array.from({ length: Math.min(count, rest.length) }, () => {
        const [taken] = rest.splice(integer(0, rest.length - 1), 1);
        return taken!;
      });
    },
    id: () => `${hex(8)}-${hex(4)}-7${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`,
  };
}

/** The seed of PIKA_TEST_SEED, or a new one, said aloud so that a failure can be repeated. */
export function testSeed(name: string): number {
  const given = process.env['PIKA_TEST_SEED'];
  const chosen = given === undefined ? randomInt(1, 2 ** 31) : Number(given);
  console.log(`[${name}] PIKA_TEST_SEED=${chosen}`);
  return chosen;
}

export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Queryable {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Inserts any number of rows in one statement. All have the columns of the first; values are as JSON would hold them. */
export async function insertRows(db: Queryable, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await db.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** [code, fallback, chain, how many of the chain match, text search configuration, active]. */
const languageLines: readonly [string, string | null, string[], number, string, boolean][] = [
  ['es', null, ['es'], 1, 'spanish', true],
  ['en', null, ['en'], 1, 'english', true],
  ['gn', 'es', ['gn', 'es'], 1, 'simple', true],
  ['ar', null, ['ar'], 1, 'arabic', true],
  ['fr', null, ['fr'], 1, 'french', true],
  ['pt', null, ['pt'], 1, 'portuguese', false],
  ['pt-BR', null, ['pt-BR', 'pt'], 2, 'portuguese', false],
  ['de', null, ['de'], 1, 'german', false],
  ['und', null, ['und'], 1, 'simple', false],
];

/** es (default), en, gn (falls back to es), ar and fr are active; pt, pt-BR, de and und are not. */
export async function addLanguages(db: Queryable): Promise<void> {
  await insertRows(
    db,
    'i18n.languages',
    languageLines.map(([code, fallback, chain, matchLength, config, isActive]) => ({
      code,
      name: code,
      english_name: code,
      direction: code === 'ar' ? 'rtl' : 'ltr',
      fallback_code: fallback,
      chain,
      match_length: matchLength,
      text_search_config: config,
      is_active: isActive,
      is_default: code === 'es',
    })),
  );
}

/** Texts by language. */
export type TestTexts = Readonly<Record<string, string>>;

export const translationRows = (domain: 'category' | 'business' | 'voucher', key: string, texts: TestTexts): Row[] =>
  Object.entries(texts).map(([language, value]) => ({
    key,
    language_code: language,
    value,
    domain,
    updated_at: '2026-01-01T00:00:00Z',
    verified: false,
  }));

const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };

export interface CategoryRow {
  id: string;
  slug: string;
  parentId?: string | null;
  position?: number;
  sourceLanguage?: string;
}

export const categoryRow = ({ id, slug, parentId = null, position = 0, sourceLanguage = 'es' }: CategoryRow): Row => ({
  id,
  slug,
  parent_id: parentId,
  position,
  name_key: `category.${id}.name`,
  source_language: sourceLanguage,
  ...stamps,
});

export interface BusinessRow {
  id: string;
  categoryId: string;
  status?: 'pending' | 'verified' | 'suspended';
  sourceLanguage?: string;
  deletedAt?: string | null;
}

export const businessRow = ({ id, categoryId, status, sourceLanguage, deletedAt }: BusinessRow): Row => ({
  id,
  category_id: categoryId,
  name_key: `business.${id}.name`,
  description_key: `business.${id}.description`,
  source_language: sourceLanguage ?? 'es',
  status: status ?? 'verified',
  deleted_at: deletedAt ?? null,
  ...stamps,
});

export interface LocationRow {
  id: string;
  businessId: string;
  latitude: number;
  longitude: number;
  timeZone?: string;
  /** An int4multirange of minutes of the local week, as text; unknown unless said. */
  weeklyHours?: string | null;
  deletedAt?: string | null;
}

export const locationRow = (location: LocationRow): Row => ({
  id: location.id,
  business_id: location.businessId,
  latitude: location.latitude,
  longitude: location.longitude,
  time_zone: location.timeZone ?? 'America/Asuncion',
  weekly_hours: location.weeklyHours ?? null,
  deleted_at: location.deletedAt ?? null,
  ...stamps,
});

export interface VoucherRow {
  id: string;
  businessId: string;
  categoryId: string;
  state?: 'draft' | 'published' | 'suspended' | 'expired' | 'archived';
  sourceLanguage?: string;
  validFrom?: string;
  validUntil?: string | null;
  deletedAt?: string | null;
}

/** Ten percent off. */
export const voucherRow = (voucher: VoucherRow): Row => ({
  id: voucher.id,
  business_id: voucher.businessId,
  category_id: voucher.categoryId,
  title_key: `voucher.${voucher.id}.title`,
  description_key: `voucher.${voucher.id}.description`,
  terms_key: `voucher.${voucher.id}.terms`,
  source_language: voucher.sourceLanguage ?? 'es',
  state: voucher.state ?? 'published',
  discount_type: 'percentage',
  percent_off: 10,
  valid_from: voucher.validFrom ?? '2025-01-01',
  valid_until: voucher.validUntil ?? null,
  deleted_at: voucher.deletedAt ?? null,
  ...stamps,
});

/** Writes rows with a pool's own transaction around them. */
export async function inTransaction(
  { pool }: { pool: pg.Pool },
  work: (db: Queryable) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
