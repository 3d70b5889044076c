import { businessLocales, businessRouter } from '@pika/business';
import { openCache } from '@pika/shared';
import { authenticatePeople, startApi, type Api, type OpenTestDatabase, type TestClock } from '@pika/tests';

export const invitationSecret = 'a secret of the tests';

/** This app alone, with a clock that the test holds and a cache of its own. */
export async function startBusinessApi(
  { database }: Pick<OpenTestDatabase, 'database'>,
  clock: TestClock,
): Promise<Api> {
  const cache = openCache({
    redisUrl: undefined,
    onError: (error) => {
      throw error;
    },
  });
  const routers = [
    businessRouter({
      database,
      cache,
      cursorSecret: 'a secret of the tests',
      invitationSecret,
      now: clock.now,
    }),
  ];
  const api = await startApi({ database, routers, locales: [businessLocales], authenticate: authenticatePeople });
  return {
    ...api,
    close: async () => {
      await api.close();
      await cache.close();
    },
  };
}
