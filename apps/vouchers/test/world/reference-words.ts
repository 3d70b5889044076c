import type pg from 'pg';

export interface Words {
  /** Whether a voucher holds all the words, in one language of the chain, in the default one or as written. */
  matcher(question: { words: string | null; chain: readonly string[] }): Promise<(voucherId: string) => boolean>;
}

const asWritten = '~';

/** Every text of a voucher and the name of its business, cut into words by PostgreSQL's own dictionaries. */
export async function readWords(pool: pg.Pool): Promise<Words> {
  const { rows } = await pool.query<[string, string, string[]]>({
    text: `
      WITH texts AS (
        SELECT v.id, t.language_code AS language, l.text_search_config::regconfig AS config, unaccent(t.value) AS value,
          t.key = b.name_key OR t.language_code = v.source_language AS is_kept_as_written
        FROM marketplace.vouchers v
        JOIN business.businesses b ON b.id = v.business_id
        JOIN i18n.translations t ON t.key IN (v.title_key, v.description_key, v.terms_key, b.name_key)
        JOIN i18n.languages l ON l.code = t.language_code
        WHERE v.state = 'published'
      )
      SELECT id, language, tsvector_to_array(to_tsvector(config, value)) FROM texts
      UNION ALL
      SELECT id, $1, tsvector_to_array(to_tsvector('simple', value)) FROM texts WHERE is_kept_as_written`,
    values: [asWritten],
    rowMode: 'array',
  });
  const { rows: defaults } = await pool.query<{ code: string }>('SELECT code FROM i18n.languages WHERE is_default');
  const defaultLanguage = defaults[0]?.code ?? asWritten;
  const lexemes = new Map<string, Map<string, Set<string>>>();
  for (const [id, language, found] of rows) {
    const languages = lexemes.get(id) ?? new Map<string, Set<string>>();
    lexemes.set(id, languages);
    languages.set(language, new Set([...(languages.get(language) ?? []), ...found]));
  }
  return {
    matcher: async ({ words, chain }) => {
      if (words === null) return () => true;
      const wanted = await readWanted(pool, words, [...chain, asWritten, defaultLanguage]);
      return (id) =>
        [...wanted].some(([language, all]) => {
          const held = lexemes.get(id)?.get(language);
          return held !== undefined && all.length > 0 && all.every((word) => held.has(word));
        });
    },
  };
}

async function readWanted(pool: pg.Pool, words: string, readers: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<[string, string[]]>({
    text: `
      SELECT reader, tsvector_to_array(to_tsvector(coalesce(l.text_search_config, 'simple')::regconfig, unaccent($1)))
      FROM unnest($2::text[]) AS reader LEFT JOIN i18n.languages l ON l.code = reader`,
    values: [words, readers],
    rowMode: 'array',
  });
  return new Map(rows);
}
