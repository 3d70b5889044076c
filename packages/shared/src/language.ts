import { parseAcceptLanguage } from './accept-language.ts';
import { chineseTwin, languageParents } from './language-parents.ts';
import { canonicalCase, isRequestableLanguageTag, isWellFormedLanguageTag, truncate } from './language-tag.ts';

export { canonicalCase, isRequestableLanguageTag, isWellFormedLanguageTag };

export interface KnownLanguage {
  readonly code: string;
  readonly fallbackCode: string | null;
}

export interface LanguageRequest {
  readonly explicit?: string | undefined;
  readonly stored?: string | undefined;
  readonly acceptLanguage?: string | undefined;
  readonly languages: readonly KnownLanguage[];
  readonly defaultLanguage: string;
}

export interface LanguageChain {
  /** Known languages, best first, without duplicates, spelt as they are known. */
  readonly chain: readonly string[];
  /** How many leading entries of `chain` match the first requested range itself (es matches es-PY; a fallback does not). */
  readonly matchLength: number;
}

/** Explicit, else stored, else Accept-Language, else the default: the first that names a usable range is asked alone. */
export function negotiateLanguage(request: LanguageRequest): LanguageChain {
  const { ranges, refused } = requestedRanges(request);
  const known = indexOf(request.languages);
  const found = new Set<string>();
  let matchLength = 0;
  for (const [position, range] of ranges.entries()) {
    const isAllowed = (tag: string) =>
      ranges.includes(tag) || !refused.some((refusal) => tag === refusal || tag.startsWith(`${refusal}-`));
    addKnown(found, lookupSequence(range), known, isAllowed);
    if (position === 0) matchLength = found.size;
    for (const sequence of fallbackSequences(range, known)) addKnown(found, sequence, known, isAllowed);
  }
  return { chain: [...found], matchLength };
}

/** The chain of one language asked for alone. */
export function languageChainOf(code: string, languages: readonly KnownLanguage[]): LanguageChain {
  return negotiateLanguage({ explicit: code, languages, defaultLanguage: code });
}

/** Whether a reader can ask for the tag and it leads to a known language by itself, without any configured fallback. */
export function isKnownLanguageTag(tag: string, languages: readonly KnownLanguage[]): boolean {
  if (!isRequestableLanguageTag(tag)) return false;
  const known = indexOf(languages);
  return lookupSequence(canonicalCase(tag)).some((candidate) => known.has(candidate.toLowerCase()));
}

function requestedRanges(request: LanguageRequest): { ranges: readonly string[]; refused: readonly string[] } {
  for (const tag of [request.explicit, request.stored]) {
    if (tag !== undefined && isRequestableLanguageTag(tag)) return { ranges: [canonicalCase(tag)], refused: [] };
  }
  const accepted = parseAcceptLanguage(request.acceptLanguage ?? '');
  return accepted.ranges.length > 0 ? accepted : { ranges: [canonicalCase(request.defaultLanguage)], refused: [] };
}

/** The tag, then its ancestors, nearest first: es-PY, es-419, es. */
function lookupSequence(tag: string): string[] {
  const sequence: string[] = [];
  for (let current: string | null = tag; current !== null; current = parentOf(current)) {
    const twin = chineseTwin(current);
    for (const spelling of twin === null ? [current] : [current, twin]) {
      if (!sequence.includes(spelling)) sequence.push(spelling);
    }
  }
  return sequence;
}

function parentOf(tag: string): string | null {
  const twin = chineseTwin(tag);
  const scripted = twin !== null && twin.length > tag.length ? twin : tag;
  return languageParents.get(scripted) ?? truncate(scripted);
}

function fallbackSequences(range: string, known: ReadonlyMap<string, KnownLanguage>): string[][] {
  const sequences: string[][] = [];
  const visited = new Set<string>();
  let next = configuredFallback(lookupSequence(range), known);
  while (next !== null && !visited.has(next)) {
    visited.add(next);
    const sequence = lookupSequence(next);
    sequences.push(sequence);
    next = configuredFallback(sequence, known);
  }
  return sequences;
}

function configuredFallback(sequence: string[], known: ReadonlyMap<string, KnownLanguage>): string | null {
  for (const tag of sequence) {
    const fallback = known.get(tag.toLowerCase())?.fallbackCode;
    if (fallback !== undefined && fallback !== null) return canonicalCase(fallback);
  }
  return null;
}

function addKnown(
  found: Set<string>,
  sequence: string[],
  known: ReadonlyMap<string, KnownLanguage>,
  isAllowed: (tag: string) => boolean,
): void {
  for (const tag of sequence) {
    const language = known.get(tag.toLowerCase());
    if (language !== undefined && isAllowed(tag)) found.add(language.code);
  }
}

function indexOf(languages: readonly KnownLanguage[]): ReadonlyMap<string, KnownLanguage> {
  return new Map(languages.map((language) => [language.code.toLowerCase(), language]));
}
