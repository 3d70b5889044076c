import { jobContext, singleStatements, type Database, type Job } from '@pika/database';
import { rotateDueKeys } from '@pika/shared';
import { signingKeyRing } from './signing-key.ring.ts';

interface SigningKeyJobDeps {
  database: Database;
  keySecret: string;
  now: () => Date;
}

/** Looked at each day: the next key is published when the newest has signed for thirty. */
export function signingKeyJobs({ database, keySecret, now }: SigningKeyJobDeps): Job[] {
  const name = 'rotate-signing-keys';
  const db = singleStatements(database, jobContext(name));
  return [{ name, everySeconds: 86_400, run: () => rotateDueKeys(signingKeyRing(db, keySecret), now()) }];
}
