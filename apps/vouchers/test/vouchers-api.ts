import { authenticatePeople, startApi, type Api, type OpenTestDatabase, type TestClock } from '@pika/tests';
import { vouchersLocales, vouchersRouter } from '@pika/vouchers';

export const cursorSecret = 'a secret of the tests';

/** This app alone, with a clock that the test holds. Looks at `batch` locations first: any number is right. */
export function startVouchersApi(
  { database }: Pick<OpenTestDatabase, 'database'>,
  clock: TestClock,
  batch: () => number = () => 8,
): Promise<Api> {
  const router = vouchersRouter({ database, cursorSecret, nearbyBatch: batch, now: clock.now });
  return startApi({ database, routers: [router], locales: [vouchersLocales], authenticate: authenticatePeople });
}
