import { fieldsOf, languagesOf, servedOf } from '@pika/database';
import { instantText } from '@pika/shared';
import type { VoucherAnswer } from './voucher.schemas.ts';
import type { VoucherLocationRow, VoucherRow } from './voucher.repository.ts';

export interface MappedVoucher {
  answer: VoucherAnswer;
  /** Languages of the texts, those of the voucher first. */
  languages: string[];
}

export function mapVoucher(
  row: VoucherRow,
  locations: readonly VoucherLocationRow[],
  language: string | null,
  at: Date,
): MappedVoucher {
  const resolved = [row.text, row.categoryText, row.businessText];
  return {
    answer: {
      id: row.id,
      ...fieldsOf<'title' | 'description' | 'terms'>(row.text),
      language,
      served: servedOf(...resolved),
      ...(JSON.parse(`{${row.facts}}`) as Pick<VoucherAnswer, 'discount'>),
      category: { id: row.categoryId, slug: row.categorySlug, ...fieldsOf<'name'>(row.categoryText) },
      business: { id: row.businessId, ...fieldsOf<'name'>(row.businessText), logoUrl: row.logoUrl },
      locations: locations.map((location) => mapLocation(location, at)),
      attribution: row.attribution,
    },
    languages: languagesOf(resolved),
  };
}

function mapLocation(row: VoucherLocationRow, at: Date): VoucherAnswer['locations'][number] {
  const reasons: VoucherAnswer['locations'][number]['redeemable']['reasons'] = [];
  if (row.validFrom > at) reasons.push('voucher.notYetValid');
  if (row.expiresAt !== null && row.expiresAt <= at) reasons.push('voucher.expired');
  if (row.isOpen === false) reasons.push('location.closed');
  return {
    id: row.id,
    latitude: row.latitude,
    longitude: row.longitude,
    distanceMeters: row.distanceMeters === null ? null : Math.round(row.distanceMeters * 10) / 10,
    street: row.street,
    city: row.city,
    countryCode: row.countryCode,
    timeZone: row.timeZone,
    isOpen: row.isOpen,
    opensAt: row.opensAt === null ? null : instantText(row.opensAt),
    validFrom: instantText(row.validFrom),
    expiresAt: row.expiresAt === null ? null : instantText(row.expiresAt),
    redeemable: { now: reasons.length === 0, reasons },
  };
}
