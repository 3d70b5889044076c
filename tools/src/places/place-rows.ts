import {
  categoryIdOf,
  stableId,
  type BusinessRow,
  type LocationRow,
  type SpecialDayRow,
  type TranslationRow,
} from '@pika/database';
import { createHash } from 'node:crypto';
import type { Place } from './place.ts';

export const businessIdOf = (sourceId: string) => stableId(`business:${sourceId}`);
export const locationIdOf = (sourceId: string) => stableId(`location:${sourceId}`);

/** Changes exactly when something of the place does. */
export function placeHash(place: Place): string {
  return createHash('sha256').update(JSON.stringify(place)).digest('hex');
}

export function businessRow(place: Place, sourceHash: string, ownerId: string | null): BusinessRow {
  const id = businessIdOf(place.sourceId);
  return {
    id,
    ownerId,
    categoryId: categoryIdOf(place.category),
    nameKey: nameKeyOf(id),
    otherNamesKey: Object.keys(place.otherNames).length === 0 ? null : otherNamesKeyOf(id),
    descriptionKey: `business.${id}.description`,
    sourceLanguage: place.sourceLanguage,
    status: 'verified',
    phone: place.phone,
    website: place.website,
    sourceId: place.sourceId,
    sourceHash,
    attribution: place.attribution,
  };
}

export function locationRow(place: Place): LocationRow {
  return {
    id: locationIdOf(place.sourceId),
    businessId: businessIdOf(place.sourceId),
    latitude: place.latitude,
    longitude: place.longitude,
    street: place.street,
    city: place.city,
    countryCode: place.countryCode,
    timeZone: place.timeZone,
    weeklyMinutes: place.weeklyMinutes,
    hoursText: place.hoursText,
  };
}

export function specialDayRows(place: Place): SpecialDayRow[] {
  const locationId = locationIdOf(place.sourceId);
  return place.specialDays.map((day) => ({ locationId, ...day }));
}

/** All that a place is called, by the keys that its business has for it. */
export function nameRows(place: Place): TranslationRow[] {
  const id = businessIdOf(place.sourceId);
  return [...textRows(nameKeyOf(id), place.names), ...textRows(otherNamesKeyOf(id), place.otherNames)];
}

/** For each key of a place's names, the languages it should have. */
export function nameLanguages(place: Place): { key: string; languages: string[] }[] {
  const id = businessIdOf(place.sourceId);
  return [
    { key: nameKeyOf(id), languages: Object.keys(place.names) },
    { key: otherNamesKeyOf(id), languages: Object.keys(place.otherNames) },
  ];
}

const nameKeyOf = (businessId: string) => `business.${businessId}.name`;
const otherNamesKeyOf = (businessId: string) => `business.${businessId}.otherNames`;

const textRows = (key: string, texts: Readonly<Record<string, string>>): TranslationRow[] =>
  Object.entries(texts).map(([language, value]) => ({ key, language, value, domain: 'business' }));
