import { oddText, some, type Operation } from './sql-operations.ts';

const campaigns = 'marketplace.campaigns';
const claims = 'marketplace.claims';
const batches = 'marketplace.code_batches';
const keys = 'marketplace.token_keys';
const vouchers = 'marketplace.vouchers';

/** Writes of what is claimed and redeemed. Claims keep their vouchers and people from being deleted, so they go often. */
export const walletOperations: Readonly<Record<string, Operation>> = {
  insertClaims: (db, random) =>
    db.query(
      `INSERT INTO ${claims} (id, voucher_id, user_id, source_id, short_code, balance_minor)
       SELECT gen_random_uuid(), v.id, u.id, $1, translate(upper(left(md5(random()::text), 10)), '01', 'XY'), $2
       FROM (SELECT id FROM ${vouchers} ORDER BY random() LIMIT 2) AS v,
         (SELECT id FROM users.users ORDER BY random() LIMIT 2) AS u
       ON CONFLICT DO NOTHING`,
      [oddText(random), random.pick([null, '0', '9007199254740993'])],
    ),
  moveClaims: (db, random) =>
    db.query(
      `UPDATE ${claims} SET state = $1, balance_minor = balance_minor / 2 WHERE id IN ${some(claims, 'id', random.integer(1, 3))}`,
      [random.pick(['active', 'redeemed', 'released', 'expired'])],
    ),
  deleteClaims: (db) => db.query(`DELETE FROM ${claims} WHERE id IN ${some(claims, 'id', 6)}`),
  insertCampaign: (db, random) =>
    db.query(
      `INSERT INTO ${campaigns} (id, business_id, name, limit_total)
       SELECT gen_random_uuid(), business_id, $1, $2 FROM ${vouchers} ORDER BY random() LIMIT 1`,
      [oddText(random), random.pick([null, 1, 1_000_000])],
    ),
  joinCampaign: (db) =>
    db.query(
      `UPDATE ${vouchers} v SET campaign_id = c.id FROM ${campaigns} c
       WHERE c.business_id = v.business_id AND v.id IN ${some(vouchers, 'id', 8)}`,
    ),
  deleteCampaign: (db) => db.query(`DELETE FROM ${campaigns} WHERE id IN ${some(campaigns, 'id', 1)}`),
  insertBatch: (db, random) =>
    db.query(
      `INSERT INTO ${batches} (id, voucher_id, business_id, kind, requested_count, length)
       SELECT gen_random_uuid(), id, business_id, $1, $2, 14 FROM ${vouchers} ORDER BY random() LIMIT 1`,
      [random.pick(['qr', 'short', 'static']), random.integer(1, 1_000_000)],
    ),
  makeBatch: (db) =>
    db.query(
      `UPDATE ${batches} SET made_count = requested_count, state = 'done', finished_at = now()
       WHERE id IN ${some(batches, 'id', 2, `state <> 'done'`)}`,
    ),
  insertKey: (db, random) =>
    db.query(
      `INSERT INTO ${keys} (kid, public_jwk, encrypted_private_key, active_from, retires_at)
       VALUES ($1, $2, $3, now() + interval '1 hour', now() + interval '1 day')`,
      [random.id(), { kty: 'OKP', use: oddText(random) }, Buffer.from(random.id())],
    ),
  retireKey: (db) =>
    db.query(`UPDATE ${keys} SET retires_at = retires_at + interval '1 second' WHERE kid IN ${some(keys, 'kid', 2)}`),
  deleteKey: (db) => db.query(`DELETE FROM ${keys} WHERE kid IN ${some(keys, 'kid', 1)}`),
};
