import { businessLocales, businessRouter } from '@pika/business';
import { documentationPolicy, documentationRouter, pagePolicies, pageRouter } from '@pika/gateway';
import { identityLocales, identityRouter, identitySettings, openIdentity, type Mail } from '@pika/identity';
import { createLogger, openCache } from '@pika/shared';
import { openAuthentication, type Database } from '@pika/database';
import { seededDatabase, startApi, testClock, type Api, type OpenTestDatabase } from '@pika/tests';
import { openVoucherKeys, vouchersLocales, vouchersRouter } from '@pika/vouchers';
import { vi } from 'vitest';

/** A Wednesday, noon in Asunción. */
export const noon = '2026-03-04T15:00:00Z';

const settings = identitySettings.parse({
  IDENTITY_SECRET: 'a secret of the tests',
  INVITATION_SECRET: 'a secret of the tests',
});

const onError = (error: unknown) => {
  throw error;
};

export interface Site extends Api {
  database: Database;
  pool: OpenTestDatabase['pool'];
  /** Where links in mails lead, below `url`: that of the last mail to the address, as soon as it was sent. */
  linkTo: (email: string) => Promise<string>;
}

/** The whole product with the seeded content, as the gateway puts it together. */
export async function startSite({ tileUrl }: { tileUrl?: string } = {}): Promise<Site> {
  const test = await seededDatabase();
  const { database } = test;
  const cache = openCache({ redisUrl: undefined, onError: console.error });
  const { now } = testClock(noon);
  const page = { tileUrl, tileAttribution: undefined };
  const authentication = await openAuthentication(database, { settings, asksSessions: true, onError, now });
  const mails: Mail[] = [];
  const identity = await openIdentity({
    database,
    settings,
    authentication,
    mailer: { send: async (mail) => void mails.push(mail), close: () => undefined },
    publicUrl: 'https://pika.example/',
    log: createLogger({ level: 'error', name: 'test' }),
    now,
    pollMillis: 20,
  });
  const voucherKeys = await openVoucherKeys(database, { secret: 'a secret of the tests', now, onError: console.error });
  const api = await startApi({
    database,
    routers: [
      documentationRouter(),
      pageRouter(page),
      vouchersRouter({ database, cursorSecret: 'a secret of the tests', nearbyBatch: () => 8, voucherKeys, now }),
      businessRouter({
        database,
        cache,
        cursorSecret: 'a secret of the tests',
        invitationSecret: 'a secret of the tests',
        now,
      }),
      identityRouter(identity.deps),
    ],
    locales: [vouchersLocales, businessLocales, identityLocales],
    authenticate: authentication.authenticate,
    pages: { '/docs': documentationPolicy, ...pagePolicies(page) },
  });
  return {
    ...api,
    database,
    pool: test.pool,
    linkTo: (email) =>
      vi.waitFor(
        () => {
          const mail = mails.findLast(({ to }) => to === email);
          if (typeof mail?.link !== 'string') throw new Error(`no mail to ${email}`);
          return mail.link.replace('https://pika.example', '');
        },
        { timeout: 20_000, interval: 20 },
      ),
    close: async () => {
      voucherKeys.stop();
      await identity.stop();
      authentication.stop();
      await api.close();
      await cache.close();
      await test.close();
    },
  };
}
