import { businessRow, insertRows, openTestDatabase, voucherRow, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OURS, readNames } from './catalog-tables.ts';
import { created, idOf, ids, insertWorld, stamps } from './rules/world.ts';

/** What becomes of the row that refers when the one it refers to is deleted, by table and then by columns. */
const rules: Readonly<Record<string, Readonly<Record<string, 'CASCADE' | 'RESTRICT' | 'SET NULL'>>>> = {
  'business.businesses': {
    category_id: 'RESTRICT',
    owner_id: 'RESTRICT',
    possible_duplicate_of: 'SET NULL',
    source_language: 'RESTRICT',
  },
  'business.invitations': { business_id: 'CASCADE' },
  'business.locations': { business_id: 'CASCADE' },
  'business.members': { business_id: 'CASCADE', user_id: 'CASCADE' },
  'business.special_days': { location_id: 'CASCADE' },
  'catalog.categories': { parent_id: 'RESTRICT', source_language: 'RESTRICT' },
  'catalog.markets': { currency_code: 'RESTRICT', default_language: 'RESTRICT' },
  'i18n.languages': { fallback_code: 'RESTRICT' },
  'i18n.translations': { language_code: 'RESTRICT', business_id: 'CASCADE' },
  'identity.api_key_uses': { api_key_id: 'CASCADE' },
  'identity.api_keys': { business_id: 'CASCADE' },
  'identity.backup_codes': { user_id: 'CASCADE' },
  'identity.credentials': { user_id: 'CASCADE' },
  'identity.email_links': { user_id: 'CASCADE' },
  'identity.refresh_tokens': { session_id: 'CASCADE', successor_id: 'SET NULL' },
  'identity.role_grants': { user_id: 'CASCADE' },
  'identity.sessions': { user_id: 'CASCADE' },
  'identity.totp_factors': { user_id: 'CASCADE' },
  'marketplace.attempts': { location_id: 'SET NULL', voucher_id: 'SET NULL' },
  'marketplace.campaign_counters': { campaign_id: 'CASCADE' },
  'marketplace.campaign_user_counters': { campaign_id: 'CASCADE' },
  'marketplace.campaigns': { business_id: 'CASCADE', currency: 'RESTRICT' },
  'marketplace.cards': { location_id: 'CASCADE', voucher_id: 'CASCADE' },
  'marketplace.claims': { user_id: 'RESTRICT', voucher_id: 'RESTRICT' },
  'marketplace.code_batches': { business_id: 'CASCADE', voucher_id: 'CASCADE' },
  'marketplace.code_uses': { code_id: 'CASCADE', redemption_id: 'RESTRICT' },
  'marketplace.holds': { claim_id: 'CASCADE', voucher_id: 'CASCADE' },
  'marketplace.location_day_counters': { location_id: 'CASCADE', voucher_id: 'CASCADE' },
  'marketplace.location_facets': { location_id: 'CASCADE' },
  'marketplace.redemptions': {
    campaign_id: 'RESTRICT',
    claim_id: 'RESTRICT',
    code_id: 'RESTRICT',
    location_id: 'RESTRICT',
    reverses_id: 'RESTRICT',
    scan_nonce: 'RESTRICT',
    voucher_id: 'RESTRICT',
  },
  'marketplace.scan_verdicts': { nonce: 'RESTRICT' },
  'marketplace.scans': { claim_id: 'RESTRICT', code_id: 'RESTRICT', location_id: 'RESTRICT', voucher_id: 'RESTRICT' },
  'marketplace.stale_vouchers': { voucher_id: 'CASCADE' },
  'marketplace.user_counters': { voucher_id: 'CASCADE' },
  'marketplace.user_day_counters': { voucher_id: 'CASCADE' },
  'marketplace.voucher_codes': { batch_id: 'CASCADE', voucher_id: 'CASCADE' },
  'marketplace.voucher_counters': { voucher_id: 'CASCADE' },
  'marketplace.voucher_locations': { location_id: 'CASCADE', voucher_id: 'CASCADE' },
  'marketplace.vouchers': {
    business_id: 'CASCADE',
    campaign_id: 'RESTRICT',
    category_id: 'RESTRICT',
    currency: 'RESTRICT',
    source_language: 'RESTRICT',
  },
  'users.addresses': { user_id: 'CASCADE' },
  'users.preferences': { user_id: 'CASCADE' },
  'users.users': { language_code: 'SET NULL' },
};

interface Key {
  name: string;
  columns: string;
  key: string;
  onDelete: string;
  onUpdate: string;
}

const outlives = 'a record of what happened, which outlives what it tells of';
const person = 'people are erased in place: their row stays';
const keyOfBusiness = 'keys are revoked, and their row stays';
const readModel = 'a read model, kept by triggers';

