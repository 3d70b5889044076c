import type { upsertLanguages } from '@pika/database';
import { isWellFormedLanguageTag } from '@pika/shared';

type NewLanguage = Parameters<typeof upsertLanguages>[1][number];

const englishNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const rightToLeftScripts = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Syrc', 'Thaa']);

/**
 * Whether a tag names a language: well-formed, and beginning with a code of ISO 639 that CLDR has a name for, or `und`.
 * Of OpenStreetMap's `name:…` this leaves out `name:left`, `name:old`, `name:etymology` and their like.
 */
export function isContentLanguage(tag: string): boolean {
  const primary = primarySubtag(tag);
  if (!isWellFormedLanguageTag(tag) || !/^[a-z]{2,3}$/.test(primary)) return false;
  return primary === 'und' || isNamed(primary);
}

const named = new Map<string, boolean>();

/** Remembered, at most for each word of three letters: an import asks millions of times. */
function isNamed(primary: string): boolean {
  const known = named.get(primary) ?? englishNames.of(primary) !== undefined;
  named.set(primary, known);
  return known;
}

/** A language as it is added when it is met for the first time: inactive, named in itself and in English. */
export function describeLanguage(code: string): NewLanguage {
  const locale = localeOf(code);
  const englishName = displayName('en', locale) ?? code;
  const language = { code, name: displayName(locale.toString(), locale) ?? englishName, englishName };
  const isRightToLeft = rightToLeftScripts.has(locale.maximize().script ?? '');
  return isRightToLeft ? { ...language, direction: 'rtl' } : language;
}

/** The country where most readers of a language live, after CLDR's likely subtags. */
export function likelyCountryOf(code: string): string | null {
  return localeOf(code).maximize().region ?? null;
}

function displayName(reader: string, locale: Intl.Locale): string | undefined {
  if (Intl.DisplayNames.supportedLocalesOf(reader).length === 0) return undefined;
  return new Intl.DisplayNames(reader, { type: 'language', fallback: 'none' }).of(locale.toString());
}

/** BCP 47 allows tags that Intl does not (nan-POJ): these are described by their first subtag. */
function localeOf(code: string): Intl.Locale {
  try {
    return new Intl.Locale(code);
  } catch {
    return new Intl.Locale(primarySubtag(code));
  }
}

function primarySubtag(tag: string): string {
  return (tag.split('-', 1)[0] ?? '').toLowerCase();
}
