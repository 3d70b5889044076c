import { categoryIdOf, stableId, type BusinessRow, type LocationRow, type TranslationRow } from '@pika/database';
import { createHash } from 'node:crypto';
import type { Place } from './place.ts';

export const businessIdOf = ({ sourceId }: Place) => stableId(`business:${sourceId}`);
export const locationIdOf = ({ sourceId }: Place) => stableId(`location:${sourceId}`);
export const nameKeyOf = (place: Place) => `business.${businessIdOf(place)}.name`;

/** Changes exactly when something of the place does. */
export function placeHash(place: Place): string {
  return createHash('sha256').update(JSON.stringify(place)).digest('hex');
}

export function businessRow(place: Place): BusinessRow {
  const id = businessIdOf(place);
  return {
    id,
    ownerId: null,
    categoryId: categoryIdOf(place.category),
    nameKey: nameKeyOf(place),
    descriptionKey: `business.${id}.description`,
    sourceLanguage: place.sourceLanguage,
    status: 'verified',
    phone: place.phone,
    website: place.website,
    sourceId: place.sourceId,
    sourceHash: placeHash(place),
    attribution: place.attribution,
  };
}

export function locationRow(place: Place): LocationRow {
  return {
    id: locationIdOf(place),
    businessId: businessIdOf(place),
    latitude: place.latitude,
    longitude: place.longitude,
    street: place.street,
    city: place.city,
    countryCode: place.countryCode,
    timeZone: place.timeZone,
    weeklyMinutes: null,
  };
}

export function nameRows(place: Place): TranslationRow[] {
  return Object.entries(place.names).map(([language, value]) => ({
    key: nameKeyOf(place),
    language,
    value,
    domain: 'business',
  }));
}
