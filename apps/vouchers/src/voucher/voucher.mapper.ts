import { instantText } from '@pika/shared';
import type { VoucherLocationRow, VoucherText } from './voucher.repository.ts';
import type { VoucherAnswer } from './voucher.schemas.ts';

type Location = VoucherAnswer['locations'][number];

/** SQL makes the whole public part of a voucher, the same text as in the nearby list; here its places are added. */
export function mapVoucher([body]: VoucherText, locations: readonly VoucherLocationRow[]): VoucherAnswer {
  const voucher = JSON.parse(`{${body}}`) as Omit<VoucherAnswer, 'locations'>;
  return { ...voucher, locations: locations.map(mapLocation) };
}

function mapLocation({ distanceMeters, opensAt, validFrom, expiresAt, reasons, ...row }: VoucherLocationRow): Location {
  return {
    ...row,
    distanceMeters: distanceMeters === null ? null : Math.round(distanceMeters * 10) / 10,
    opensAt: opensAt === null ? null : instantText(opensAt),
    validFrom: instantText(validFrom),
    expiresAt: expiresAt === null ? null : instantText(expiresAt),
    redeemable: { now: reasons.length === 0, reasons },
  };
}
