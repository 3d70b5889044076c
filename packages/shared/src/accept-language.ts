import { canonicalCase, isRequestableLanguageTag } from './language-tag.ts';

const entriesMax = 32;
const quality = /^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

interface AcceptedLanguages {
  /** Canonical tags, most wanted first. */
  readonly ranges: readonly string[];
  /** Canonical tags with `q=0`. */
  readonly refused: readonly string[];
}

/**
 * Reads a whole header in linear time. Malformed entries, `*` and `und` are skipped; at most 32 others count.
 */
export function parseAcceptLanguage(header: string): AcceptedLanguages {
  const wanted: { tag: string; q: number }[] = [];
  const refused: string[] = [];
  for (let start = 0; start < header.length && wanted.length + refused.length < entriesMax;) {
    const comma = header.indexOf(',', start);
    const end = comma === -1 ? header.length : comma;
    const entry = parseEntry(header.slice(start, end));
    if (entry !== null && entry.q > 0) wanted.push(entry);
    else if (entry !== null) refused.push(entry.tag);
    start = end + 1;
  }
  const ranges = wanted.toSorted((one, other) => other.q - one.q).map((entry) => entry.tag);
  return { ranges, refused: refused.filter((tag) => !ranges.includes(tag)) };
}

function parseEntry(text: string): { tag: string; q: number } | null {
  const semicolon = text.indexOf(';');
  const tag = (semicolon === -1 ? text : text.slice(0, semicolon)).trim();
  if (!isRequestableLanguageTag(tag)) return null;
  if (semicolon === -1) return { tag: canonicalCase(tag), q: 1 };
  const q = quality.exec(text.slice(semicolon + 1).trim())?.[1];
  return q === undefined ? null : { tag: canonicalCase(tag), q: Number(q) };
}
