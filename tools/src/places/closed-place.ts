import type { Tags } from './place.ts';
import { formerPrefixes, kindKeys } from './tags.ts';

const formerKeys = kindKeys.flatMap((key) => formerPrefixes.map((prefix) => `${prefix}:${key}`));

/** Whether a place says that it has closed for good. `today` is YYYY-MM-DD. */
export function isClosed(tags: Tags, today: string): boolean {
  if (isTrue(tags['closed']) || hasEnded(tags['end_date'] ?? '', today)) return true;
  if (/^(24\/7\s+)?(off|closed)(\s*"[^"]*")?$/i.test(tags['opening_hours'] ?? '')) return true;
  if (isTrue(tags['disused']) || isTrue(tags['abandoned'])) return true;
  if (kindKeys.some((key) => tags[key] !== undefined && tags[key] !== 'vacant')) return false;
  return tags['shop'] === 'vacant' || formerKeys.some((key) => tags[key] !== undefined);
}

const isTrue = (value = '') => /^(yes|true|1)$/i.test(value);

/** A date may be only a year, or a year and a month: it is over when its last day is. */
function hasEnded(date: string, today: string): boolean {
  return /^\d{4}(-\d\d(-\d\d)?)?$/.test(date) && date < today.slice(0, date.length);
}
