import { verifyAudit } from '@pika/database';
import { insertRows, locationRow, openTestDatabase, voucherRow, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportSections } from '../../src/me/export.schemas.ts';
import { addMarket, startIdentityApi, tokensOf, bearer, goodPassword, type IdentityApi } from '../identity-api.ts';
import { addBusiness, addPerson, addRole, asPerson, json, withKey, type Person } from '../people.ts';

let test: OpenTestDatabase;
let identityApi: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test);
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

/** Node states the length of a body by itself for all methods but this one. */
const erase = (headers: Record<string, string>, password: unknown = goodPassword, more = {}) => {
  const body = JSON.stringify({ password, ...more });
  return identityApi.api.send('DELETE', '/v1/me', { ...headers, ...json, 'Content-Length': `${body.length}` }, body);
};

async function rowsOf(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await test.pool.query<Record<string, unknown>>(text, values)).rows;
}

/** Answers that are kept under idempotency keys and hold that text. */
const kept = (text: string) =>
  rowsOf(`SELECT caller FROM security.idempotency_keys WHERE position($1::bytea IN body) > 0`, [Buffer.from(text)]);

/** Columns that lead to a person and are in no export, and why. */
const notExported: Readonly<Record<string, string>> = {
  'audit.entries.user_id': 'who acted; what was done to the person is told by record',
  'business.invitations.invited_by': 'about the one who was invited',
  'identity.api_keys.created_by': 'a key is the business’s, which lists it',
  'identity.role_grants.granted_by': 'about the one who was given the role',
  'identity.sessions.impersonated_by': 'about the person, whose session it is',
  'marketplace.redemptions.staff_id': 'about the consumer; the business keeps who scanned',
  'marketplace.attempts.staff_id': 'about the consumer; the business keeps who scanned',
  'marketplace.scans.staff_id': 'about the consumer; the business keeps who scanned',
  'security.subject_keys.subject_id': 'a key, which opens what the export shows in clear',
  'security.idempotency_keys.caller': 'answers of the last day, of which the export shows what they were about',
};

/** Every column that leads to a person: a foreign key, or what is named like one. */
const personalColumns = `
  SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgboss')
    AND (
      EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
        AND k.confrelid = 'users.users'::regclass)
      OR a.attname ~ '(^|_)(user|owner|staff|subject|person|operator|actor|member)_id$'
      OR a.attname ~ '_by$' AND a.atttypid = 'uuid'::regtype
      OR a.attname = 'caller')
  ORDER BY 1`;

