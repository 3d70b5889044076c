import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMarket, addUser, bearer, goodPassword, startIdentityApi, type IdentityApi } from '../identity-api.ts';
import { addBusiness, addPerson, addRole, asPerson, json, withKey } from '../people.ts';

let test: OpenTestDatabase;
let identityApi: IdentityApi;
const ids = { admin: '', support: '', consumer: '' };
const headers: Record<keyof typeof ids, { Authorization: string }> = {} as never;

const login = async (id: string) => ({ Authorization: (await asPerson(test, identityApi, { id })).Authorization });

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test);
  for (const name of Object.keys(ids) as (keyof typeof ids)[]) ids[name] = await addUser(test);
  await addRole(test, ids.admin, 'admin');
  await addRole(test, ids.support, 'support');
  for (const name of Object.keys(ids) as (keyof typeof ids)[]) headers[name] = await login(ids[name]);
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

let target: string;
beforeEach(async () => {
  target = await addUser(test);
});

const get = (path: string, as = headers.support) => identityApi.api.get(`/v1/admin/users${path}`, as);
const send = (method: string, path: string, body?: unknown, as: Record<string, string> = headers.support) =>
  identityApi.api.send(
    method,
    `/v1/admin/users${path}`,
    { ...as, ...json },
    body === undefined ? '' : JSON.stringify(body),
  );
const suspend = (id: string, as = headers.support) =>
  send('PATCH', `/${id}`, { state: 'suspended', reason: 'Ticket 7' }, as);
const reactivate = (id: string) => send('PATCH', `/${id}`, { state: 'active', reason: 'Ticket 8' });
const grant = (id: string, role: string, as = headers.admin) => send('PUT', `/${id}/roles/${role}`, undefined, as);
const withdraw = (id: string, role: string, as = headers.admin) =>
  send('DELETE', `/${id}/roles/${role}`, undefined, as);
const act = (id: string, as = headers.support, body: unknown = { reason: 'Ticket 9' }) =>
  identityApi.api.post(`/v1/admin/users/${id}/impersonate`, body, as);

