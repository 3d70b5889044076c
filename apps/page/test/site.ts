import { businessLocales, businessRouter } from '@pika/business';
import { documentationPolicy, documentationRouter, pagePolicies, pageRouter } from '@pika/gateway';
import { openCache } from '@pika/shared';
import { seededDatabase, startApi, testClock, type Api, type OpenTestDatabase } from '@pika/tests';
import { vouchersLocales, vouchersRouter } from '@pika/vouchers';

/** A Wednesday, noon in Asunción. */
export const noon = '2026-03-04T15:00:00Z';

export interface Site extends Api {
  pool: OpenTestDatabase['pool'];
}

/** The whole product with the seeded content, as the gateway puts it together. */
export async function startSite({ tileUrl }: { tileUrl?: string } = {}): Promise<Site> {
  const test = await seededDatabase();
  const { database } = test;
  const cache = openCache({ redisUrl: undefined, onError: console.error });
  const { now } = testClock(noon);
  const page = { tileUrl, tileAttribution: undefined };
  const api = await startApi({
    database,
    routers: [
      documentationRouter(),
      pageRouter(page),
      vouchersRouter({ database, cursorSecret: 'a secret of the tests', nearbyBatch: () => 8, now }),
      businessRouter({
        database,
        cache,
        cursorSecret: 'a secret of the tests',
        invitationSecret: 'a secret of the tests',
        now,
      }),
    ],
    locales: [vouchersLocales, businessLocales],
    pages: { '/docs': documentationPolicy, ...pagePolicies(page) },
  });
  return {
    ...api,
    pool: test.pool,
    close: async () => {
      await api.close();
      await cache.close();
      await test.close();
    },
  };
}
