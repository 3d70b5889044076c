import { jobContext, singleStatements, type Database, type Job } from '@pika/database';
import { pruneLoginAttempts } from '../login/login-attempt.repository.ts';
import { pruneEmailLinks } from '../mail/email-link.repository.ts';

const keptDays = 30;

/** What a person or an investigation may ask about is kept for a month. */
export function accountJobs({ database, now }: { database: Database; now: () => Date }): Job[] {
  const as = (name: string) => singleStatements(database, jobContext(name));
  const before = () => new Date(now().getTime() - keptDays * 86_400_000);
  return [
    {
      name: 'prune-login-attempts',
      everySeconds: 3_600,
      run: (signal) => pruneLoginAttempts(as('prune-login-attempts'), before(), signal),
    },
    {
      name: 'prune-email-links',
      everySeconds: 86_400,
      run: (signal) => pruneEmailLinks(as('prune-email-links'), before(), signal),
    },
  ];
}
