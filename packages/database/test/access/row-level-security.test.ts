import { readFileSync, writeFileSync } from 'node:fs';
import { addLanguages, createTestDatabase, insertRows, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts, enter, readGrants, roles, tryTable, verbs, type Access, type Expectation } from './matrix.ts';
import { party, supports, tables } from './rows.ts';

const file = new URL('./access.expected.json', import.meta.url);
const expected: Record<string, Expectation> = JSON.parse(readFileSync(file, 'utf8'));

/** Every function that runs as its owner, and who may call it. */
const runAsOwner: Readonly<Record<string, string>> = {
  'analytics.insert_events': 'pika_app',
  'audit.history': 'pika_auditor',
  'audit.make_partitions': 'pika_app',
  'audit.own_history': 'pika_app',
  'audit.record_as_of': 'pika_auditor',
  'audit.record_change': 'trigger',
  'audit.record_truncate': 'trigger',
  'audit.replay': 'pika_auditor',
  'audit.reveal_address': 'pika_auditor',
  'audit.seal': 'pika_app',
  'business.accept_invitation': 'pika_app',
  'business.invitation_to_send': 'pika_app',
  'business.keep_last_owner': 'trigger',
  'business.own_rows': 'pika_app',
  'catalog.set_category_path': 'trigger',
  'i18n.set_translation_owner': 'trigger',
  'identity.erase_person': 'pika_app',
  'identity.find_api_key': 'pika_app',
  'identity.find_credential': 'pika_app',
  'identity.find_email_link': 'pika_app',
  'identity.insert_signing_key': 'pika_app',
  'identity.is_session_alive': 'pika_app',
  'identity.keep_last_admin': 'trigger',
  'identity.list_revoked_sessions': 'pika_app',
  'identity.list_signing_keys': 'pika_app',
  'identity.list_verification_keys': 'pika_app',
  'identity.note_api_key_use': 'pika_app',
  'identity.own_claims': 'pika_app',
  'identity.own_rows': 'pika_app',
  'identity.prune_email_links': 'pika_app',
  'identity.prune_refresh_tokens': 'pika_app',
  'identity.revoke_api_key': 'pika_app',
  'identity.revoke_sessions_of_user': 'trigger',
  'identity.rotate_refresh_token': 'pika_app',
  'identity.start_impersonation': 'pika_support',
  'marketplace.business_of': 'pika_app',
  'marketplace.claim_voucher': 'pika_app',
  'marketplace.claimed_text': 'pika_app',
  'marketplace.count_claim': 'trigger',
  'marketplace.expire_vouchers': 'pika_app',
  'marketplace.follow_businesses': 'trigger',
  'marketplace.follow_cards': 'trigger',
  'marketplace.follow_categories': 'trigger',
  'marketplace.follow_languages': 'trigger',
  'marketplace.follow_limits': 'trigger',
  'marketplace.follow_locations': 'trigger',
  'marketplace.follow_translations': 'trigger',
  'marketplace.follow_voucher_locations': 'trigger',
  'marketplace.follow_vouchers': 'trigger',
  'marketplace.hold_voucher': 'pika_app',
  'marketplace.insert_token_key': 'pika_app',
  'marketplace.keep_discount': 'trigger',
  'marketplace.list_revoked_tokens': 'pika_app',
  'marketplace.list_token_keys': 'pika_app',
  'marketplace.lock_own_claim': 'pika_app',
  'marketplace.make_codes': 'pika_app',
  'marketplace.merge_scans': 'pika_app',
  'marketplace.note_revocation': 'trigger',
  'marketplace.own_claims': 'pika_app',
  'marketplace.own_rows': 'pika_app',
  'marketplace.prune_expired_cards': 'pika_app',
  'marketplace.redeem': 'pika_app',
  'marketplace.refresh_stale_cards': 'pika_app',
  'marketplace.refresh_word_frequencies': 'pika_app',
  'marketplace.rollback_redemption': 'pika_app pika_support',
  'marketplace.search_nearby': 'pika_app pika_public pika_support',
  'marketplace.validate': 'pika_app',
  'marketplace.voucher_places': 'pika_app pika_public pika_support',
  'marketplace.why_not': 'pika_app pika_public pika_support',
  'public.claim_outbox_events': 'pika_app',
  'public.fail_outbox_event': 'pika_app',
  'public.number_outbox_event': 'trigger',
  'public.prune_outbox': 'pika_app',
  'public.release_outbox_event': 'pika_support',
  'public.settle_outbox_event': 'pika_app',
  'security.acting_business_id': 'pika_app',
  'security.business_role': 'pika_app',
  'security.claim_idempotency_key': 'pika_app pika_support',
  'security.drop_idempotency_partitions': 'pika_app',
  'security.keep_idempotent_answer': 'pika_app pika_support',
  'security.login_attempts_of': 'pika_app',
  'security.make_idempotency_partitions': 'pika_app',
  'security.open_login_attempt': 'pika_app',
  'security.prune_login_attempts': 'pika_app',
  'security.settle_login_attempt': 'pika_app',
  'users.colleagues': 'pika_app',
  'users.own_rows': 'pika_app',
};

