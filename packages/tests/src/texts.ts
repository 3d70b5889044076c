import type pg from 'pg';

/** Texts by key, then by language. */
export type Texts = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface TextReader {
  chain: readonly string[];
  /** How many leading languages of the chain need no mention in `served`. */
  matchLength: number;
}

interface TextEntity {
  /** Keys by the name that `served` has for the field. */
  keys: Readonly<Record<string, string>>;
  sourceLanguage: string;
}

export async function readTexts({ pool }: { pool: pg.Pool }): Promise<Texts> {
  const { rows } = await pool.query<[string, string, string]>({
    text: 'SELECT key, language_code, value FROM i18n.translations',
    rowMode: 'array',
  });
  const texts = new Map<string, Map<string, string>>();
  for (const [key, language, value] of rows) {
    const known = texts.get(key) ?? new Map<string, string>();
    texts.set(key, known.set(language, value));
  }
  return texts;
}

/** The rule of product.md, told once more: the chain in order, then the source language, then the default, then any. */
export function resolveTexts(
  texts: Texts,
  reader: TextReader,
  entities: readonly TextEntity[],
  defaultLanguage = 'es',
): { fields: Record<string, string | null>; served: Record<string, string>; languages: Set<string> } {
  const matching = new Set(reader.chain.slice(0, reader.matchLength));
  const fields: Record<string, string | null> = {};
  const served: Record<string, string> = {};
  const languages = new Set<string>();
  for (const { keys, sourceLanguage } of entities) {
    for (const [name, key] of Object.entries(keys)) {
      const known = texts.get(key) ?? new Map<string, string>();
      const order = [...reader.chain, sourceLanguage, defaultLanguage, ...[...known.keys()].toSorted()];
      const language = order.find((each) => known.has(each));
      fields[name] = language === undefined ? null : known.get(language)!;
      if (language === undefined) continue;
      languages.add(language);
      if (!matching.has(language)) served[name] = language;
    }
  }
  return { fields, served, languages };
}
