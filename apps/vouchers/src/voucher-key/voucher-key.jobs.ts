import { jobContext, singleStatements, type Database, type Job } from '@pika/database';
import { rotateDueKeys } from '@pika/shared';
import { voucherKeyRing } from './voucher-key.ring.ts';

export interface VoucherKeyJobDeps {
  database: Database;
  /** The app's VOUCHER_SECRET. */
  voucherSecret: string;
  now: () => Date;
}

/** Looked at each day: the next key is published when the newest has signed for thirty. */
export function voucherKeyJobs({ database, voucherSecret, now }: VoucherKeyJobDeps): Job[] {
  const name = 'rotate-voucher-keys';
  const db = singleStatements(database, jobContext(name));
  return [{ name, everySeconds: 86_400, run: () => rotateDueKeys(voucherKeyRing(db, voucherSecret), now()) }];
}
