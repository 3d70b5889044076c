import { randomUUID } from 'node:crypto';
import {
  addBusiness,
  addLanguages,
  addPerson,
  foodCategory,
  insertRows,
  isServer,
  locationRow,
  openTestDatabase,
  voucherRow,
  type OpenTestDatabase,
} from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWhole, recordPlans, type Plan } from '../search/read-plans.ts';

const count = 100_000;

/** Indexes that are read from end to end. */
const walkedWhole = (plans: readonly Plan[]): string[] =>
  plans.flatMap(({ nodes }) =>
    nodes
      .filter((node) => /Index (?:Only )?Scan/.test(node['Node Type']) && node['Index Cond'] === undefined)
      .map((node) => node['Index Name'] ?? ''),
  );

const indexesOf = (plans: readonly Plan[]) =>
  new Set(plans.flatMap(({ nodes }) => nodes.flatMap((node) => node['Index Name'] ?? [])));

describe.skipIf(!isServer())('every statement of redeeming (needs a server: auto_explain)', () => {
  let test: OpenTestDatabase;
  let client: Client;
  let plans: Awaited<ReturnType<typeof recordPlans>>;
  let voucherId: string;
  let claim: { id: string; userId: string };
  const code = 'A-UNIQUE-CODE';

  beforeAll(async () => {
    test = await openTestDatabase({ poolSize: 2 });
    const { pool } = test;
    await addLanguages(pool);
    const person = await addPerson(test);
    const businessId = await addBusiness(test, { [person]: 'owner' });
    const locationId = randomUUID();
    await insertRows(pool, 'business.locations', [
      locationRow({ id: locationId, businessId, latitude: -25.2, longitude: -57.6 }),
    ]);
    const campaignId = randomUUID();
    const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
    await insertRows(pool, 'marketplace.campaigns', [
      {
        id: campaignId,
        business_id: businessId,
        name: 'A campaign',
        limit_total: 1_000,
        limit_per_user: 9,
        version: 1,
        ...stamps,
      },
    ]);
    voucherId = randomUUID();
    const limits = { limit_total: 1_000, limit_per_user: 9, limit_per_user_day: 9, limit_per_location_day: 1_000 };
    const fields = { ...limits, rollback_window_minutes: 60, version: 1, campaign_id: campaignId };
    await insertRows(pool, 'marketplace.vouchers', [
      { ...voucherRow({ id: voucherId, businessId, categoryId: foodCategory }), ...fields },
    ]);
    await insertRows(pool, 'marketplace.voucher_locations', [{ voucher_id: voucherId, location_id: locationId }]);
    claim = { id: randomUUID(), userId: person };
    const claimed = {
      claimed_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      state: 'active',
      version: 1,
    };
    await insertRows(pool, 'marketplace.claims', [
      { id: claim.id, voucher_id: voucherId, user_id: person, source_id: 'a', short_code: '23456789A2', ...claimed },
    ]);
    await insertRows(pool, 'marketplace.voucher_codes', [
      { id: randomUUID(), voucher_id: voucherId, kind: 'short', code, created_at: '2026-01-01T00:00:00Z' },
    ]);
    await pool.query('VACUUM ANALYZE');
    client = new Client({ connectionString: test.url });
    await client.connect();
    plans = await recordPlans(client);
  });
  afterAll(async () => {
    plans?.stop();
    await client?.end();
    await test?.close();
  });

  const targets = () => [
    { voucherId, userId: randomUUID() },
    { claimId: claim.id, userId: claim.userId },
    { code, userId: claim.userId },
  ];

  async function redeemEach(): Promise<Plan[]> {
    plans.take();
    for (const target of targets()) {
      const [id, attemptId] = [randomUUID(), randomUUID()];
      const asked = {
        ordinal: 0,
        ...target,
        channel: 'app',
        at: new Date().toISOString(),
        redemptionId: id,
        attemptId,
        actor: `user:${target.userId}`,
        clientAddress: '127.0.0.1',
        requestId: id,
        operation: 'redeem',
        key: id,
        fingerprint: 'ab'.repeat(32),
        context: { language: 'es', requestId: id },
      };
      const { rows } = await client.query<{ verdict: string }>('SELECT verdict FROM marketplace.redeem($1)', [
        JSON.stringify([asked]),
      ]);
      expect(rows).toHaveLength(1);
    }
    return plans.take();
  }

  it('reads no table whole, even where plans are made while all are empty', async () => {
    const taken = await redeemEach();
    expect(taken.length).toBeGreaterThan(30);
    expect(readWhole(taken)).toEqual([]);
  });

  it(`goes by its indexes at ${count.toLocaleString('en')} vouchers, claims, codes, counters and redemptions`, async () => {
    await fill(test);
    const taken = await redeemEach();
    expect(readWhole(taken)).toEqual([]);
    expect(walkedWhole(taken)).toEqual([]);
    const used = indexesOf(taken);
    for (const index of [
      'vouchers_pkey',
      'businesses_pkey',
      'claims_pkey',
      'claims_short_code_key',
      'voucher_codes_code_key',
      'voucher_counters_pkey',
      'campaign_counters_pkey',
      'location_day_counters_pkey',
    ]) {
      expect(used, [...used].toSorted((a, b) => a.localeCompare(b)).join(' ')).toContain(index);
    }
    // Either of the two begins with what identifies the row.
    for (const table of ['user_counters', 'user_day_counters', 'campaign_user_counters']) {
      expect(
        [...used].filter((index) => index.startsWith(`${table}_`)),
        table,
      ).not.toEqual([]);
    }
  }, 180_000);

  /** As many rows again of everything, of other vouchers and other people. */
  async function fill({ pool }: OpenTestDatabase): Promise<void> {
    await pool.query(`
      SET session_replication_role = replica;
      CREATE TEMPORARY TABLE made AS SELECT gen_random_uuid() AS voucher_id, gen_random_uuid() AS user_id, gen_random_uuid() AS claim_id,
        gen_random_uuid() AS code_id, n FROM generate_series(1, ${count}) AS n;
      INSERT INTO business.members (business_id, user_id, role) SELECT gen_random_uuid(), user_id, 'redeemer' FROM made;
      INSERT INTO marketplace.campaign_counters (campaign_id) SELECT gen_random_uuid() FROM made;
      INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key, source_language, state,
        discount_type, percent_off, valid_from, campaign_id, updated_at)
      SELECT made.voucher_id, business_id, category_id, 'a' || n, 'b' || n, 'c' || n, source_language, state, discount_type, percent_off,
        valid_from, CASE WHEN n % 100 = 0 THEN campaign_id END, now()
      FROM made CROSS JOIN marketplace.vouchers WHERE id = '${voucherId}';
      INSERT INTO marketplace.voucher_locations SELECT made.voucher_id, location_id FROM made CROSS JOIN marketplace.voucher_locations;
      INSERT INTO marketplace.voucher_counters (voucher_id) SELECT voucher_id FROM made;
      INSERT INTO marketplace.claims (id, voucher_id, user_id, source_id, state, short_code, claimed_at)
      SELECT claim_id, voucher_id, user_id, 'a', 'active', translate((1000000000 + n)::text, '01', 'AB'), now() FROM made;
      INSERT INTO marketplace.voucher_codes (id, voucher_id, kind, code) SELECT code_id, voucher_id, 'short', 'OTHER-' || n FROM made;
      INSERT INTO marketplace.user_counters (voucher_id, user_id, used_count)
      SELECT CASE WHEN n % 2 = 0 THEN voucher_id ELSE '${voucherId}' END, user_id, 1 FROM made;
      INSERT INTO marketplace.user_day_counters (voucher_id, user_id, day, used_count)
      SELECT CASE WHEN n % 2 = 0 THEN voucher_id ELSE '${voucherId}' END, user_id, '2026-01-01', 1 FROM made;
      INSERT INTO marketplace.campaign_user_counters (campaign_id, user_id, used_count)
      SELECT campaign.id, user_id, 1 FROM made CROSS JOIN marketplace.campaigns campaign;
      INSERT INTO marketplace.location_day_counters (voucher_id, location_id, day, used_count)
      SELECT made.voucher_id, location.id, '2026-01-01', 1 FROM made CROSS JOIN business.locations location;
      INSERT INTO marketplace.redemptions (id, voucher_id, business_id, location_id, claim_id, user_id, channel, local_day)
      SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN voucher_id ELSE '${voucherId}' END, location.business_id, location.id, claim_id,
        user_id, 'app', '2026-01-01'
      FROM made CROSS JOIN business.locations location;
      RESET session_replication_role`);
    await pool.query('VACUUM ANALYZE');
  }
});
