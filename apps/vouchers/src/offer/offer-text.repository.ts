import { sql, type Db } from '@pika/database';

/** A text to write; null removes it. */
export interface TextChange {
  field: 'title' | 'description' | 'terms';
  language: string;
  value: string | null;
}

/**
 * Writes texts of a voucher. Source texts first: what was translated from the one before, and said so or not, is stale from
 * then on; what is translated by the same change is made from the new one.
 */
export async function writeTexts(
  tx: Db,
  { id, sourceLanguage }: { id: string; sourceLanguage: string },
  changes: readonly TextChange[],
): Promise<void> {
  const rows = changes.map(({ field, ...change }) => ({ ...change, key: `voucher.${id}.${field}` }));
  const removed = rows.filter(({ value }) => value === null);
  const sources = rows.filter(({ language, value }) => value !== null && language === sourceLanguage);
  const translated = rows.filter(({ language, value }) => value !== null && language !== sourceLanguage);
  if (sources.length > 0) {
    await tx.$executeRaw(sql`
      UPDATE i18n.translations t SET source_hash = encode(sha256(convert_to(source.value, 'UTF8')), 'hex')
      FROM jsonb_to_recordset(${JSON.stringify(sources)}::jsonb) AS change (key text, value text)
      JOIN i18n.translations source ON source.key = change.key AND source.language_code = ${sourceLanguage}
      WHERE t.key = change.key AND t.language_code <> ${sourceLanguage} AND t.source_hash IS NULL
        AND source.value <> change.value`);
    await upsertTexts(tx, sources, null);
  }
  if (translated.length > 0) await upsertTexts(tx, translated, sourceLanguage);
  if (removed.length > 0) {
    await tx.$executeRaw(sql`
      DELETE FROM i18n.translations t
      USING jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) AS change (key text, language text)
      WHERE t.key = change.key AND t.language_code = change.language`);
  }
}

async function upsertTexts(
  tx: Db,
  rows: readonly { key: string; language: string; value: string | null }[],
  sourceLanguage: string | null,
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO i18n.translations AS t (key, language_code, value, domain, verified, source_hash, updated_at)
    SELECT change.key, change.language, change.value, 'voucher', false,
      encode(sha256(convert_to(source.value, 'UTF8')), 'hex'), now()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS change (key text, language text, value text)
    LEFT JOIN i18n.translations source ON source.key = change.key AND source.language_code = ${sourceLanguage}
    ORDER BY change.key, change.language
    ON CONFLICT (key, language_code) DO UPDATE
      SET value = excluded.value, source_hash = excluded.source_hash,
        verified = CASE WHEN t.value = excluded.value THEN t.verified ELSE false END`);
}