describe('the export', () => {
  it('holds every table with a column that leads to a person, or says why not', async () => {
    const columns = (await rowsOf(personalColumns)).map(({ name }) => String(name));
    const exported: readonly string[] = Object.values(exportSections);
    const left = columns.filter((name) => !exported.includes(name.split('.').slice(0, 2).join('.')));
    expect(left.filter((name) => notExported[name] === undefined)).toEqual([]);
    expect(Object.keys(notExported).filter((name) => !columns.includes(name))).toEqual([]);
    expect(columns.length).toBeGreaterThan(20);
    const tables = await rowsOf(`SELECT unnest($1::text[])::regclass::text AS name`, [[...exported]]);
    expect(tables).toHaveLength(exported.length);
  });

  it('gives everything that was entered, with its history in clear, and no secret', async () => {
    const person = await addPerson(test, identityApi);
    const business = await addBusiness(test, { [person.id]: 'owner' });
    const tokens = await tokensOf(identityApi, person);
    const headers = bearer(tokens.accessToken);
    await identityApi.api.post(
      '/v1/me/addresses',
      { label: 'Casa azul', countryCode: 'PY' },
      { ...headers, ...withKey() },
    );
    const { status, body, text, headers: answered } = await identityApi.api.get('/v1/me/export', headers);
    expect(status).toBe(200);
    expect(answered['content-disposition']).toContain('pika-data.json');
    expect(body).toMatchObject({
      account: [{ id: person.id, email: person.email }],
      addresses: [{ label: 'Casa azul' }],
      credentials: [{ user_id: person.id }],
      memberships: [{ business_id: business, role: 'owner' }],
      emailLinks: [{ purpose: 'verify_email' }],
      loginAttempts: [{ outcome: 'success' }],
      incomplete: [],
    });
    const { sessions, refreshTokens, history } = body as Record<string, Record<string, unknown>[]>;
    expect([sessions?.length, refreshTokens?.length]).toEqual([1, 1]);
    expect(history).toContainEqual(
      expect.objectContaining({
        table: 'users.addresses',
        operation: 'insert',
        by_you: true,
        new: expect.objectContaining({ label: 'Casa azul' }),
      }),
    );
    const secrets = await rowsOf(
      `SELECT password_hash AS secret FROM identity.credentials WHERE user_id = $1
       UNION ALL SELECT encode(token_hash, 'hex') FROM identity.refresh_tokens
       UNION ALL SELECT encode(token_hash, 'hex') FROM identity.email_links`,
      [person.id],
    );
    expect(secrets.length).toBeGreaterThan(2);
    for (const { secret } of secrets) expect(text).not.toContain(secret);
    expect(text).not.toContain('argon2id');
  });

  it('tells what came of vouchers, at the counter without network too, and no code that opens anything', async () => {
    const person = await addPerson(test, identityApi);
    const business = await addBusiness(test, { [person.id]: 'owner' });
    const { voucher, scanned, campaign } = await redeemSomething(person.id, business, 'ABCDEFGH2');
    const { body, text } = await identityApi.api.get('/v1/me/export', await authorization(person));
    expect(body).toMatchObject({
      scans: [{ voucher_id: voucher, claim_id: scanned, violations: ['voucher.soldOut'] }],
      campaignCounters: [{ campaign_id: campaign, used_count: 1 }],
      attempts: [{ accuracy_meters: 12, device: 'Ramona’s phone' }],
    });
    const { claims } = body as Record<string, Record<string, unknown>[]>;
    expect(claims).toHaveLength(3);
    for (const hidden of ['ABCDEFGH2', 'staff_id', 'api_key_id', 'till 1']) expect(text).not.toContain(hidden);
  });

  it('shows nothing of another person', async () => {
    const [one, other] = [await addPerson(test, identityApi), await addPerson(test, identityApi)];
    const { text } = await identityApi.api.get('/v1/me/export', await authorization(one));
    expect(text).toContain(one.email);
    expect(text).not.toContain(other.email);
    expect(text).not.toContain(other.id);
  });
});

async function authorization(person: Pick<Person, 'id'>) {
  return { Authorization: (await asPerson(test, identityApi, person)).Authorization };
}

