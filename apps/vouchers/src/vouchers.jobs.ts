import type { Job } from '@pika/database';
import { cardJobs } from './card/card.jobs.ts';
import { codeJobs } from './code/code.jobs.ts';
import { offerJobs } from './offer/offer.jobs.ts';
import { voucherKeyJobs, type VoucherKeyJobDeps } from './voucher-key/voucher-key.jobs.ts';

/** What time asks of this app, whichever process does it. */
export function vouchersJobs(deps: VoucherKeyJobDeps): Job[] {
  const { database, now } = deps;
  return [...cardJobs(database), ...offerJobs(database, now), ...codeJobs(database), ...voucherKeyJobs(deps)];
}