let test: TestDatabase;
let client: Client;

beforeAll(async () => {
  test = await createTestDatabase();
  client = new Client({ connectionString: test.url });
  await client.connect();
  await addLanguages(client);
  await insertRows(client, 'users.users', [supports.stranger]);
  await client.query('INSERT INTO catalog.categories (id, slug, name_key, source_language) VALUES ($1, $2, $2, $3)', [
    supports.category.id,
    supports.category.slug,
    'es',
  ]);
  for (const { table, row, isGiven } of tables) {
    if (isGiven !== true) await insertRows(client, table, [row(party(1), false), row(party(2), false)]);
    if (table === 'marketplace.vouchers' || table === 'marketplace.campaigns') {
      await insertRows(
        client,
        table,
        [party(1), party(2)].map((of) => ({
          ...row(of, true),
          id: supports.spare(of),
          ...(table === 'marketplace.vouchers'
            ? {
                title_key: `spare${of.number}t`,
                description_key: `spare${of.number}d`,
                terms_key: `spare${of.number}e`,
              }
            : {}),
        })),
      );
    }
  }
});

afterAll(async () => {
  await client.end();
  await test.close();
});

interface CatalogTable {
  name: string;
  isGuarded: boolean;
  isForced: boolean;
  owner: string;
}

/** Every table and view of ours; partitions are reached through their parent. */
async function listTables(): Promise<CatalogTable[]> {
  const { rows } = await client.query<CatalogTable>(`
    SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AS "isGuarded", c.relforcerowsecurity AS "isForced",
      pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
      AND c.relname <> '_prisma_migrations' AND n.nspname <> 'pgboss'
    ORDER BY 1`);
  return rows;
}

describe('who may do what', () => {
  it('is written down for every table, and for none that is not there', async () => {
    const names = (await listTables()).map(({ name }) => name);
    if (process.env['UPDATE_ACCESS'] !== '1') expect(Object.keys(expected).toSorted()).toEqual(names);
  });

  it('is as written down: role × table × verb × own, other, anonymous', async () => {
    const found: Record<string, Expectation> = {};
    for (const { name, isGuarded } of await listTables()) {
      const rows = tables.find(({ table }) => table === name);
      if (isGuarded && rows === undefined) throw new Error(`rows.ts has no rows of ${name}`);
      const access: Access = isGuarded && rows ? await tryTable(client, rows) : await readGrants(client, name);
      found[name] = isGuarded ? access : { ownerless: expected[name]?.ownerless ?? '', ...access };
    }
    const cells = Object.keys(found).length * roles.length * verbs.length * contexts.length;
    console.log(`[access] ${Object.keys(found).length} tables, ${cells} cells`);
    if (process.env['UPDATE_ACCESS'] === '1') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
    else expect(found).toEqual(expected);
  });

  it('has a reason for every table without policies', () => {
    const unexplained = Object.entries(expected).filter(([, { ownerless }]) => ownerless === '');
    expect(unexplained).toEqual([]);
  });
});

