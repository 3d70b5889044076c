import findTimeZone from '@photostructure/tz-lookup';
import { osmCategory } from './osm-category.ts';
import { osmNames } from './osm-names.ts';
import type { Mapped, SkipReason, SourceElement } from './place.ts';

const attribution = '© OpenStreetMap contributors, ODbL 1.0';
const nameLengthMax = 500;

type Tags = Readonly<Record<string, string>>;

/** One element of OpenStreetMap as a place, or why it cannot be one. `language` is that of its untagged name. */
export function mapOsmElement({ index, value }: SourceElement, language: string): Mapped {
  const element = isRecord(value) ? value : {};
  const id = idOf(element);
  const position = { index, id };
  const tags = tagsOf(element);
  const { names, leftOut } = osmNames(tags, language);
  const skip = (skipped: SkipReason): Mapped => ({ position, skipped, leftOut });

  if (id === null) return skip('malformed');
  if (Object.keys(names).length === 0) return skip('nameless');
  if (Object.values(names).some((name) => name.length > nameLengthMax)) return skip('nameTooLong');
  const point = pointOf(element);
  if (point === null) return skip('nowhere');
  if (Math.abs(point.latitude) > 90 || Math.abs(point.longitude) > 180) return skip('outOfRange');
  const category = osmCategory(tags);
  if (category === null) return skip('uncategorised');
  const place = {
    sourceId: `osm:${id}`,
    names,
    sourceLanguage: language,
    category,
    ...point,
    ...addressOf(tags),
    timeZone: findTimeZone(point.latitude, point.longitude),
    phone: tags['phone'] ?? tags['contact:phone'] ?? null,
    website: webAddress(tags['website'] ?? tags['contact:website']),
    attribution,
  };
  return isStorable(place) ? { position, place, leftOut } : skip('unstorable');
}

function idOf({ type, id }: Record<string, unknown>): string | null {
  const isElement = type === 'node' || type === 'way' || type === 'relation';
  return isElement && Number.isSafeInteger(id) ? `${type}/${String(id)}` : null;
}

/** The tags that say something, without the space around it. */
function tagsOf({ tags }: Record<string, unknown>): Tags {
  if (!isRecord(tags)) return {};
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => {
      const text = typeof value === 'string' ? value.trim() : '';
      return text === '' ? [] : [[key, text]];
    }),
  );
}

/** A node has its own position; Overpass gives ways and relations a `center` when asked to. */
function pointOf(element: Record<string, unknown>): { latitude: number; longitude: number } | null {
  const { lat, lon } = isRecord(element['center']) ? element['center'] : element;
  return typeof lat === 'number' && typeof lon === 'number' ? { latitude: lat, longitude: lon } : null;
}

function addressOf(tags: Tags) {
  const street = tags['addr:street'];
  const country = tags['addr:country']?.toUpperCase() ?? '';
  return {
    street: street === undefined ? null : [street, tags['addr:housenumber']].filter(Boolean).join(' '),
    city: tags['addr:city'] ?? null,
    countryCode: /^[A-Z]{2}$/.test(country) ? country : null,
  };
}

/** An http(s) address, which mappers often write without its scheme; null for anything else. */
function webAddress(text: string | undefined): string | null {
  const first = text?.split(';', 1)[0]?.trim();
  if (!first) return null;
  const address = /^[a-z][a-z\d+.-]*:/i.test(first) ? first : `https://${first}`;
  return /^https?:\/\/[^\s/]+\.[^\s]+$/i.test(address) && URL.canParse(address) ? address : null;
}

/** PostgreSQL keeps neither NUL nor a surrogate without its other half. */
function isStorable(place: object): boolean {
  return Object.values(place)
    .flatMap((value: unknown) => (isRecord(value) ? Object.values(value) : [value]))
    .every((value) => typeof value !== 'string' || !/\0|\p{Surrogate}/u.test(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
