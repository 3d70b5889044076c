import { isRecord, type Tags } from './place.ts';

export const osmAttribution = '© OpenStreetMap contributors, ODbL 1.0';

/** The tags that say something, without the space around it. Numbers and truth values become texts. */
export function tagsOf(value: unknown): Tags {
  if (!isRecord(value)) return {};
  const tags: Record<string, string> = {};
  for (const [key, given] of Object.entries(value)) {
    const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given;
    const trimmed = typeof text === 'string' ? text.trim() : '';
    if (trimmed !== '') tags[key] = trimmed;
  }
  return tags;
}

/** The identity of an element of OpenStreetMap such as `node/442030367`, with or without `osm:` before it, or null. */
export function osmIdOf(id: string): string | null {
  return /^(?:osm:)?((?:node|way|relation)\/\d{1,15})$/.exec(id)?.[1] ?? null;
}

/** The keys in which OpenStreetMap says what a place is. */
export const kindKeys = ['amenity', 'shop', 'tourism', 'leisure'] as const;

/** What stands before such a key when the place is no longer that. */
export const formerPrefixes = ['disused', 'abandoned', 'was', 'closed', 'demolished', 'removed', 'razed'] as const;

/** Names that are searched and not shown. */
export const otherNameKeys = [
  'alt_name',
  'official_name',
  'short_name',
  'old_name',
  'loc_name',
  'int_name',
  'brand',
  'operator',
] as const;

const usedTag = new RegExp(
  `^((name|${otherNameKeys.join('|')})(:.+)?` +
    `|((${formerPrefixes.join('|')}):)?(${kindKeys.join('|')})` +
    '|addr:(street|housenumber|city|country)|(contact:)?(phone|website)|opening_hours' +
    '|category|closed|disused|abandoned|end_date|attribution)$',
);

/** Whether anything is made of a tag. */
export function isUsedTag(key: string): boolean {
  return usedTag.test(key);
}
