import type { Database, Job } from '@pika/database';
import { cardJobs } from './card/card.jobs.ts';
import { offerJobs } from './offer/offer.jobs.ts';

/** What time asks of this app, whichever process does it. */
export function vouchersJobs(database: Database, now: () => Date = () => new Date()): Job[] {
  return [...cardJobs(database), ...offerJobs(database, now)];
}
