import { randomUUID } from 'node:crypto';
import { insertRows, isServer } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRedeemWorld, type RedeemWorld } from './redeem-world.ts';

const patience = { timeout: 15_000 };

let world: RedeemWorld;
beforeAll(async () => {
  world = await openRedeemWorld();
});
afterAll(() => world?.close());

async function addCampaign(): Promise<string> {
  const id = randomUUID();
  const row = { id, business_id: world.businessId, name: 'Otoño', limit_total: null, version: 1 };
  const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
  await insertRows(world.test.pool, 'marketplace.campaigns', [{ ...row, ...stamps }]);
  return id;
}

describe.skipIf(!isServer())(
  'a voucher that moves to another campaign (needs a server: two transactions at once)',
  () => {
    it('waits for who redeems it', async () => {
      const { pool } = world.test;
      const [from, to] = [await addCampaign(), await addCampaign()];
      const voucherId = await world.addVoucher({ campaign_id: from });
      const [redeemer, mover] = [await pool.connect(), await pool.connect()];
      try {
        await redeemer.query('BEGIN');
        await redeemer.query('SELECT marketplace.lock_counters(ARRAY[$1::uuid])', [voucherId]);
        const { rows } = await mover.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        let isMoved = false;
        const moving = mover
          .query('UPDATE marketplace.vouchers SET campaign_id = $2 WHERE id = $1', [voucherId, to])
          .then(() => (isMoved = true));
        await vi.waitFor(async () => {
          const waiting = await pool.query(`SELECT FROM pg_locks WHERE pid = $1 AND NOT granted`, [rows[0]?.pid]);
          expect(waiting.rowCount).toBeGreaterThan(0);
        }, patience);
        expect(isMoved).toBe(false);
        await redeemer.query('COMMIT');
        await moving;
        expect(isMoved).toBe(true);
      } finally {
        redeemer.release();
        mover.release();
      }
    });

    it('is decided anew where it moved while somebody waited for its counter', async () => {
      const { pool } = world.test;
      const [from, to] = [await addCampaign(), await addCampaign()];
      const voucherId = await world.addVoucher({ campaign_id: from });
      const mover = await pool.connect();
      try {
        await mover.query('BEGIN');
        await mover.query('UPDATE marketplace.vouchers SET campaign_id = $2 WHERE id = $1', [voucherId, to]);
        const redeeming = world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`);
        await vi.waitFor(async () => {
          const { rowCount } = await pool.query(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%marketplace.redeem(%'
           AND datname = current_database()`,
          );
          expect(rowCount).toBeGreaterThan(0);
        }, patience);
        await mover.query('COMMIT');
        expect(await redeeming).toMatchObject({ status: 201 });
      } finally {
        mover.release();
      }
      const { rows } = await pool.query(
        `SELECT entry.campaign_id, counter.used_count FROM marketplace.redemptions entry
       JOIN marketplace.campaign_counters counter ON counter.campaign_id = entry.campaign_id WHERE entry.voucher_id = $1`,
        [voucherId],
      );
      expect(rows).toEqual([{ campaign_id: to, used_count: 1 }]);
    });
  },
);
