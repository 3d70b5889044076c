import { randomInt, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { closedLoop, type LoadPart } from '../load/measure.ts';
import { askedRow } from './asked.ts';
import type { RedeemDataset } from './dataset.ts';

export type On = 'hot' | 'many';

/** One way to do the same work; asked slot by slot, in turns with the others. */
export interface Side {
  id: string;
  label: string;
  /** Redemptions of each request that the loop counts. */
  batch: number;
  run(seconds: number): Promise<LoadPart>;
}

export const pick = ({ hot, many }: RedeemDataset, on: On): string =>
  on === 'hot' ? hot : many[randomInt(many.length)]!;

/** The ceiling: one row and one commit for each, in a table that does and checks nothing. */
export async function insertSide(pool: pg.Pool, connections: number): Promise<Side> {
  await pool.query(
    'CREATE TABLE IF NOT EXISTS public.bare (id uuid PRIMARY KEY, voucher_id uuid, user_id uuid, at timestamptz)',
  );
  const statement = { name: 'bare', text: 'INSERT INTO public.bare VALUES ($1, $2, $3, now())' };
  return {
    id: `insert ${connections}`,
    label: `single-row INSERT into a bare table, ${connections} connections`,
    batch: 1,
    run: (seconds) =>
      withClients(pool, connections, seconds, async (client) => {
        await client.query({ ...statement, values: [randomUUID(), randomUUID(), randomUUID()] });
      }),
  };
}

/** marketplace.redeem alone, each call a transaction. */
export function functionSide(pool: pg.Pool, dataset: RedeemDataset, on: On, connections: number, batch: number): Side {
  const statement = { name: 'redeem', text: 'SELECT verdict, outcome, context FROM marketplace.redeem($1)' };
  return {
    id: `function ${on} ${connections} ${batch}`,
    label: `marketplace.redeem, ${connections} connection${connections === 1 ? '' : 's'} × ${batch} at a time`,
    batch,
    run: (seconds) =>
      withClients(pool, connections, seconds, async (client) => {
        const asked = Array.from({ length: batch }, (_, ordinal) => askedRow(pick(dataset, on), ordinal));
        const { rows } = await client.query<{ verdict: string }>({ ...statement, values: [JSON.stringify(asked)] });
        const other = rows.find(({ verdict }) => verdict !== 'redeemed');
        if (other !== undefined || rows.length !== batch) throw new Error(`redeem answered ${JSON.stringify(other)}`);
      }),
  };
}

async function withClients(
  pool: pg.Pool,
  count: number,
  seconds: number,
  send: (client: pg.PoolClient) => Promise<void>,
): Promise<LoadPart> {
  const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  try {
    const lanes = clients.map((client) => async () => {
      await send(client);
      return 0;
    });
    return await closedLoop(seconds, lanes);
  } finally {
    for (const client of clients) client.release();
  }
}
