import { consumeOnce, openDatabase, Prisma, startDispatcher, type OutboxEvent } from '@pika/database';
import { createLogger } from '@pika/shared';

/** A dispatcher that notes every delivery as it begins, then has the event's effect once; one in twenty fails between. */
const database = openDatabase({ url: process.argv[2] ?? '', poolSize: 6 });
const { prisma } = database;

async function deliver({ id, aggregateId }: OutboxEvent): Promise<void> {
  await prisma.$executeRaw(Prisma.sql`
    INSERT INTO proof.deliveries (event_id, pid) VALUES (${id}, ${process.pid}::integer)`);
  if (Math.random() < 0.05) throw new Error('by chance');
  await prisma.$transaction((tx) =>
    consumeOnce(tx, 'proof', id, () =>
      tx.$executeRaw(Prisma.sql`
        INSERT INTO proof.effects (aggregate_id, done) VALUES (${aggregateId}, 1)
        ON CONFLICT (aggregate_id) DO UPDATE SET done = effects.done + 1`),
    ),
  );
}

startDispatcher(prisma, deliver, createLogger({ level: 'silent', name: 'proof' }), {
  pollMillis: 50,
  leaseSeconds: 3,
  backoffSeconds: 0.05,
  attemptsMax: 1_000,
});
