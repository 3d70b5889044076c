import type { Authentication, Database, Job } from '@pika/database';
import type { Logger } from '@pika/shared';
import type { z } from 'zod';
import type { identitySettings } from './config.ts';
import { deriveKey } from './derived-key.ts';
import type { IdentityDeps } from './router.ts';
import { refreshKeyOf } from './session/refresh-token.ts';
import { sessionJobs } from './session/session.jobs.ts';
import { openSigningKeys } from './signing-key/open-signing-keys.ts';
import { signingKeyJobs } from './signing-key/signing-key.jobs.ts';

export interface Identity {
  deps: IdentityDeps;
  jobs: Job[];
  stop(): void;
}

export interface IdentityOptions {
  database: Database;
  settings: z.output<typeof identitySettings>;
  authentication: Pick<Authentication, 'keySet' | 'revokedSessions'>;
  log: Pick<Logger, 'error'>;
  now?: () => Date;
}

const daySeconds = 86_400;

/** What the routes and jobs of this app need, made of its settings. */
export async function openIdentity({
  database,
  settings,
  authentication,
  log,
  now = () => new Date(),
}: IdentityOptions): Promise<Identity> {
  const secret = settings.AUTH_KEY_SECRET;
  const signingKeys = await openSigningKeys(database, {
    secret,
    issuer: settings.AUTH_ISSUER,
    now,
    onError: (error) => log.error({ err: error }, 'signing keys'),
  });
  // It was read before the first key was made.
  await authentication.keySet.refresh();
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
      cursorSecret: deriveKey(secret, 'pika.cursor').toString('base64url'),
      now,
    },
    jobs: [...signingKeyJobs({ database, keySecret: secret, now }), ...sessionJobs({ database, now })],
    stop: () => signingKeys.stop(),
  };
}