/** A voucher that the person claimed thrice, once redeemed and once scanned offline; with the try that led to it. */
async function redeemSomething(userId: string, business: string, code: string) {
  const voucher = crypto.randomUUID();
  const [used, unused, scanned] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  const [campaign, location] = [crypto.randomUUID(), crypto.randomUUID()];
  const { rows } = await test.pool.query('SELECT category_id AS id FROM business.businesses WHERE id = $1', [business]);
  await insertRows(test.pool, 'marketplace.vouchers', [
    voucherRow({ id: voucher, businessId: business, categoryId: rows[0].id, state: 'draft' }),
  ]);
  const claim = {
    voucher_id: voucher,
    user_id: userId,
    claimed_at: '2026-01-01',
    updated_at: '2026-01-01',
    version: 1,
  };
  await insertRows(test.pool, 'marketplace.claims', [
    { ...claim, id: used, source_id: 'a', state: 'redeemed', short_code: `${code}3` },
    { ...claim, id: unused, source_id: 'b', state: 'active', short_code: `${code}4` },
    { ...claim, id: scanned, source_id: 'c', state: 'active', short_code: `${code}5` },
  ]);
  await insertRows(test.pool, 'business.locations', [
    locationRow({ id: location, businessId: business, latitude: 0, longitude: 0 }),
  ]);
  const scan = { nonce: crypto.randomUUID(), voucher_id: voucher, business_id: business, location_id: location };
  await insertRows(test.pool, 'marketplace.scans', [
    {
      ...scan,
      claim_id: scanned,
      user_id: userId,
      staff_id: crypto.randomUUID(),
      device: 'till 1',
      scanned_at: '2026-01-01',
      received_at: '2026-01-01',
    },
  ]);
  await insertRows(test.pool, 'marketplace.scan_verdicts', [
    { nonce: scan.nonce, violations: ['voucher.soldOut'], folded_at: '2026-01-01' },
  ]);
  await insertRows(test.pool, 'marketplace.campaigns', [
    {
      id: campaign,
      business_id: business,
      name: 'Summer',
      version: 1,
      created_at: '2026-01-01',
      updated_at: '2026-01-01',
    },
  ]);
  await insertRows(test.pool, 'marketplace.campaign_user_counters', [
    { campaign_id: campaign, user_id: userId, used_count: 1 },
  ]);
  const entry = {
    voucher_id: voucher,
    business_id: business,
    user_id: userId,
    channel: 'counter',
  };
  await insertRows(test.pool, 'marketplace.redemptions', [
    {
      ...entry,
      id: crypto.randomUUID(),
      kind: 'redemption',
      claim_id: used,
      local_day: '2026-01-01',
      discount_minor: 0,
      redeemed_at: '2026-01-01',
    },
  ]);
  await insertRows(test.pool, 'marketplace.attempts', [
    {
      ...entry,
      id: crypto.randomUUID(),
      violations: [],
      claim_id: used,
      latitude: -25,
      longitude: -57,
      accuracy_meters: 12,
      device: 'Ramona’s phone',
      attempted_at: '2026-01-01',
    },
  ]);
  return { voucher, used, unused, scanned, campaign };
}

