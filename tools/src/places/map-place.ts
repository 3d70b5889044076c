import findTimeZone from '@photostructure/tz-lookup';
import { categorySlugs } from '@pika/database';
import { isClosed } from './closed-place.ts';
import { createHoursCache } from './hours-cache.ts';
import { osmCategory } from './osm-category.ts';
import { osmNames, osmOtherNames } from './osm-names.ts';
import {
  isRecord,
  type HoursFault,
  type Mapped,
  type Place,
  type Point,
  type SkipReason,
  type SourceElement,
  type SourcePlace,
  type Tags,
} from './place.ts';
import type { SourceFile } from './source-file.ts';

export interface MapOptions {
  /** The language of untagged names. */
  language: string;
  /** YYYY-MM-DD: what ended before it is closed, and its year is the first that hours are looked at for. */
  today: string;
}

const lengthMax = { id: 200, name: 500, address: 200, phone: 100, website: 2_000, hours: 2_000 };
const slugs = new Set(categorySlugs);

/** Makes what each element of a file becomes: a place, one that closed, or why it is neither. */
export function createPlaceMapper(
  placeOf: SourceFile['placeOf'],
  { language, today }: MapOptions,
): (element: SourceElement) => Mapped {
  const parseHours = createHoursCache();
  const year = Number(today.slice(0, 4));

  return (element) => {
    const { index, where } = element;
    if ('fault' in element) return { position: { index, where, id: null }, leftOut: [], skipped: element.fault };
    const source = placeOf(element.value, { index, where });
    if (typeof source === 'string') return { position: { index, where, id: null }, leftOut: [], skipped: source };
    return mapSource(source);
  };

  function mapSource(source: SourcePlace): Mapped {
    const { tags, sourceId, point, position } = source;
    const { names, leftOut } = osmNames(tags, language);
    const skip = (skipped: SkipReason): Mapped => ({ position, skipped, leftOut });

    if (sourceId.length > lengthMax.id) return skip('idTooLong');
    if (!isStorable(sourceId)) return skip('unstorable');
    if (isClosed(tags, today)) return { position, closed: sourceId, leftOut };
    if (Object.keys(names).length === 0) return skip('nameless');
    if (Object.values(names).some((name) => name.length > lengthMax.name)) return skip('nameTooLong');
    const misplaced = misplacement(point);
    if (point === null || misplaced !== null) return skip(misplaced ?? 'nowhere');
    const category = categoryOf(tags);
    if (category === null) return skip('uncategorised');

    const address = addressOf(tags, leftOut);
    const { hoursFault, ...hours } = hoursOf(tags, address.countryCode, leftOut);
    const place: Place = {
      sourceId,
      names,
      otherNames: osmOtherNames(tags, names, language),
      sourceLanguage: language,
      category,
      ...point,
      ...address,
      timeZone: findTimeZone(point.latitude, point.longitude),
      ...hours,
      phone: short(tags, ['phone', 'contact:phone'], lengthMax.phone, leftOut),
      website: webAddress(short(tags, ['website', 'contact:website'], lengthMax.website, leftOut)),
      attribution: source.attribution,
    };
    return isStorable(place) ? { position, place, hoursFault, leftOut } : skip('unstorable');
  }

  function hoursOf(tags: Tags, country: string | null, leftOut: string[]) {
    const hoursText = short(tags, ['opening_hours'], lengthMax.hours, leftOut);
    const unknown = { hoursText, weeklyMinutes: null, specialDays: [] };
    if (hoursText === null) {
      const hoursFault: HoursFault | null = tags['opening_hours'] === undefined ? null : 'gibberish';
      return { ...unknown, hoursFault };
    }
    const { fault, ...hours } = parseHours(hoursText, country, year);
    return { hoursText, ...hours, hoursFault: fault };
  }
}

/** Why a point is none on Earth that a place can be at; null where it is one. */
function misplacement(point: Point | null): SkipReason | null {
  if (point === null) return 'nowhere';
  const { latitude, longitude } = point;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return 'outOfRange';
  return latitude === 0 && longitude === 0 ? 'nullIsland' : null;
}

/** A slug of our own tree (`category`), else after the table of osm-category.ts. */
function categoryOf(tags: Tags): string | null {
  const slug = tags['category'];
  return slug !== undefined && slugs.has(slug) ? slug : osmCategory(tags);
}

function addressOf(tags: Tags, leftOut: string[]) {
  const street = short(tags, ['addr:street'], lengthMax.address, leftOut);
  const houseNumber = short(tags, ['addr:housenumber'], lengthMax.address, leftOut);
  const country = tags['addr:country']?.toUpperCase() ?? '';
  return {
    street: street === null ? null : [street, houseNumber].filter(Boolean).join(' '),
    city: short(tags, ['addr:city'], lengthMax.address, leftOut),
    countryCode: /^[A-Z]{2}$/.test(country) ? country : null,
  };
}

/** The first of some tags that is there; one that is too long to be what it says is left out. */
function short(tags: Tags, keys: readonly string[], length: number, leftOut: string[]): string | null {
  const key = keys.find((each) => tags[each] !== undefined);
  const text = key === undefined ? undefined : tags[key];
  if (key === undefined || text === undefined) return null;
  if (text.length <= length) return text;
  leftOut.push(`${key} (too long)`);
  return null;
}

/** An http(s) address, which mappers often write without its scheme; null for anything else. */
function webAddress(text: string | null): string | null {
  const first = text?.split(';', 1)[0]?.trim();
  if (!first) return null;
  const address = /^[a-z][a-z\d+.-]*:/i.test(first) ? first : `https://${first}`;
  return /^https?:\/\/[^\s/]+\.[^\s]+$/i.test(address) && URL.canParse(address) ? address : null;
}

/** PostgreSQL keeps neither NUL nor a surrogate without its other half. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !/\0|\p{Surrogate}/u.test(value);
  return !isRecord(value) || Object.values(value).every(isStorable);
}
