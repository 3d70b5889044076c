import { authenticatePeople, startApi, type Api, type OpenTestDatabase, type TestClock } from '@pika/tests';
import { openVoucherKeys, vouchersLocales, vouchersRouter, type VoucherKeys } from '@pika/vouchers';

export const cursorSecret = 'a secret of the tests';

export interface VouchersApi extends Api {
  voucherKeys: VoucherKeys;
}

const onError = (error: unknown) => {
  throw error;
};

/** This app alone, with a clock that the test holds. Looks at `batch` locations first: any number is right. */
export async function startVouchersApi(
  { database }: Pick<OpenTestDatabase, 'database'>,
  clock: TestClock,
  batch: () => number = () => 8,
): Promise<VouchersApi> {
  const voucherKeys = await openVoucherKeys(database, { secret: cursorSecret, now: clock.now, onError });
  const router = vouchersRouter({ database, cursorSecret, nearbyBatch: batch, voucherKeys, now: clock.now });
  const api = await startApi({
    database,
    routers: [router],
    locales: [vouchersLocales],
    authenticate: authenticatePeople,
  });
  return {
    ...api,
    voucherKeys,
    close: async () => {
      voucherKeys.stop();
      await api.close();
    },
  };
}
