import { makeAuditPartitions, sealAudit } from '../audit/audit.repository.ts';
import type { Database } from '../client.ts';
import { jobContext } from '../context.ts';
import { dropIdempotencyPartitions, makeIdempotencyPartitions } from '../idempotency/idempotency.repository.ts';
import { pruneOutbox } from '../outbox/outbox.repository.ts';
import { singleStatements } from '../single-statements.ts';
import type { Job } from './job.ts';

/** What the data platform itself asks of time, whichever apps run: one line each. */
export function platformJobs(database: Database): Job[] {
  const as = (name: string) => singleStatements(database, jobContext(name));
  return [
    { name: 'prune-outbox', everySeconds: 3_600, run: (signal) => pruneOutbox(as('prune-outbox'), signal) },
    { name: 'seal-audit', everySeconds: 60, run: (signal) => sealAudit(as('seal-audit'), signal) },
    {
      name: 'make-audit-partitions',
      everySeconds: 86_400,
      run: () => makeAuditPartitions(as('make-audit-partitions')),
    },
    {
      name: 'make-idempotency-partitions',
      everySeconds: 3_600,
      run: () => makeIdempotencyPartitions(as('make-idempotency-partitions')),
    },
    {
      name: 'drop-idempotency-partitions',
      everySeconds: 3_600,
      run: () => dropIdempotencyPartitions(as('drop-idempotency-partitions')),
    },
  ];
}
