import { instantText } from '@pika/shared';
import type { AddressRow } from './address.repository.ts';
import type { Address, NewAddress } from './address.schemas.ts';

export function mapAddress(row: AddressRow): Address {
  return {
    id: row.id,
    ...contentOf(row),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  };
}

export function contentOf(row: AddressRow): NewAddress {
  const { label, street, city, postalCode, countryCode, latitude, longitude } = row;
  const position = latitude === null || longitude === null ? null : { latitude, longitude };
  return { label, street, city, postalCode, countryCode, position };
}
