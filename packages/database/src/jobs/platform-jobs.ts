import type { Database } from '../client.ts';
import { pruneOutbox } from '../outbox/outbox.repository.ts';
import type { Job } from './job.ts';

/** What the data platform itself asks of time, whichever apps run: one line each. */
export const platformJobs = ({ prisma }: Database): Job[] => [
  { name: 'prune-outbox', everySeconds: 3_600, run: (signal) => pruneOutbox(prisma, signal) },
];
