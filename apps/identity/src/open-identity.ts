import {
  jobContext,
  singleStatements,
  startDispatcher,
  type Authentication,
  type Database,
  type Job,
} from '@pika/database';
import { createMessages, deriveKey, type Logger } from '@pika/shared';
import type { z } from 'zod';
import { accountKeysOf } from './account-keys.ts';
import type { identitySettings } from './config.ts';
import { deliver, deliveredAggregates } from './delivery.ts';
import { identityJobs } from './identity.jobs.ts';
import type { Mailer } from './mail/mailer.ts';
import { dummyHash } from './password/password-hash.ts';
import { identityLocales, type IdentityDeps } from './router.ts';
import { refreshKeyOf } from './session/refresh-token.ts';
import { openSigningKeys } from './signing-key/open-signing-keys.ts';

export interface Identity {
  deps: IdentityDeps;
  jobs: Job[];
  /** Waits for what is being delivered, a moment at most. */
  stop(): Promise<void>;
}

interface IdentityOptions {
  database: Database;
  settings: z.output<typeof identitySettings>;
  authentication: Pick<Authentication, 'keySet' | 'revokedSessions' | 'apiKeys'>;
  mailer: Mailer;
  /** Of the page. */
  publicUrl: string;
  log: Logger;
  now?: () => Date;
  /** How soon mail is sent, at the latest. */
  pollMillis?: number;
}

const daySeconds = 86_400;

/** What the routes and jobs of this app need, made of its settings. */
export async function openIdentity({
  database,
  settings,
  authentication,
  mailer,
  publicUrl,
  log,
  now = () => new Date(),
  pollMillis = 500,
}: IdentityOptions): Promise<Identity> {
  const secret = settings.IDENTITY_SECRET;
  const signingKeys = await openSigningKeys(database, {
    secret,
    issuer: settings.AUTH_ISSUER,
    now,
    onError: (error) => log.error({ err: error }, 'signing keys'),
  });
  // It was read before the first key was made.
  await authentication.keySet.refresh();
  await dummyHash();
  const keys = accountKeysOf(secret);
  const delivery = {
    database,
    mailer,
    messages: createMessages(identityLocales),
    keys,
    invitationSecret: settings.INVITATION_SECRET,
    publicUrl,
    log,
    now,
  };
  const dispatcher = startDispatcher(
    singleStatements(database, jobContext('outbox')),
    (event) => deliver(delivery, event),
    log,
    { aggregateTypes: deliveredAggregates, pollMillis },
  );
  return {
    deps: {
      database,
      signingKeys,
      tokenRules: {
        signingKeys,
        refreshKey: refreshKeyOf(secret),
        idleSeconds: settings.SESSION_IDLE_DAYS * daySeconds,
        maxSeconds: settings.SESSION_MAX_DAYS * daySeconds,
      },
      revokedSessions: authentication.revokedSessions,
      apiKeys: authentication.apiKeys,
      keys,
      cursorSecret: deriveKey(secret, 'pika.cursor').toString('base64url'),
      now,
    },
    jobs: identityJobs({ database, keySecret: secret, now }),
    async stop() {
      signingKeys.stop();
      await dispatcher.stop();
      mailer.close();
    },
  };
}
