import { randomInt } from 'node:crypto';
import pg from 'pg';
import { counts } from './dataset.ts';

/** On whose behalf one connection works during one slot. */
export interface Person {
  userId: string;
  businessId: string;
  locationId: string;
  voucherIds: string[];
  claimIds: string[];
  campaignIds: string[];
}

export interface Sessions {
  /** Gives the first connections the role, and each another person; 'none' is the login, who bypasses all policies. */
  become(lanes: number, role: 'pika_app' | 'none'): Promise<void>;
  query(lane: number, statement: Statement): Promise<void>;
  close(): Promise<void>;
}

export interface Statement {
  name: string;
  text: string;
  /** How many rows it must write or give: another number would be the measure of something else. */
  rows: number;
  values: (person: Person) => unknown[];
}

export const anyOf = <T>(items: readonly T[]): T => items[randomInt(items.length)]!;

/** The context is set for the session, once in a slot, so that a request is one statement and nothing else. */
export async function openSessions(url: string, count: number): Promise<Sessions> {
  const lanes = await Promise.all(
    Array.from({ length: count }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return { client, person: await draw(client) };
    }),
  );
  const laneAt = (index: number) => {
    const lane = lanes[index];
    if (lane === undefined) throw new Error(`no connection ${index}`);
    return lane;
  };
  return {
    async become(taken, role) {
      for (const lane of lanes.slice(0, taken)) {
        await lane.client.query('RESET ROLE');
        lane.person = await draw(lane.client);
        const { userId, businessId } = lane.person;
        await lane.client.query(
          `SELECT set_config('app.actor', 'user:' || $1, false), set_config('app.user_id', $1, false),
            set_config('app.business_id', $2, false), set_config('role', $3, false)`,
          [userId, businessId, role],
        );
      }
    },
    async query(index, { name, text, rows, values }) {
      const { client, person } = laneAt(index);
      const { rowCount } = await client.query({ name, text, values: values(person) });
      if (rowCount !== rows) throw new Error(`${name}: ${rowCount} rows instead of ${rows}`);
    },
    async close() {
      for (const { client } of lanes) await client.end();
    },
  };
}

async function draw(client: pg.Client): Promise<Person> {
  const { rows } = await client.query<Person>(
    `SELECT u.id AS "userId", b.id AS "businessId", l.id AS "locationId",
      ARRAY(SELECT v.id FROM marketplace.vouchers v WHERE v.business_id = b.id) AS "voucherIds",
      ARRAY(SELECT c.id FROM marketplace.claims c WHERE c.user_id = u.id) AS "claimIds",
      ARRAY(SELECT c.id FROM marketplace.campaigns c WHERE c.business_id = b.id ORDER BY c.created_at, c.id LIMIT ${counts.each}) AS "campaignIds"
    FROM business.businesses b JOIN users.users u ON u.id = b.owner_id JOIN business.locations l ON l.business_id = b.id
    ORDER BY random() LIMIT 1`,
  );
  const [person] = rows;
  if (person === undefined) throw new Error('no dataset');
  return person;
}
