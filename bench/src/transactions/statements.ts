import { anyOf, type Statement } from './session.ts';

export const bulkRows = 10_000;
let days = 0;

export const insertCampaign: Statement = {
  name: 'insert_campaign',
  rows: 1,
  text: `INSERT INTO marketplace.campaigns (id, business_id, name, limit_total) VALUES (gen_random_uuid(), $1, 'Summer', 100)`,
  values: ({ businessId }) => [businessId],
};

export const updateCampaign: Statement = {
  name: 'update_campaign',
  rows: 1,
  text: 'UPDATE marketplace.campaigns SET limit_total = coalesce(limit_total, 0) + 1 WHERE id = $1',
  values: ({ campaignIds }) => [anyOf(campaignIds)],
};

export const insertAddress: Statement = {
  name: 'insert_address',
  rows: 1,
  text: `INSERT INTO users.addresses (id, user_id, label, street, city, country_code)
    VALUES (gen_random_uuid(), $1, 'Home', 'Palma 123', 'Asunción', 'PY')`,
  values: ({ userId }) => [userId],
};

export const insertSpecialDay: Statement = {
  name: 'insert_special_day',
  rows: 1,
  text: `INSERT INTO business.special_days (location_id, day, hours) VALUES ($1, date '2030-01-01' + $2::integer, '{}')`,
  values: ({ locationId }) => [locationId, days++],
};

export const insertManyDays: Statement = {
  name: 'insert_many_days',
  rows: bulkRows,
  text: `INSERT INTO business.special_days (location_id, day, hours)
    SELECT $1::uuid, date '2030-01-01' + n, '{}' FROM generate_series($2::integer, $2::integer + ${bulkRows - 1}) n`,
  values: ({ locationId }) => [locationId, (days += bulkRows) - bulkRows],
};

export const claimById: Statement = {
  name: 'claim_by_id',
  rows: 1,
  text: 'SELECT id, voucher_id, state, claimed_at FROM marketplace.claims WHERE id = $1',
  values: ({ claimIds }) => [anyOf(claimIds)],
};

export const claimList: Statement = {
  name: 'claim_list',
  rows: 20,
  text: 'SELECT id, voucher_id, state, claimed_at FROM marketplace.claims WHERE user_id = $1 ORDER BY id LIMIT 20',
  values: ({ userId }) => [userId],
};

export const voucherById: Statement = {
  name: 'voucher_by_id',
  rows: 1,
  text: 'SELECT id, title_key, state, percent_off FROM marketplace.vouchers WHERE id = $1',
  values: ({ voucherIds }) => [anyOf(voucherIds)],
};

export const voucherList: Statement = {
  name: 'voucher_list',
  rows: 20,
  text: `SELECT id, title_key, state, percent_off FROM marketplace.vouchers
    WHERE business_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 20`,
  values: ({ businessId }) => [businessId],
};
