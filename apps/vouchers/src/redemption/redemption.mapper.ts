import { instantText, type Violation } from '@pika/shared';
import type { z } from 'zod';
import type { LedgerRow, Validation } from './redemption.repository.ts';
import type { ledgerEntry, validation } from './redemption.schemas.ts';

export function mapValidation(
  { voucher: [body], violations, claimId, locationId, discountMinor, amountMinor, currency }: Validation,
  tell: (violation: Violation) => Violation & { message: string },
): z.input<typeof validation> {
  const { id, title, terms, language, served } = JSON.parse(`{${body}}`) as z.input<typeof validation>['voucher'];
  return {
    redeemable: violations.length === 0,
    violations: violations.map(tell),
    voucher: { id, title, terms, language, served },
    claimId,
    locationId,
    discountMinor: discountMinor === null ? null : Number(discountMinor),
    amountMinor: amountMinor === null ? null : Number(amountMinor),
    currency,
  };
}

export function mapLedgerRow(row: LedgerRow): z.input<typeof ledgerEntry> {
  return {
    ...row,
    rolledBackAt: row.rolledBackAt === null ? null : instantText(row.rolledBackAt),
    discountMinor: Number(row.discountMinor),
    amountMinor: row.amountMinor === null ? null : Number(row.amountMinor),
    redeemedAt: instantText(row.redeemedAt),
  };
}
