import { createTestDatabase, isServer, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWhole, recordPlans, scansOf } from '../search/read-plans.ts';

describe.skipIf(!isServer())('with 100,000 events (needs a server: auto_explain)', () => {
  let database: TestDatabase;
  let client: Client;
  let plans: Awaited<ReturnType<typeof recordPlans>>;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    // Most are delivered, 20,000 wait behind one that is parked, and 500 aggregates have something to deliver.
    await client.query(`
      INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload)
      SELECT 'test', CASE WHEN n <= 79500 THEN (n % 500)::text WHEN n <= 99500 THEN 'parked' ELSE n::text END, 'test', '{}'
      FROM generate_series(1, 100000) n;
      UPDATE public.outbox_events SET delivered_at = now() - interval '1 hour', available_at = NULL WHERE id <= 79500;
      UPDATE public.outbox_events SET parked_at = now(), available_at = NULL WHERE id = 79501`);
    await client.query(`
      INSERT INTO public.consumed_events (consumer, event_id, consumed_at)
      SELECT 'test', id, now() - interval '1 hour' * (1 + id / 79500) FROM public.outbox_events`);
    await client.query('VACUUM ANALYZE public.outbox_events, public.consumed_events');
    plans = await recordPlans(client);
  });
  afterAll(async () => {
    plans.stop();
    await client.end();
    await database.close();
  });

  it.each([
    [
      'claims',
      `SELECT * FROM public.claim_outbox_events('{test,other}', 10, interval '1 minute', 10)`,
      10,
      'outbox_events_due_idx',
    ],
    [
      'settles',
      `SELECT * FROM public.settle_outbox_event(99900, 0, interval '1 minute')`,
      0,
      'outbox_events_waiting_idx',
    ],
    [
      'prunes',
      `SELECT public.prune_outbox(now() - interval '59 minutes', now() - interval '2 hours', 100)`,
      1,
      'outbox_events_delivered_at_idx',
    ],
  ])('%s by an index and reads no table whole', async (_name, text, count, index) => {
    plans.take();
    const { rows } = await client.query(text);
    const taken = plans.take();
    expect(rows).toHaveLength(count);
    expect(readWhole(taken)).toEqual([]);
    const indexes = taken.flatMap(({ nodes }) => nodes.map((node) => node['Index Name']));
    expect(indexes).toContain(index);
    expect(scansOf(taken, 'outbox_events').length).toBeGreaterThan(0);
  });

  it('writes an event without reading the table', async () => {
    plans.take();
    await client.query(`
      INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload) VALUES ('test', 'parked', 'test', '{}')`);
    const taken = plans.take();
    expect(readWhole(taken)).toEqual([]);
    expect(taken.flatMap(({ nodes }) => nodes.map((node) => node['Index Name']))).toContain(
      'outbox_events_waiting_idx',
    );
  });
});
