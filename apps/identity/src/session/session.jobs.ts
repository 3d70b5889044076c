import { jobContext, singleStatements, type Database, type Job } from '@pika/database';
import { pruneRefreshTokens } from './session.repository.ts';

export function sessionJobs({ database, now }: { database: Database; now: () => Date }): Job[] {
  const name = 'prune-refresh-tokens';
  const db = singleStatements(database, jobContext(name));
  return [{ name, everySeconds: 3_600, run: (signal) => pruneRefreshTokens(db, now(), signal) }];
}
