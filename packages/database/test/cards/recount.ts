import { groupBy, resolveTexts, type Texts } from '@pika/tests';
import { prunedBefore } from './market.ts';
import type { Connection } from './pools.ts';

/**
 * What the cards of a voucher and the facets of its places should be, from the base tables and the rules of the
 * product, without any function of the schema `marketplace`. Grid cells are left out: the brute-force test of the nearby
 * search sees whether they lead anywhere.
 */

interface VoucherFacts {
  id: string;
  categoryId: string;
  keys: Record<'title' | 'description' | 'terms', string>;
  sourceLanguage: string;
  categoryKey: string;
  categoryLanguage: string;
  businessKey: string;
  businessLanguage: string;
  /** What is shown in every language alike, with nulls for what is translated. */
  shown: { category: object; business: object };
  places: { id: string; latitude: number; longitude: number; validFrom: string; expiresAt: string | null }[];
}

interface LanguageFacts {
  code: string;
  chain: string[];
  matchLength: number;
  isActive: boolean;
  isDefault: boolean;
}

interface StoredCard {
  locationId: string;
  categoryId: string;
  isSole: boolean;
  facts: string;
  texts: Record<string, [body: string, depth: number, languages: string[]]>;
  search: string[];
}

/** The stored cards of a voucher and the recounted ones, in the same form. */
export async function recountCards(db: Connection, voucherId: string): Promise<{ stored: unknown; wanted: unknown }> {
  const voucher = await readVoucher(db, voucherId);
  const languages = await readLanguages(db);
  const stored = (await readCards(db, voucherId)).map(({ texts, facts, search, ...card }) => ({
    ...card,
    words: search.filter((lexeme) => !lexeme.startsWith('@')).toSorted(),
    texts: Object.fromEntries(
      Object.entries(texts).map(([code, [body, , used]]) => [code, [JSON.parse(`{${body}${facts}}`), used]]),
    ),
  }));
  if (voucher === null) return { stored, wanted: [] };
  const searched = [...Object.values(voucher.keys), voucher.businessKey];
  const texts = await readTextsOf(db, [...searched, voucher.categoryKey]);
  const words = await readWords(db, searched, voucher);
  const wanted = voucher.places
    .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) >= Date.parse(prunedBefore))
    .map((place) => ({
      locationId: place.id,
      categoryId: voucher.categoryId,
      isSole: voucher.places.length === 1,
      texts: textsByLanguage(voucher, place, languages, texts),
      words: words.toSorted(),
    }));
  return { stored, wanted };
}

function textsByLanguage(
  voucher: VoucherFacts,
  place: VoucherFacts['places'][number],
  languages: LanguageFacts[],
  texts: Texts,
): Record<string, unknown> {
  const defaultLanguage = languages.find(({ isDefault }) => isDefault)?.code ?? '';
  const entities = [
    { keys: voucher.keys, sourceLanguage: voucher.sourceLanguage },
    { keys: { 'category.name': voucher.categoryKey }, sourceLanguage: voucher.categoryLanguage },
    { keys: { 'business.name': voucher.businessKey }, sourceLanguage: voucher.businessLanguage },
  ];
  const active = languages.filter(({ isActive }) => isActive);
  return Object.fromEntries(
    active.map((reader) => {
      const { fields, served, languages: used } = resolveTexts(texts, reader, entities, defaultLanguage);
      const { 'category.name': categoryName, 'business.name': businessName, ...own } = fields;
      const shown = {
        ...voucher.shown,
        ...own,
        id: voucher.id,
        language: reader.code,
        served,
        category: { ...voucher.shown.category, name: categoryName },
        business: { ...voucher.shown.business, name: businessName },
        validFrom: place.validFrom,
        expiresAt: place.expiresAt,
      };
      return [reader.code, [shown, [...used].toSorted()]];
    }),
  );
}

export async function recountFacets(
  db: Connection,
  locationId: string,
): Promise<{ stored: string[]; wanted: string[] }> {
  const { rows: stored } = await db.query<{ id: string }>(
    'SELECT facet_id AS id FROM marketplace.location_facets WHERE location_id = $1 ORDER BY 1',
    [locationId],
  );
  const { rows: cards } = await db.query<{ business: string; category: string }>(
    `SELECT v.business_id AS business, v.category_id AS category
     FROM marketplace.cards c JOIN marketplace.vouchers v ON v.id = c.voucher_id WHERE c.location_id = $1`,
    [locationId],
  );
  const { rows: tree } = await db.query<{ id: string; parent: string | null }>(
    'SELECT id, parent_id AS parent FROM catalog.categories',
  );
  const parents = new Map(tree.map(({ id, parent }) => [id, parent]));
  const wanted = new Set<string>();
  for (const { business, category } of cards) {
    wanted.add('00000000-0000-0000-0000-000000000000').add(business);
    for (let id: string | null = category; id !== null; id = parents.get(id) ?? null) wanted.add(id);
  }
  return { stored: stored.map(({ id }) => id), wanted: [...wanted].toSorted() };
}