describe('what a stranger does not see', () => {
  const hidden: [what: string, change: string, rows: string][] = [
    ['a business that is not verified', `UPDATE business.businesses SET status = 'suspended'`, 'business.businesses'],
    ['a deleted business', 'UPDATE business.businesses SET deleted_at = now()', 'business.businesses'],
    [
      'the branches of a suspended business',
      `UPDATE business.businesses SET status = 'suspended'`,
      'business.locations',
    ],
    ['its special days', `UPDATE business.businesses SET status = 'suspended'`, 'business.special_days'],
    ['a deleted branch', 'UPDATE business.locations SET deleted_at = now()', 'business.locations'],
    [
      'a suspended voucher',
      `UPDATE marketplace.vouchers SET state = 'suspended' WHERE state = 'published'`,
      'marketplace.vouchers',
    ],
    [
      'where it is valid',
      `UPDATE marketplace.vouchers SET state = 'suspended' WHERE state = 'published'`,
      'marketplace.voucher_locations',
    ],
  ];
  it.each(hidden)('%s', async (_, change, table) => {
    await client.query('BEGIN');
    try {
      await client.query(change);
      for (const role of ['public', 'app'] as const) {
        await enter(client, role, null);
        expect((await client.query(`SELECT 1 FROM ${table}`)).rowCount, role).toBe(0);
        await client.query(`SELECT set_config('role', 'none', true)`);
      }
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it('a role granted by who is no admin', async () => {
    const rows = tables.find(({ table }) => table === 'identity.role_grants')!;
    const grant = async (platformRoles: string) => {
      await client.query('BEGIN');
      try {
        await enter(client, 'support', party(1));
        await client.query(`SELECT set_config('app.roles', $1, true)`, [platformRoles]);
        await insertRows(client, rows.table, [rows.row(party(2), true)]);
      } finally {
        await client.query('ROLLBACK');
      }
    };
    await expect(grant('support')).rejects.toMatchObject({ code: '42501' });
    await expect(grant('support,admin')).resolves.toBeUndefined();
  });

  it('a business that verifies itself', async () => {
    await client.query('BEGIN');
    try {
      await enter(client, 'app', party(1));
      const verify = client.query(`UPDATE business.businesses SET status = 'verified' WHERE id = $1`, [
        party(1).businessId,
      ]);
      await expect(verify).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('ROLLBACK');
    }
  });
});

describe('policies', () => {
  it('bind the owner of the table too', async () => {
    const tablesWithout = (await listTables()).filter(({ isGuarded, isForced }) => isGuarded && !isForced);
    expect(tablesWithout).toEqual([]);
  });

  it('let the owner alone through everywhere, for functions that run as it', async () => {
    const { rows } = await client.query<{ name: string }>(`
      SELECT schemaname || '.' || tablename AS name FROM pg_policies
      WHERE roles = '{pika_owner}' AND cmd = 'ALL' AND qual = 'true' AND with_check = 'true' ORDER BY 1`);
    const guarded = (await listTables()).filter(({ isGuarded }) => isGuarded).map(({ name }) => name);
    expect(rows.map(({ name }) => name)).toEqual(guarded);
  });

  it('name a role and a verb each', async () => {
    const { rows } = await client.query(`
      SELECT schemaname, tablename, policyname FROM pg_policies
      WHERE policyname <> CASE WHEN cmd = 'ALL' THEN 'owner_all'
          ELSE substr(array_to_string(roles, ','), length('pika_') + 1) || '_' || lower(cmd) END
        OR permissive <> 'PERMISSIVE'`);
    expect(rows).toEqual([]);
  });
});

describe('roles', () => {
  it('own nothing but pika_owner, which owns everything and is no superuser', async () => {
    expect((await listTables()).filter(({ owner }) => owner !== 'pika_owner')).toEqual([]);
    const { rows } = await client.query(`
      SELECT rolname FROM pg_roles WHERE rolname LIKE 'pika\\_%' AND rolname IN
        ('pika_owner', 'pika_app', 'pika_public', 'pika_support', 'pika_auditor')
        AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb)`);
    expect(rows).toEqual([]);
    const { rows: functions } = await client.query(`
      SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN ('users', 'identity', 'security', 'audit', 'i18n', 'catalog', 'business', 'marketplace', 'analytics')
        AND pg_get_userbyid(p.proowner) <> 'pika_owner'`);
    expect(functions).toEqual([]);
  });

  it('run as the owner only what is listed here, with a pinned search path', async () => {
    const { rows } = await client.query<{ name: string; path: string | null; callers: string[] }>(`
      SELECT n.nspname || '.' || p.proname AS name,
        (SELECT setting FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%') AS path,
        CASE WHEN p.prorettype = 'trigger'::regtype THEN '{trigger}'::text[] ELSE ARRAY(
          SELECT CASE a.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(a.grantee)::text END
          FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
          WHERE a.grantee <> p.proowner ORDER BY 1
        ) END AS callers
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1`);
    const unpinned = rows.filter(({ path }) => path !== 'search_path=""' && path !== 'search_path=pg_catalog, public');
    expect(unpinned).toEqual([]);
    expect(Object.fromEntries(rows.map(({ name, callers }) => [name, callers.join(' ')]))).toEqual(runAsOwner);
  });
});

describe('plans', () => {
  it('read the context once per statement, not once per row', async () => {
    const offences: string[] = [];
    for (const { table } of tables) {
      if (!expected[table]?.app?.includes('select:')) continue;
      await client.query('BEGIN');
      await client.query(`SELECT set_config('role', 'pika_app', true)`);
      try {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN (VERBOSE, COSTS OFF) SELECT 1 FROM ${table}`,
        );
        for (const { 'QUERY PLAN': line } of rows) {
          if (/current_setting|current_(user|business)_id/.test(line) && !/^\s*Output: /.test(line)) {
            offences.push(`${table}: ${line.trim()}`);
          }
        }
      } finally {
        await client.query('ROLLBACK');
      }
    }
    expect(offences).toEqual([]);
  });
});