describe('200', () => {
  it('finds people by address, name, state and role, page by page', async () => {
    const name = 'Éulogia 100% Real_Name';
    await test.pool.query('UPDATE users.users SET display_name = $1 WHERE id = $2', [name, target]);
    const found = async (query: string) =>
      ((await get(`?${query}`)).body as { data: { id: string }[] }).data.map(({ id }) => id);
    expect(await found(`email=${target}@pika.example`)).toEqual([target]);
    expect(await found(`email=${target.slice(0, 12).toUpperCase()}`)).toEqual([target]);
    expect(await found(`name=${encodeURIComponent('éulogia 100%')}`)).toEqual([target]);
    expect(await found(`name=${encodeURIComponent('100%R')}`)).toEqual([]);
    expect(await found('email=%25')).toEqual([]);
    expect(await found('role=support')).toEqual([ids.support]);
    expect(await found(`state=suspended&email=${target}`)).toEqual([]);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await get(`?limit=2${more}`);
      const { data, page } = body as { data: { id: string }[]; page: { next: string | null } };
      walked.push(...data.map(({ id }) => id));
      cursor = page.next;
    }
    const { rows } = await test.pool.query<{ id: string }>('SELECT id FROM users.users ORDER BY id DESC');
    expect(walked).toEqual(rows.map(({ id }) => id));
  });

  it('uses the indexes of addresses and names', async () => {
    await test.pool.query(`INSERT INTO users.users (id, email, display_name, updated_at)
      SELECT gen_random_uuid(), 'mass' || n || '@pika.example', md5(n::text), now() FROM generate_series(1, 5000) AS n`);
    await test.pool.query('VACUUM ANALYZE users.users');
    const client = await test.pool.connect();
    try {
      // So few rows are read faster one by one; whether policies let the indexes be used is the question.
      await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL ROLE pika_support');
      const plan = async (condition: string) =>
        JSON.stringify(
          (await client.query(`EXPLAIN SELECT id FROM users.users WHERE deleted_at IS NULL AND ${condition}`)).rows,
        );
      expect(await plan(`email LIKE 'mass4999%'`)).toMatch(/users_email_prefix_idx.*Index Cond: [^"]*email/);
      expect(await plan(`display_name ILIKE '%c4ca4238a0b9%'`)).toMatch(
        /users_display_name_words_idx.*Index Cond: [^"]*name/,
      );
    } finally {
      await client.query('ROLLBACK');
      client.release();
      await test.pool.query(`DELETE FROM users.users WHERE email LIKE 'mass%'`);
    }
  });

  it('shows a person without secrets', async () => {
    const business = await addBusiness(test, { [target]: 'owner' });
    await login(target);
    const { body, headers: answered } = await get(`/${target}`);
    expect(body).toMatchObject({
      id: target,
      state: 'active',
      stateReason: null,
      roles: [],
      businesses: [{ id: business, role: 'owner' }],
      sessionCount: 1,
      isEmailVerified: false,
    });
    expect(answered['etag']).toMatch(/^"v\d+"$/);
    expect(JSON.stringify(body)).not.toMatch(/hash|secret|token/i);
  });

  it('suspends with a reason: every session ends at once, and comes back by no reactivation', async () => {
    const session = await login(target);
    const suspended = await suspend(target);
    expect(suspended.body).toMatchObject({ state: 'suspended', stateReason: 'Ticket 7', sessionCount: 0 });
    expect((await identityApi.api.get('/v1/me', session)).status).toBe(401);
    await expect(login(target)).rejects.toThrow('may not log in');
    expect((await reactivate(target)).body).toMatchObject({ state: 'active', stateReason: 'Ticket 8' });
    expect((await identityApi.api.get('/v1/me', session)).status).toBe(401);
    expect((await identityApi.api.get('/v1/me', await login(target))).status).toBe(200);
    const { rows } = await test.pool.query(
      `SELECT actor, new_values ->> 'state_reason' AS reason FROM audit.history('users.users', $1)
       WHERE new_values ? 'state' AND operation = 'update' ORDER BY id`,
      [{ id: target }],
    );
    expect(rows).toEqual([
      { actor: `user:${ids.support}`, reason: 'Ticket 7' },
      { actor: `user:${ids.support}`, reason: 'Ticket 8' },
    ]);
  });

  it('gives and takes roles; who loses one is logged out', async () => {
    expect((await grant(target, 'support')).body).toMatchObject({ roles: ['support'] });
    expect((await grant(target, 'support')).status).toBe(200);
    const session = await login(target);
    expect((await get('', session)).status).toBe(200);
    expect((await withdraw(target, 'support')).body).toMatchObject({ roles: [], sessionCount: 0 });
    expect((await get('', session)).status).toBe(401);
    expect((await withdraw(target, 'support')).status).toBe(404);
  });
});

describe('acting as a person', () => {
  it('gives a short token that names the operator, and no way to renew it', async () => {
    const answer = await act(target);
    expect(answer.status, answer.text).toBe(200);
    expect(Object.keys(answer.body as object).toSorted()).toEqual(['accessToken', 'expiresIn', 'tokenType']);
    const { accessToken } = answer.body as { accessToken: string };
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({ sub: target, imp: ids.support, roles: [] });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
    const { rows } = await test.pool.query('SELECT FROM identity.refresh_tokens WHERE session_id = $1', [
      claims['sid'],
    ]);
    expect(rows).toEqual([]);
    const me = await identityApi.api.get('/v1/me', bearer(accessToken));
    expect(me.body).toMatchObject({ id: target, impersonatedBy: ids.support });
  });

  it('leaves both names and the reason in the audit log', async () => {
    const { accessToken } = (await act(target)).body as { accessToken: string };
    await identityApi.api.post(
      '/v1/me/addresses',
      { label: 'By support', countryCode: 'PY' },
      { ...bearer(accessToken), ...withKey() },
    );
    const { rows } = await test.pool.query(
      `SELECT table_name AS "table", actor, user_id AS "userId" FROM audit.entries
       WHERE actor LIKE '%' || $1 || '%' OR changes::text LIKE '%' || $1 || '%' ORDER BY id`,
      [target],
    );
    expect(rows).toContainEqual({
      table: 'addresses',
      actor: `user:${target} by user:${ids.support}`,
      userId: target,
    });
    const session = String(decodeJwt(accessToken)['sid']);
    const { rows: history } = await test.pool.query(
      `SELECT actor, new_values FROM audit.history('identity.sessions', $1) WHERE operation = 'insert'`,
      [{ id: session }],
    );
    expect(history).toMatchObject([
      {
        actor: `user:${ids.support}`,
        new_values: { user_id: target, impersonated_by: ids.support, impersonation_reason: 'Ticket 9' },
      },
    ]);
  });

  it('does not reach what is the person’s own: password, keys, export, erasure', async () => {
    const person = await addPerson(test, identityApi);
    const business = await addBusiness(test, { [person.id]: 'owner' });
    const as = bearer(((await act(person.id)).body as { accessToken: string }).accessToken);
    const { api } = identityApi;
    const body = JSON.stringify({ password: goodPassword });
    const answers = await Promise.all([
      api.get('/v1/me/export', as),
      api.send('DELETE', '/v1/me', { ...as, ...json, 'Content-Length': `${body.length}` }, body),
      api.post('/v1/auth/password/change', { currentPassword: goodPassword, newPassword: 'five large blue birds' }, as),
      api.post('/v1/api-keys', { businessId: business, name: 'Key', scopes: ['offers.read'] }, { ...as, ...withKey() }),
      api.get('/v1/admin/users', as),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  it('is seen by the person among their sessions, and ends with all sessions of the operator', async () => {
    const operator = await addUser(test);
    await addRole(test, operator, 'support');
    const operatorHeaders = await login(operator);
    const from = { ...operatorHeaders, 'X-Forwarded-For': '203.0.113.9', 'User-Agent': 'Back office' };
    const as = bearer(((await act(target, from)).body as { accessToken: string }).accessToken);
    const mine = await login(target);
    const { body } = await identityApi.api.get('/v1/me/sessions', mine);
    expect(body).toMatchObject({
      data: [
        { isCurrent: true, impersonatedBy: null },
        { isCurrent: false, impersonatedBy: operator, userAgent: 'Back office', clientAddress: '203.0.113.9' },
      ],
    });
    expect((await identityApi.api.get('/v1/me', as)).status).toBe(200);
    expect((await identityApi.api.post('/v1/auth/logout-all', undefined, operatorHeaders)).status).toBe(204);
    expect((await identityApi.api.get('/v1/me', as)).status).toBe(401);
    expect((await identityApi.api.get('/v1/me', mine)).status).toBe(200);
  });

  it('ends when the operator is suspended', async () => {
    const operator = await addUser(test);
    await addRole(test, operator, 'support');
    const as = bearer(((await act(target, await login(operator))).body as { accessToken: string }).accessToken);
    expect((await identityApi.api.get('/v1/me', as)).status).toBe(200);
    expect((await suspend(operator, headers.admin)).status).toBe(200);
    expect((await identityApi.api.get('/v1/me', as)).status).toBe(401);
  });
});

describe('400', () => {
  it.each([
    ['reason', { state: 'suspended' }],
    ['reason', { state: 'suspended', reason: ' ' }],
    ['state', { state: 'erased', reason: 'Ticket 7' }],
    ['email', { state: 'suspended', reason: 'Ticket 7', email: 'x@pika.example' }],
    ['roles', { state: 'suspended', reason: 'Ticket 7', roles: ['admin'] }],
  ])('refuses %s', async (field, body) => {
    expect((await send('PATCH', `/${target}`, body)).body).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it('needs a reason to act as somebody, and a role that exists', async () => {
    expect((await act(target, headers.support, {})).status).toBe(400);
    expect((await grant(target, 'owner')).status).toBe(400);
  });
});

describe('401', () => {
  it('asks who calls', async () => {
    expect((await get('', {} as never)).status).toBe(401);
    expect((await suspend(target, {} as never)).status).toBe(401);
    expect((await act(target, {} as never)).status).toBe(401);
  });
});

describe('403', () => {
  it('is told to consumers, and to support where admins alone decide', async () => {
    expect((await get('', headers.consumer)).status).toBe(403);
    expect((await suspend(target, headers.consumer)).status).toBe(403);
    expect((await act(target, headers.consumer)).status).toBe(403);
    expect((await grant(target, 'support', headers.support)).status).toBe(403);
    expect((await withdraw(ids.admin, 'admin', headers.support)).status).toBe(403);
    expect((await suspend(ids.admin, headers.support)).status).toBe(403);
  });

  it('is told to an operator who would act as somebody and holds no role any more, whatever their token says', async () => {
    const operator = await addUser(test);
    await addRole(test, operator, 'support');
    const { sessionId: _, ...as } = await asPerson(test, identityApi, { id: operator });
    await test.pool.query('DELETE FROM identity.role_grants WHERE user_id = $1', [operator]);
    expect((await act(target, as)).body).toMatchObject({ status: 403, code: 'access.denied' });
    const { rows } = await test.pool.query('SELECT FROM identity.sessions WHERE user_id = $1', [target]);
    expect(rows).toEqual([]);
  });

  it('is told to who would change their own account', async () => {
    expect((await grant(ids.admin, 'support')).body).toMatchObject({ code: 'admin.ownAccount' });
    expect((await withdraw(ids.admin, 'admin')).body).toMatchObject({ code: 'admin.ownAccount' });
    expect((await suspend(ids.admin, headers.admin)).body).toMatchObject({ code: 'admin.ownAccount' });
  });

  it('is told to who would act as an operator', async () => {
    expect((await act(ids.admin)).body).toMatchObject({ status: 403, code: 'admin.isOperator' });
    expect((await act(ids.support)).body).toMatchObject({ status: 403, code: 'admin.isOperator' });
  });
});

describe('404', () => {
  it('is told of nobody', async () => {
    const nobody = '01900000-0000-7000-8000-000000000001';
    const answers = [await get(`/${nobody}`), await suspend(nobody), await grant(nobody, 'support'), await act(nobody)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});

describe('409', () => {
  it('is told where somebody who is suspended is acted as, or given a role', async () => {
    await suspend(target);
    expect((await act(target)).body).toMatchObject({ status: 409, code: 'admin.notActive' });
    expect((await grant(target, 'support')).body).toMatchObject({ status: 409, code: 'admin.notActive' });
  });

  it.each(['withdraw', 'suspend'] as const)('of two admins who would %s each other at once, one stays', async (how) => {
    const rival = await addUser(test);
    await addRole(test, rival, 'admin');
    const rivals = await login(rival);
    const change = how === 'withdraw' ? (id: string, as: typeof rivals) => withdraw(id, 'admin', as) : suspend;
    const answers = await Promise.all([change(rival, headers.admin), change(ids.admin, rivals)]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    // The one who comes second is no admin any more, or would take the last.
    expect(statuses.every((status) => [200, 401, 403, 409].includes(status))).toBe(true);
    const { rows } = await test.pool.query(
      `SELECT user_id FROM identity.role_grants JOIN users.users ON id = user_id WHERE role = 'admin' AND state = 'active'`,
    );
    expect(rows).toHaveLength(1);
    await test.pool.query(`UPDATE users.users SET state = 'active' WHERE id = ANY ($1) AND state <> 'active'`, [
      [ids.admin, rival],
    ]);
    await test.pool.query(
      `INSERT INTO identity.role_grants (user_id, role) VALUES ($1, 'admin') ON CONFLICT DO NOTHING`,
      [ids.admin],
    );
    await test.pool.query(`DELETE FROM identity.role_grants WHERE user_id = $1`, [rival]);
    headers.admin = await login(ids.admin);
  });
});

describe('412', () => {
  it('is told to who gives or takes a role under an older version, and changes nothing', async () => {
    const path = `/${target}/roles/support`;
    const tag = String((await get(`/${target}`)).headers['etag']);
    await suspend(target);
    await reactivate(target);
    expect((await send('PUT', path, undefined, { ...headers.admin, 'If-Match': tag })).status).toBe(412);
    expect((await get(`/${target}`)).body).toMatchObject({ roles: [] });
    expect((await grant(target, 'support')).status).toBe(200);
    expect((await send('DELETE', path, undefined, { ...headers.admin, 'If-Match': tag })).status).toBe(412);
    expect((await get(`/${target}`)).body).toMatchObject({ roles: ['support'] });
  });

  it('is told to who read an older version', async () => {
    const tag = String((await get(`/${target}`)).headers['etag']);
    await suspend(target);
    const body = { state: 'active', reason: 'Ticket 8' };
    expect((await send('PATCH', `/${target}`, body, { ...headers.support, 'If-Match': tag })).status).toBe(412);
  });
});
