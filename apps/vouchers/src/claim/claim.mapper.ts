import { instantText, type Violation } from '@pika/shared';
import { showShortCode } from '@pika/shared/voucher-token';
import type { ClaimRow } from './claim.repository.ts';
import type { ClaimAnswer } from './claim.schemas.ts';

const instantOrNull = (at: Date | null) => (at === null ? null : instantText(at));

export function mapClaim(row: ClaimRow): ClaimAnswer {
  const texts = JSON.parse(`{${row.text[0]}}`) as Omit<ClaimAnswer['voucher'], 'state' | 'validFrom' | 'expiresAt'>;
  return {
    id: row.id,
    state: row.state,
    sourceId: row.sourceId === '' ? null : row.sourceId,
    shortCode: row.shortCode === null ? null : showShortCode(row.shortCode),
    balanceMinor: row.balanceMinor === null ? null : Number(row.balanceMinor),
    claimedAt: instantText(row.claimedAt),
    expiresAt: instantOrNull(row.expiresAt),
    redeemedAt: instantOrNull(row.redeemedAt),
    voucher: {
      ...texts,
      state: row.voucherState,
      validFrom: instantOrNull(row.validFrom),
      expiresAt: instantOrNull(row.voucherExpiresAt),
    },
    location: mapPlace(row),
    redeemable: { now: row.reasons.length === 0, reasons: row.reasons },
  };
}

function mapPlace(row: ClaimRow): ClaimAnswer['location'] {
  const { locationId, latitude, longitude, timeZone } = row;
  if (locationId === null || latitude === null || longitude === null || timeZone === null) return null;
  return {
    id: locationId,
    latitude,
    longitude,
    distanceMeters: Number.isFinite(row.distanceMeters) ? Math.round(row.distanceMeters * 10) / 10 : null,
    street: row.street,
    city: row.city,
    countryCode: row.countryCode,
    timeZone,
    isOpen: row.isOpen,
    opensAt: instantOrNull(row.opensAt),
  };
}

/** What passes by itself, or is for the counter to say, keeps nobody from showing a code. */
const lasting: readonly string[] = [
  'claim.redeemed',
  'claim.released',
  'claim.expired',
  'voucher.notPublished',
  'voucher.suspended',
  'voucher.archived',
  'voucher.expired',
  'business.inactive',
];

/** The rules for which a claim is of no use, with their figures. */
export function lastingViolations(row: ClaimRow): Violation[] {
  return row.reasons
    .filter((reason) => lasting.includes(reason))
    .map((code) => {
      if (code === 'claim.redeemed') return { code, redeemedAt: instantOrNull(row.redeemedAt) };
      if (code === 'claim.expired') return { code, expiresAt: instantOrNull(row.expiresAt) };
      if (code === 'voucher.expired') return { code, expiresAt: instantOrNull(row.voucherExpiresAt) };
      return { code };
    });
}
