import type { Database, Job } from '@pika/database';
import { accountJobs } from './account/account.jobs.ts';
import { sessionJobs } from './session/session.jobs.ts';
import { signingKeyJobs } from './signing-key/signing-key.jobs.ts';

interface IdentityJobDeps {
  database: Database;
  /** The app's IDENTITY_SECRET. */
  keySecret: string;
  now: () => Date;
}

export function identityJobs(deps: IdentityJobDeps): Job[] {
  return [...signingKeyJobs(deps), ...sessionJobs(deps), ...accountJobs(deps)];
}
