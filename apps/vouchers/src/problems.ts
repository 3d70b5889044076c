import { defineProblems } from '@pika/shared';

/** Every failure that this app can answer with, beside the shared ones. */
export const voucherProblems = defineProblems({
  'voucher.notFound': 404,
  'claim.refused': 409,
  'claim.over': 409,
  'hold.refused': 409,
  'hold.keyTaken': 409,
  'voucher.wrongState': 409,
  'voucher.discountInUse': 409,
  'voucher.incomplete': 422,
  'voucher.limitBelowUse': 422,
  'code.taken': 409,
  'redemption.notFound': 404,
  'redemption.refused': 409,
  'redemption.alreadyRolledBack': 409,
  'redemption.windowClosed': 409,
});
