import { jobContext, singleStatements, startDispatcher, type Database, type Job } from '@pika/database';
import type { Logger } from '@pika/shared';
import type { z } from 'zod';
import { deliveredAggregates, deliverRedemption } from './analytics/redemption.delivery.ts';
import { openSeenRecorder } from './analytics/seen.recorder.ts';
import { startCardUpkeep } from './card/card.upkeep.ts';
import type { vouchersSettings } from './config.ts';
import type { VouchersDeps } from './router.ts';
import { openVoucherKeys } from './voucher-key/open-voucher-keys.ts';
import { vouchersJobs } from './vouchers.jobs.ts';

export interface Vouchers {
  deps: VouchersDeps;
  jobs: Job[];
  /** Delivers nothing more and writes what is noted. */
  stop(): Promise<void>;
}

interface VouchersOptions {
  database: Database;
  settings: z.output<typeof vouchersSettings>;
  log: Logger;
}

/** All of this app that lives beside its routes. */
export async function openVouchers({ database, settings, log }: VouchersOptions): Promise<Vouchers> {
  const now = () => new Date();
  const voucherSecret = settings.VOUCHER_SECRET;
  const upkeep = await startCardUpkeep(database, log);
  const voucherKeys = await openVoucherKeys(database, {
    secret: voucherSecret,
    now,
    onError: (error) => log.error({ err: error }, 'voucher keys'),
  });
  const seen = openSeenRecorder(database, { onError: (error) => log.error({ err: error }, 'seen vouchers') });
  const dispatcher = startDispatcher(
    singleStatements(database, jobContext('outbox')),
    (event) => deliverRedemption(database, event),
    log,
    { aggregateTypes: deliveredAggregates },
  );
  return {
    deps: {
      database,
      cursorSecret: settings.CURSOR_SECRET,
      nearbyBatch: upkeep.nearbyBatch,
      voucherKeys,
      seen,
      now,
    },
    jobs: vouchersJobs({ database, voucherSecret, now }),
    async stop() {
      await dispatcher.stop();
      await seen.stop();
      upkeep.stop();
      voucherKeys.stop();
    },
  };
}