/** Columns that refer to something without a foreign key, and why. */
const free: Readonly<Record<string, string>> = {
  'audit.entries.business_id': outlives,
  'audit.entries.user_id': outlives,
  'security.subject_keys.subject_id': outlives,
  'analytics.events.business_id': outlives,
  'analytics.events.language_code': outlives,
  'analytics.events.location_id': outlives,
  'analytics.events.voucher_id': outlives,
  'business.invitations.invited_by': person,
  'identity.api_keys.created_by': person,
  'identity.role_grants.granted_by': person,
  'identity.sessions.impersonated_by': person,
  'marketplace.attempts.api_key_id': keyOfBusiness,
  'marketplace.attempts.business_id': outlives,
  'marketplace.attempts.claim_id': outlives,
  'marketplace.attempts.code_id': outlives,
  'marketplace.attempts.redemption_id': 'the ledger keeps its entries',
  'marketplace.attempts.staff_id': person,
  'marketplace.attempts.user_id': person,
  'marketplace.campaign_user_counters.user_id': person,
  'marketplace.cards.category_id': readModel,
  'marketplace.holds.user_id': person,
  'marketplace.location_facets.facet_id': readModel,
  'marketplace.redemptions.api_key_id': keyOfBusiness,
  'marketplace.redemptions.business_id': `of the voucher, which stays as long as its entries`,
  'marketplace.redemptions.currency':
    'of the voucher: a key would make every redemption lock the one row of its currency',
  'marketplace.redemptions.staff_id': person,
  'marketplace.redemptions.user_id': person,
  'marketplace.scans.api_key_id': keyOfBusiness,
  'marketplace.scans.business_id': `of the voucher, which stays as long as its scans`,
  'marketplace.scans.currency': 'as the till told it: what is refused is kept too',
  'marketplace.scans.nonce': 'its own name, drawn by the till',
  'marketplace.scans.staff_id': person,
  'marketplace.scans.user_id': person,
  'marketplace.search_words.language_code': readModel,
  'marketplace.user_counters.user_id': person,
  'marketplace.user_day_counters.user_id': person,
};

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const columnsOf = (relation: string, numbers: string) => `(
  SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(${numbers}) WITH ORDINALITY AS listed (number, place)
  JOIN pg_attribute ON attrelid = ${relation} AND attnum = listed.number)`;

describe('a foreign key', () => {
  it('has a name that tells its column, the rule that is written here, and follows a key that changes', async () => {
    const { rows } = await test.pool.query<Key>(`
      WITH ${OURS}
      SELECT name, ${columnsOf('ours.oid', 'conkey')} AS columns, conname AS key,
        CASE confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL'
          WHEN 'a' THEN 'NO ACTION' ELSE 'SET DEFAULT' END AS "onDelete",
        CASE confupdtype WHEN 'c' THEN 'CASCADE' ELSE confupdtype::text END AS "onUpdate"
      FROM ours JOIN pg_constraint ON conrelid = ours.oid AND contype = 'f' AND conparentid = 0`);
    const expected = Object.entries(rules).flatMap(([name, ofTable]) =>
      Object.entries(ofTable).map(([columns, onDelete]) => {
        const key = `${name.split('.')[1]}_${columns.replaceAll(',', '_')}_fkey`;
        return { name, columns, key, onDelete, onUpdate: 'CASCADE' };
      }),
    );
    const inOrder = (keys: readonly Key[]) =>
      keys.toSorted((a, b) => `${a.name}: ${a.key}`.localeCompare(`${b.name}: ${b.key}`));
    expect(inOrder(rows)).toEqual(inOrder(expected));
  });

  it('has a valid index that begins with its columns, whole or without NULLs alone', async () => {
    const bare = await readNames(
      test,
      `WITH ${OURS}
      SELECT name || ': ' || conname FROM ours JOIN pg_constraint f ON f.conrelid = ours.oid AND f.contype = 'f'
      WHERE NOT EXISTS (
        SELECT FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am ON pg_am.oid = i.relam
        WHERE x.indrelid = ours.oid AND x.indisvalid AND amname = 'btree'
          AND (x.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
          AND (x.indpred IS NULL OR pg_get_expr(x.indpred, x.indrelid) IN (
            SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute
            WHERE attrelid = ours.oid AND attnum = ANY (f.conkey))))`,
    );
    expect(bare).toEqual([]);
  });

  it('stands behind every column that refers to something, or a reason here', async () => {
    const unguarded = await readNames(
      test,
      `WITH ${OURS}
      SELECT name || '.' || attname FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
      WHERE (atttypid = 'uuid'::regtype AND attname <> 'id' OR attname ~ '(currency|language)(_code)?$')
        AND attnum <> ALL (SELECT unnest(conkey) FROM pg_constraint WHERE conrelid = ours.oid AND contype = 'f')`,
    );
    expect(unguarded.toSorted()).toEqual(Object.keys(free).toSorted());
  });

  it('lets a business go with its campaigns and the vouchers in them, but not with what was claimed or scanned', async () => {
    const { pool } = test;
    await insertWorld(pool);
    const business = idOf(70);
    await insertRows(pool, 'business.businesses', [businessRow({ id: business, categoryId: ids.root })]);
    await insertRows(pool, 'marketplace.campaigns', [
      { id: idOf(71), business_id: business, name: 'Winter', ...stamps },
    ]);
    await insertRows(pool, 'marketplace.vouchers', [
      { ...voucherRow({ id: idOf(72), businessId: business, categoryId: ids.root }), campaign_id: idOf(71) },
    ]);
    const remove = (id: string) => pool.query('DELETE FROM business.businesses WHERE id = $1', [id]);
    expect((await remove(business)).rowCount).toBe(1);
    const left = await readNames(
      test,
      `SELECT id FROM marketplace.vouchers UNION SELECT id FROM marketplace.campaigns`,
    );
    expect(left.toSorted()).toEqual([ids.voucher, ids.campaign]);
    // PostgreSQL 18 tells a RESTRICT (23001) from a key that is missing (23503).
    const code: unknown = expect.stringMatching(/^23(001|503)$/);
    await expect(remove(ids.business)).rejects.toMatchObject({ code, constraint: 'scans_location_id_fkey' });
    await insertRows(pool, 'business.businesses', [businessRow({ id: business, categoryId: ids.root })]);
    await insertRows(pool, 'marketplace.vouchers', [
      voucherRow({ id: idOf(72), businessId: business, categoryId: ids.root }),
    ]);
    await insertRows(pool, 'marketplace.claims', [
      { id: idOf(73), voucher_id: idOf(72), user_id: ids.user, claimed_at: created, updated_at: created },
    ]);
    await expect(remove(business)).rejects.toMatchObject({ code, constraint: 'claims_voucher_id_fkey' });
  });
});
