import { languageChainOf } from '@pika/shared';
import { sql, type Db } from '../db.ts';

interface LanguageSeed {
  code: string;
  name: string;
  englishName: string;
  direction?: 'rtl';
  fallbackCode?: string;
  textSearchConfig?: string;
  /** Active languages are offered to readers, and every text lies ready in them. */
  isActive?: true;
  isDefault?: true;
}

/** The languages content can be written in; the others than the active ones are met in imported places. */
export const languages: readonly LanguageSeed[] = [
  { code: 'es', name: 'Español', englishName: 'Spanish', textSearchConfig: 'spanish', isActive: true, isDefault: true },
  { code: 'en', name: 'English', englishName: 'English', textSearchConfig: 'english', isActive: true },
  { code: 'gn', name: 'Avañe’ẽ', englishName: 'Guarani', fallbackCode: 'es', isActive: true },
  { code: 'ar', name: 'العربية', englishName: 'Arabic', direction: 'rtl', textSearchConfig: 'arabic', isActive: true },
  { code: 'fr', name: 'Français', englishName: 'French', textSearchConfig: 'french', isActive: true },
  { code: 'ca', name: 'Català', englishName: 'Catalan', textSearchConfig: 'catalan' },
  { code: 'cs', name: 'Čeština', englishName: 'Czech' },
  { code: 'de', name: 'Deutsch', englishName: 'German', textSearchConfig: 'german' },
  { code: 'el', name: 'Ελληνικά', englishName: 'Greek', textSearchConfig: 'greek' },
  { code: 'fa', name: 'فارسی', englishName: 'Persian', direction: 'rtl' },
  { code: 'he', name: 'עברית', englishName: 'Hebrew', direction: 'rtl' },
  { code: 'hi', name: 'हिन्दी', englishName: 'Hindi', textSearchConfig: 'hindi' },
  { code: 'id', name: 'Bahasa Indonesia', englishName: 'Indonesian', textSearchConfig: 'indonesian' },
  { code: 'it', name: 'Italiano', englishName: 'Italian', textSearchConfig: 'italian' },
  { code: 'ja', name: '日本語', englishName: 'Japanese' },
  { code: 'km', name: 'ខ្មែរ', englishName: 'Khmer' },
  { code: 'ko', name: '한국어', englishName: 'Korean' },
  { code: 'lo', name: 'ລາວ', englishName: 'Lao' },
  { code: 'nl', name: 'Nederlands', englishName: 'Dutch', textSearchConfig: 'dutch' },
  { code: 'pl', name: 'Polski', englishName: 'Polish' },
  { code: 'pt', name: 'Português', englishName: 'Portuguese', textSearchConfig: 'portuguese' },
  { code: 'ru', name: 'Русский', englishName: 'Russian', textSearchConfig: 'russian' },
  { code: 'sv', name: 'Svenska', englishName: 'Swedish', textSearchConfig: 'swedish' },
  { code: 'th', name: 'ไทย', englishName: 'Thai' },
  { code: 'tr', name: 'Türkçe', englishName: 'Turkish', textSearchConfig: 'turkish' },
  { code: 'uk', name: 'Українська', englishName: 'Ukrainian' },
  { code: 'und', name: '—', englishName: 'Undetermined' },
  { code: 'vi', name: 'Tiếng Việt', englishName: 'Vietnamese' },
  { code: 'zh', name: '中文', englishName: 'Chinese' },
  { code: 'zh-Hans', name: '简体中文', englishName: 'Chinese (Simplified)' },
  { code: 'zh-Hant', name: '繁體中文', englishName: 'Chinese (Traditional)' },
];

/** Adds languages that are missing and keeps every chain as `languageChainOf` computes it for the languages there are. */
export async function upsertLanguages(db: Db, added: readonly LanguageSeed[]): Promise<void> {
  const stored = await db.$queryRaw<{ code: string; fallbackCode: string | null }[]>(sql`
    SELECT code, fallback_code AS "fallbackCode" FROM i18n.languages`);
  const known = [
    ...stored.filter(({ code }) => !added.some((language) => language.code === code)),
    ...added.map(({ code, fallbackCode = null }) => ({ code, fallbackCode })),
  ];
  const rows = added.map((language) => ({ textSearchConfig: 'simple', direction: 'ltr', ...language }));
  const chains = known.map(({ code }) => ({ code, ...languageChainOf(code, known) }));
  await db.$executeRaw(sql`
    INSERT INTO i18n.languages (code, name, english_name, direction, fallback_code, chain, match_length,
      text_search_config, is_active, is_default)
    SELECT r.code, r.name, r."englishName", r.direction, r."fallbackCode", c.chain, c."matchLength",
      r."textSearchConfig", coalesce(r."isActive", false), coalesce(r."isDefault", false)
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (code text, name text, "englishName" text,
      direction i18n.text_direction, "fallbackCode" text, "textSearchConfig" text, "isActive" boolean, "isDefault" boolean)
    JOIN jsonb_to_recordset(${JSON.stringify(chains)}::jsonb) AS c (code text, chain text[], "matchLength" int) USING (code)
    ORDER BY r."fallbackCode" NULLS FIRST, r.code
    ON CONFLICT (code) DO NOTHING`);
  await db.$executeRaw(sql`
    UPDATE i18n.languages l SET chain = c.chain, match_length = c."matchLength"
    FROM jsonb_to_recordset(${JSON.stringify(chains)}::jsonb) AS c (code text, chain text[], "matchLength" int)
    WHERE l.code = c.code AND (l.chain, l.match_length) IS DISTINCT FROM (c.chain, c."matchLength")`);
}