describe('the erasure', () => {
  it('leaves no trace of who it was, ends every session, and the audit chain is whole', async () => {
    const person = await addPerson(test, identityApi);
    const colleague = await addPerson(test, identityApi);
    const business = await addBusiness(test, { [person.id]: 'owner', [colleague.id]: 'owner' });
    await test.pool.query('UPDATE business.businesses SET owner_id = $1 WHERE id = $2', [person.id, business]);
    const { voucher, used, unused, scanned } = await redeemSomething(person.id, business, 'ABCDEFGH3');
    const other = await authorization(person);
    const address = '203.0.113.77';
    const from = { 'X-Forwarded-For': address };
    const tokens = await tokensOf(identityApi, person, from);
    await test.pool.query(
      `UPDATE identity.sessions SET created_at = created_at - interval '2 hours', last_used_at = last_used_at - interval '2 hours'
       WHERE user_id = $1`,
      [person.id],
    );
    const refreshed = await identityApi.api.post('/v1/auth/refresh', { refreshToken: tokens.refreshToken }, from);
    expect(refreshed.status, refreshed.text).toBe(200);
    const headers = { ...bearer(tokens.accessToken), ...from };
    const name = 'Zoraida Quiñónez';
    const street = 'Calle Sin Salida 99';
    await identityApi.api.send('PATCH', '/v1/me', { ...headers, ...json }, JSON.stringify({ displayName: name }));
    await identityApi.api.post(
      '/v1/me/addresses',
      { label: 'x', street, countryCode: 'PY' },
      { ...headers, ...withKey() },
    );

    const addressesTold = async () =>
      rowsOf(
        `SELECT DISTINCT entry.actor, audit.reveal_address(entry.client_address) AS address FROM audit.entries AS entry
         WHERE entry.table_name = 'sessions' AND audit.reveal_address(entry.client_address) = $1 ORDER BY 1`,
        [address],
      );
    expect(await addressesTold()).toEqual([
      { actor: 'anonymous', address },
      { actor: `user:${person.id}`, address },
    ]);

    await test.pool.query(
      `INSERT INTO business.invitations (id, business_id, email, role, token_hash, invited_by, expires_at)
       VALUES (gen_random_uuid(), $1, 'friend@pika.example', 'owner', sha256('x'), $2, now() + interval '1 day')`,
      [business, person.id],
    );

    expect((await erase(headers)).status).toBe(204);
    expect((await identityApi.api.get('/v1/me', headers)).status).toBe(401);
    expect((await identityApi.api.get('/v1/me', other)).status).toBe(401);
    expect(await addressesTold()).toEqual([]);

    const [user] = await rowsOf('SELECT * FROM users.users WHERE id = $1', [person.id]);
    expect(user).toMatchObject({ state: 'erased', email: `${person.id}@erased.invalid`, display_name: '-' });
    // Everything that is stored as text, sealed entries of the log included.
    for (const { name: table } of await rowsOf(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'pgboss', 'public')`,
    )) {
      const [{ count } = { count: -1 }] = await rowsOf(
        `SELECT count(*)::int AS count FROM ${String(table)} AS held
         WHERE held::text LIKE '%' || $1 || '%' OR held::text LIKE '%' || $2 || '%' OR held::text LIKE '%' || $3 || '%'
           OR held::text LIKE '%' || $4 || '%'`,
        [person.email, name, street, address],
      );
      expect([table, count]).toEqual([table, 0]);
    }
    const history = await rowsOf(`SELECT * FROM audit.history('users.users', $1)`, [{ id: person.id }]);
    expect(history.length).toBeGreaterThan(2);
    expect(JSON.stringify(history)).not.toContain(name);

    expect(
      await rowsOf('SELECT id, state FROM marketplace.claims WHERE user_id = $1 ORDER BY source_id', [person.id]),
    ).toEqual([
      { id: used, state: 'redeemed' },
      { id: scanned, state: 'released' },
    ]);
    expect(await rowsOf('SELECT claim_id FROM marketplace.scans WHERE user_id = $1', [person.id])).toEqual([
      { claim_id: scanned },
    ]);
    expect(
      await rowsOf('SELECT claimed_count FROM marketplace.voucher_counters WHERE voucher_id = $1', [voucher]),
    ).toEqual([{ claimed_count: 1 }]);
    expect(await rowsOf('SELECT id FROM marketplace.claims WHERE id = $1', [unused])).toEqual([]);
    expect(await rowsOf('SELECT claim_id FROM marketplace.redemptions WHERE user_id = $1', [person.id])).toHaveLength(
      1,
    );
    expect(
      await rowsOf(
        `SELECT user_id, claim_id, latitude, longitude, accuracy_meters, device FROM marketplace.attempts
         WHERE business_id = $1`,
        [business],
      ),
    ).toEqual([
      { user_id: null, claim_id: null, latitude: null, longitude: null, accuracy_meters: null, device: null },
    ]);
    const [{ owner_id: owner } = {}] = await rowsOf('SELECT owner_id FROM business.businesses WHERE id = $1', [
      business,
    ]);
    expect(owner).toBe(colleague.id);
    expect(
      await rowsOf('SELECT revoked_at IS NOT NULL AS revoked FROM business.invitations WHERE invited_by = $1', [
        person.id,
      ]),
    ).toEqual([{ revoked: true }]);

    await test.pool.query('SELECT audit.seal(100000)');
    const report = await verifyAudit(test.url);
    expect(report.fault).toBeNull();
    expect(report.verified).toBeGreaterThan(50);
  });

  it('takes away what was answered to an operator who acted as the person', async () => {
    const [operator, person] = [await addPerson(test, identityApi), await addPerson(test, identityApi)];
    await addRole(test, operator.id, 'support');
    const act = `/v1/admin/users/${person.id}/impersonate`;
    const from = { ...(await authorization(operator)), 'X-Forwarded-For': '203.0.113.78', 'User-Agent': 'Back office' };
    const acting = await identityApi.api.post(act, { reason: 'Ticket 9' }, from);
    const { accessToken } = acting.body as { accessToken: string };
    const address = { label: 'x', street: 'Calle Ajena 12', countryCode: 'PY' };
    await identityApi.api.post('/v1/me/addresses', address, { ...bearer(accessToken), ...withKey() });
    expect(await kept(address.street)).toHaveLength(1);
    expect((await erase(await authorization(person))).status).toBe(204);
    expect(await kept(address.street)).toEqual([]);
  });

  it('of an operator takes away from where they acted as others', async () => {
    const [operator, person] = [await addPerson(test, identityApi), await addPerson(test, identityApi)];
    await addRole(test, operator.id, 'support');
    const act = `/v1/admin/users/${person.id}/impersonate`;
    await identityApi.api.post(
      act,
      { reason: 'Ticket 9' },
      { ...(await authorization(operator)), 'User-Agent': 'Mine' },
    );
    const told = () =>
      rowsOf('SELECT user_agent, client_address FROM identity.sessions WHERE impersonated_by = $1', [operator.id]);
    expect(await told()).toMatchObject([{ user_agent: 'Mine' }]);
    expect((await erase(await authorization(operator))).status).toBe(204);
    expect(await told()).toEqual([{ user_agent: null, client_address: null }]);
  });

  it('is refused to who read an older version of the profile (412)', async () => {
    const person = await addPerson(test, identityApi);
    const headers = await authorization(person);
    const tag = String((await identityApi.api.get('/v1/me', headers)).headers['etag']);
    await addBusiness(test, { [person.id]: 'redeemer' });
    expect((await erase({ ...headers, 'If-Match': tag })).body).toMatchObject({ status: 412, code: 'record.changed' });
    const now = String((await identityApi.api.get('/v1/me', headers)).headers['etag']);
    expect((await erase({ ...headers, 'If-Match': now })).status).toBe(204);
  });

  it('frees the address: the same person may come back as another', async () => {
    const person = await addPerson(test, identityApi);
    expect((await erase(await authorization(person))).status).toBe(204);
    await identityApi.api.post('/v1/auth/register', {
      email: person.email,
      password: goodPassword,
      displayName: 'New',
    });
    await identityApi.mailsTo(person.email);
    const rows = await rowsOf('SELECT id FROM users.users WHERE email = $1', [person.email]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.['id']).not.toBe(person.id);
  });

  it('is refused with a wrong password, which changes nothing (403)', async () => {
    const person = await addPerson(test, identityApi);
    const answer = await erase(await authorization(person), 'four small yellow bards');
    expect(answer.body).toMatchObject({ status: 403, code: 'auth.wrongPassword' });
    expect((await tokensOf(identityApi, person)).tokenType).toBe('Bearer');
  });

  it('is refused to the sole owner of a business, naming it (409)', async () => {
    const person = await addPerson(test, identityApi);
    const business = await addBusiness(test, { [person.id]: 'owner' });
    const headers = await authorization(person);
    const answer = await erase(headers);
    expect(answer.body).toMatchObject({ status: 409, code: 'me.soleOwner' });
    expect(answer.text).toContain(business);
    expect((await identityApi.api.get('/v1/me', headers)).body).toMatchObject({ email: person.email });
  });

  it('of two owners who go at once, one has to stay', async () => {
    const [one, other] = [await addPerson(test, identityApi), await addPerson(test, identityApi)];
    await addBusiness(test, { [one.id]: 'owner', [other.id]: 'owner' });
    const callers = [await authorization(one), await authorization(other)];
    const answers = await Promise.all(callers.map((headers) => erase(headers)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 409]));
  });

  it('is refused to the last admin (409)', async () => {
    const person = await addPerson(test, identityApi);
    await addRole(test, person.id, 'admin');
    expect((await erase(await authorization(person))).body).toMatchObject({ status: 409, code: 'admin.lastAdmin' });
  });

  it('takes nothing but the password (400)', async () => {
    const person = await addPerson(test, identityApi);
    const headers = await authorization(person);
    expect((await erase(headers, null)).status).toBe(400);
    expect((await erase(headers, goodPassword, { userId: person.id })).status).toBe(400);
    expect((await identityApi.api.send('DELETE', '/v1/me', headers)).status).toBe(400);
  });
});
