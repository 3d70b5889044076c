import {
  consumeOnce,
  inTransaction,
  jobContext,
  openDatabase,
  singleStatements,
  sql,
  startDispatcher,
  systemContext,
  type OutboxEvent,
} from '@pika/database';
import { createLogger } from '@pika/shared';

/** A dispatcher that notes every delivery as it begins, then has the event's effect once; one in twenty fails between. */
const database = openDatabase({ url: process.argv[2] ?? '', poolSize: 6 });
const proof = systemContext('proof');

async function deliver({ id, aggregateId }: OutboxEvent): Promise<void> {
  await singleStatements(database, proof).$executeRaw(sql`
    INSERT INTO proof.deliveries (event_id, pid) VALUES (${id}, ${process.pid}::integer)`);
  if (Math.random() < 0.05) throw new Error('by chance');
  await inTransaction(database, proof, (tx) =>
    consumeOnce(tx, 'proof', id, () =>
      tx.$executeRaw(sql`
        INSERT INTO proof.effects (aggregate_id, done) VALUES (${aggregateId}, 1)
        ON CONFLICT (aggregate_id) DO UPDATE SET done = effects.done + 1`),
    ),
  );
}

startDispatcher(
  singleStatements(database, jobContext('proof')),
  deliver,
  createLogger({ level: 'silent', name: 'proof' }),
  {
    aggregateTypes: ['proof'],
    pollMillis: 50,
    leaseSeconds: 3,
    backoffSeconds: 0.05,
    attemptsMax: 1_000,
  },
);
