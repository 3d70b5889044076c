import { inTransaction, insertOutboxEvent, sql, systemContext, type Database, type Db, type Sql } from '@pika/database';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Comparison, Side } from './comparison.ts';

interface BareClient {
  $transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
}

const insertOf = (id: string, businessId: string): Sql => sql`
  INSERT INTO marketplace.campaigns (id, business_id, name, limit_total)
  VALUES (${id}::uuid, ${businessId}::uuid, 'Summer', 100)`;

/** inTransaction as pika_owner, whose policy is `true`: what is compared is the transaction, not what it may see. */
export async function bareComparisons(admin: pg.Pool, database: Database, businessId: string): Promise<Comparison[]> {
  const { writerOf } = (await import(new URL('../../../packages/database/src/writer.ts', import.meta.url).href)) as {
    writerOf: (database: Database) => { client: BareClient };
  };
  const { client } = writerOf(database);
  const ours: Side = {
    label: 'inTransaction',
    send: () =>
      inTransaction(database, systemContext('bench'), (tx) => tx.$executeRaw(insertOf(randomUUID(), businessId))),
  };
  const prisma: Side = {
    label: 'Prisma’s $transaction',
    send: () => client.$transaction((tx) => tx.$executeRaw(insertOf(randomUUID(), businessId))),
  };
  const bare: Side = { label: 'pg: BEGIN, INSERT, COMMIT', send: () => insertByPg(admin, businessId) };
  const section = 'inTransaction';
  return [
    {
      section,
      what: 'INSERT of a campaign, against Prisma’s $transaction',
      explained: 'The same client and statement; ours first sets role, context and timeouts and watches each call.',
      without: prisma,
      with: ours,
    },
    {
      section,
      what: 'INSERT of a campaign, against pg',
      explained: 'BEGIN, the INSERT and COMMIT sent by pg, without Prisma.',
      without: bare,
      with: ours,
    },
  ];
}

/** As an app writes: pika_app for a business. Every event is of an aggregate of its own, so that none waits. */
export function outboxComparisons(database: Database, businessId: string): Comparison[] {
  const send = (withEvent: boolean): Promise<unknown> =>
    inTransaction(database, { actor: { type: 'system', name: 'bench' }, businessId }, async (tx) => {
      const id = randomUUID();
      await tx.$executeRaw(insertOf(id, businessId));
      if (!withEvent) return;
      const payload = { campaignId: id, name: 'Summer' };
      await insertOutboxEvent(tx, { aggregateType: 'campaign', aggregateId: id, type: 'campaign.created', payload });
    });
  return [
    {
      section: 'The outbox',
      what: 'INSERT of a campaign, with an event of it',
      explained: 'One inTransaction as pika_app, with and without insertOutboxEvent after the INSERT.',
      without: { label: 'no event', send: () => send(false) },
      with: { label: 'with an event', send: () => send(true) },
    },
  ];
}

async function insertByPg(pool: pg.Pool, businessId: string): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    await connection.query({
      name: 'bare_insert',
      text: `INSERT INTO marketplace.campaigns (id, business_id, name, limit_total) VALUES ($1, $2, 'Summer', 100)`,
      values: [randomUUID(), businessId],
    });
    await connection.query('COMMIT');
    connection.release();
  } catch (error) {
    connection.release(true);
    throw error;
  }
}

export async function anyBusiness(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM business.businesses ORDER BY id LIMIT 1');
  const [row] = rows;
  if (row === undefined) throw new Error('no dataset');
  return row.id;
}