async function readVoucher(db: Connection, id: string): Promise<VoucherFacts | null> {
  const { rows } = await db.query<VoucherFacts>(
    `SELECT v.id, v.category_id AS "categoryId",
       jsonb_build_object('title', title_key, 'description', v.description_key, 'terms', terms_key) AS keys,
       v.source_language AS "sourceLanguage", c.name_key AS "categoryKey", c.source_language AS "categoryLanguage",
       b.name_key AS "businessKey", b.source_language AS "businessLanguage",
       jsonb_build_object(
         'discount', jsonb_build_object(
           'type', discount_type, 'value', percent_off, 'capMinor', percent_cap_minor, 'currency', currency),
         'category', jsonb_build_object('id', c.id, 'slug', c.slug),
         'business', jsonb_build_object('id', b.id, 'logoUrl', b.logo_url),
         'attribution', b.attribution
       ) AS shown,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'latitude', latitude, 'longitude', longitude,
           'validFrom', to_char(v.valid_from::timestamp AT TIME ZONE time_zone AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'expiresAt', to_char((v.valid_until + 1)::timestamp AT TIME ZONE time_zone AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
         ) ORDER BY l.id), '[]')
        FROM business.locations l
        WHERE l.deleted_at IS NULL AND l.business_id = v.business_id
          AND l.id IN (SELECT location_id FROM marketplace.voucher_locations WHERE voucher_id = v.id)) AS places
     FROM marketplace.vouchers v
     JOIN business.businesses b ON b.id = v.business_id
     JOIN catalog.categories c ON c.id = v.category_id
     WHERE v.id = $1 AND v.state = 'published' AND v.deleted_at IS NULL`,
    [id],
  );
  return rows[0] ?? null;
}

async function readLanguages(db: Connection): Promise<LanguageFacts[]> {
  const { rows } = await db.query<LanguageFacts>(
    `SELECT code, chain, match_length AS "matchLength", is_active AS "isActive", is_default AS "isDefault"
     FROM i18n.languages`,
  );
  return rows;
}

async function readCards(db: Connection, voucherId: string): Promise<StoredCard[]> {
  const { rows } = await db.query<StoredCard>(
    `SELECT location_id AS "locationId", category_id AS "categoryId", is_sole AS "isSole",
       facts, texts, tsvector_to_array(search) AS search
     FROM marketplace.cards WHERE voucher_id = $1 AND (expires_at >= $2 OR expires_at IS NULL) ORDER BY location_id`,
    [voucherId, prunedBefore],
  );
  return rows;
}

async function readTextsOf(db: Connection, keys: string[]): Promise<Texts> {
  const { rows } = await db.query<{ key: string; language: string; value: string }>(
    'SELECT key, language_code AS language, value FROM i18n.translations WHERE key = ANY ($1)',
    [keys],
  );
  const byKey = groupBy(rows, ({ key }) => key);
  return new Map([...byKey].map(([key, own]) => [key, new Map(own.map(({ language, value }) => [language, value]))]));
}

async function readWords(
  db: Connection,
  keys: string[],
  { businessKey, sourceLanguage }: VoucherFacts,
): Promise<string[]> {
  const { rows } = await db.query<{ word: string }>(
    `SELECT t.language_code || ':' || word AS word
     FROM i18n.translations t JOIN i18n.languages l ON l.code = t.language_code,
       unnest(tsvector_to_array(to_tsvector(l.text_search_config::regconfig, public.unaccent(t.value)))) AS word
     WHERE t.key = ANY ($1)
     UNION
     SELECT '~:' || word FROM i18n.translations t,
       unnest(tsvector_to_array(to_tsvector('simple', public.unaccent(t.value)))) AS word
     WHERE t.key = ANY ($1) AND (t.key = $2 OR t.language_code = $3)`,
    [keys, businessKey, sourceLanguage],
  );
  return rows.map(({ word }) => word);
}
