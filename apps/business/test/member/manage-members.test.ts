import { callerContext, inTransaction, sql } from '@pika/database';
import {
  addBusiness,
  addMember,
  addPerson,
  emailOf,
  jsonType,
  tokenOf,
  withKey,
  openTestDatabase,
  testClock,
  type Api,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBusinessApi } from '../business-api.ts';

const names = ['owner', 'manager', 'redeemer', 'stranger'] as const;
type Name = (typeof names)[number];

const clock = testClock('2026-03-04T15:00:00Z');
let test: OpenTestDatabase;
let api: Api;
const ids = {} as Record<Name, string>;
const headers = {} as Record<Name, { Authorization: string }>;
let business: string;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`INSERT INTO i18n.languages
    (code, name, english_name, direction, chain, match_length, text_search_config, is_active, is_default)
    VALUES ('es', 'es', 'es', 'ltr', '{es}', 1, 'spanish', true, true)`);
  api = await startBusinessApi(test, clock);
});
afterAll(async () => {
  await api?.close();
  await test?.close();
});

beforeEach(async () => {
  for (const name of names) ids[name] = await addPerson(test);
  business = await addBusiness(test, { [ids.owner]: 'owner', [ids.manager]: 'manager', [ids.redeemer]: 'redeemer' });
  await addBusiness(test, { [ids.stranger]: 'owner' });
  for (const name of names) headers[name] = await tokenOf(test, ids[name]);
});

const path = (userId = '') => `/v1/businesses/${business}/members${userId === '' ? '' : `/${userId}`}`;
const list = (as: Name, query = '') => api.get(`${path()}${query}`, headers[as]);
const patch = (as: Name, userId: string, body: unknown) =>
  api.send('PATCH', path(userId), { ...headers[as], ...jsonType }, JSON.stringify(body));
const remove = (as: Name, userId: string) => api.send('DELETE', path(userId), headers[as]);

async function rolesNow(): Promise<Record<string, string>> {
  const { rows } = await test.pool.query<{ id: string; role: string }>(
    'SELECT user_id AS id, role::text AS role FROM business.members WHERE business_id = $1',
    [business],
  );
  return Object.fromEntries(rows.map(({ id, role }) => [id, role]));
}

describe('an owner of more businesses than a token names', () => {
  it('acts for the others too, and for nobody else’s', async () => {
    const busy = await addPerson(test);
    for (let count = 0; count < 100; count += 1) await addBusiness(test, { [busy]: 'owner' });
    const last = await addBusiness(test, { [busy]: 'owner', [ids.redeemer]: 'redeemer' });
    await addMember(test, business, busy, 'redeemer');
    const as = await tokenOf(test, busy);
    expect((await api.get(`/v1/businesses/${last}/members`, as)).status).toBe(200);
    const demoted = await api.send('DELETE', `/v1/businesses/${last}/members/${ids.redeemer}`, as);
    expect(demoted.status).toBe(204);
    const email = 'new@pika.example';
    const invited = await api.post(
      `/v1/businesses/${last}/invitations`,
      { email, role: 'manager' },
      { ...as, ...withKey() },
    );
    expect(invited.status).toBe(201);

    expect((await list('owner')).status).toBe(200);
    expect((await api.get(path(), as)).status).toBe(403);
    const foreign = await addBusiness(test, { [ids.stranger]: 'owner' });
    for (const what of ['members', 'invitations']) {
      expect((await api.get(`/v1/businesses/${foreign}/${what}`, as)).status).toBe(404);
    }
    const refused = await api.post(
      `/v1/businesses/${foreign}/invitations`,
      { email, role: 'redeemer' },
      { ...as, ...withKey() },
    );
    expect(refused.status).toBe(404);
    expect((await api.send('DELETE', `/v1/businesses/${foreign}/members/${ids.stranger}`, as)).status).toBe(404);
  });
});

describe('200', () => {
  it('lists who works here, to owners and managers, page by page', async () => {
    for (const as of ['owner', 'manager'] as const) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { body, status } = await list(as, `?limit=1${more}`);
        expect(status).toBe(200);
        const answer = body as {
          data: { userId: string; email: string; role: string }[];
          page: { next: string | null };
        };
        seen.push(...answer.data.map(({ userId, email, role }) => `${userId} ${email} ${role}`));
        cursor = answer.page.next;
      }
      expect(seen.toSorted()).toEqual(
        (['owner', 'manager', 'redeemer'] as const)
          .map((role) => `${ids[role]} ${emailOf(ids[role])} ${role}`)
          .toSorted(),
      );
    }
  });

  it('changes a role, which counts at once whatever the token says', async () => {
    const answer = await patch('owner', ids.manager, { role: 'redeemer' });
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.objectContaining({ userId: ids.manager, email: emailOf(ids.manager), role: 'redeemer' }),
    ]);
    expect((await list('manager')).status).toBe(403);
    expect((await patch('owner', ids.redeemer, { role: 'manager' })).status).toBe(200);
    expect((await rolesNow())[ids.redeemer]).toBe('manager');
  });

  it('lets an owner step down where there is another', async () => {
    await patch('owner', ids.manager, { role: 'owner' });
    expect((await patch('owner', ids.owner, { role: 'redeemer' })).body).toMatchObject({ role: 'redeemer' });
  });

  it('revokes the open invitations of who is less than before, and of nobody else', async () => {
    for (const [as, email] of [
      ['owner', 'one@pika.example'],
      ['manager', 'two@pika.example'],
    ] as const) {
      const asked = { email, role: 'redeemer' };
      const made = await api.post(`/v1/businesses/${business}/invitations`, asked, { ...headers[as], ...withKey() });
      expect(made.status, made.text).toBe(201);
    }
    const states = async () => {
      const { body } = await api.get(`/v1/businesses/${business}/invitations`, headers.owner);
      const { data } = body as { data: { email: string; state: string }[] };
      return Object.fromEntries(data.map(({ email, state }) => [email, state]));
    };
    await patch('owner', ids.manager, { role: 'manager' });
    expect(await states()).toEqual({ 'one@pika.example': 'open', 'two@pika.example': 'open' });
    await patch('owner', ids.manager, { role: 'redeemer' });
    expect(await states()).toEqual({ 'one@pika.example': 'open', 'two@pika.example': 'revoked' });
  });
});

describe('204', () => {
  it('removes a member, who sees nothing of the business any more with the token they have', async () => {
    const caller = { kind: 'user', userId: ids.manager, sessionId: ids.manager, roles: [], businesses: {} } as const;
    const context = callerContext(caller, { requestId: 'r', clientAddress: '203.0.113.7', businessId: business });
    const campaigns = () =>
      inTransaction(test.database, context, (tx) =>
        tx.$queryRaw<{ name: string }[]>(sql`SELECT name FROM marketplace.campaigns`),
      );
    await test.pool.query(
      `INSERT INTO marketplace.campaigns (id, business_id, name, updated_at)
      VALUES (gen_random_uuid(), $1, 'Secret plan', now())`,
      [business],
    );
    expect(await campaigns()).toEqual([{ name: 'Secret plan' }]);
    expect((await remove('owner', ids.manager)).status).toBe(204);
    expect(await campaigns()).toEqual([]);
    expect((await list('manager')).status).toBe(404);
    expect((await remove('owner', ids.manager)).status).toBe(404);
  });

  it.each(['manager', 'redeemer'] as const)('lets a %s leave', async (as) => {
    expect((await remove(as, ids[as])).status).toBe(204);
    expect(await rolesNow()).not.toHaveProperty(ids[as]);
  });

  it('revokes the open invitations of who goes', async () => {
    const invited = await api.post(
      `/v1/businesses/${business}/invitations`,
      { email: 'new@pika.example', role: 'redeemer' },
      { ...headers.manager, ...withKey() },
    );
    expect(invited.status, invited.text).toBe(201);
    await remove('owner', ids.manager);
    const { body } = await api.get(`/v1/businesses/${business}/invitations`, headers.owner);
    expect(body).toMatchObject({ data: [{ email: 'new@pika.example', state: 'revoked' }] });
  });

  it('passes the founder’s place to another owner', async () => {
    await test.pool.query('UPDATE business.businesses SET owner_id = $1 WHERE id = $2', [ids.owner, business]);
    await patch('owner', ids.manager, { role: 'owner' });
    expect((await remove('owner', ids.owner)).status).toBe(204);
    const { rows } = await test.pool.query('SELECT owner_id AS owner FROM business.businesses WHERE id = $1', [
      business,
    ]);
    expect(rows).toEqual([{ owner: ids.manager }]);
    expect((await list('owner')).status).toBe(404);
  });
});

describe('400', () => {
  it.each([
    ['role', { role: 'admin' }],
    ['role', {}],
    ['userId', { role: 'redeemer', userId: '01900000-0000-7000-8000-000000000001' }],
    ['businessId', { role: 'redeemer', businessId: '01900000-0000-7000-8000-000000000001' }],
  ])('refuses %s', async (field, body) => {
    expect((await patch('owner', ids.redeemer, body)).body).toMatchObject({ status: 400, errors: [{ field }] });
  });
});

describe('401', () => {
  it('asks who calls', async () => {
    expect((await api.get(path())).status).toBe(401);
    expect((await api.send('DELETE', path(ids.redeemer))).status).toBe(401);
  });
});

describe('403', () => {
  it('is told to members who may not', async () => {
    expect((await list('redeemer')).status).toBe(403);
    for (const as of ['manager', 'redeemer'] as const) {
      expect((await patch(as, ids[as], { role: 'owner' })).status).toBe(403);
      expect((await remove(as, ids.owner)).status).toBe(403);
    }
    expect(await rolesNow()).toEqual({ [ids.owner]: 'owner', [ids.manager]: 'manager', [ids.redeemer]: 'redeemer' });
  });
});

describe('404', () => {
  it('hides the business from strangers, and strangers from it', async () => {
    expect((await list('stranger')).status).toBe(404);
    expect((await patch('stranger', ids.redeemer, { role: 'owner' })).status).toBe(404);
    expect((await remove('stranger', ids.redeemer)).status).toBe(404);
    expect((await patch('owner', ids.stranger, { role: 'owner' })).status).toBe(404);
    expect((await remove('owner', ids.stranger)).status).toBe(404);
  });
});

describe('409', () => {
  it('keeps the last owner, who can neither leave nor be demoted', async () => {
    expect((await remove('owner', ids.owner)).body).toMatchObject({ status: 409, code: 'member.lastOwner' });
    expect((await patch('owner', ids.owner, { role: 'manager' })).body).toMatchObject({ code: 'member.lastOwner' });
    expect((await rolesNow())[ids.owner]).toBe('owner');
  });

  it.each([
    ['demote each other', (as: Name, other: string) => patch(as, other, { role: 'redeemer' })],
    ['remove each other', (as: Name, other: string) => remove(as, other)],
    ['leave', (as: Name) => remove(as, ids[as])],
  ])('of two owners who %s at once, one stays: 20 times', async (_what, change) => {
    for (let round = 0; round < 20; round += 1) {
      await test.pool.query('DELETE FROM business.members WHERE business_id = $1 AND role <> $2', [business, 'owner']);
      await test.pool.query(
        `INSERT INTO business.members (business_id, user_id, role) VALUES ($1, $2, 'owner'), ($1, $3, 'owner')
         ON CONFLICT (business_id, user_id) DO UPDATE SET role = 'owner'`,
        [business, ids.owner, ids.manager],
      );
      const answers = await Promise.all([change('owner', ids.manager), change('manager', ids.owner)]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status < 300)).toHaveLength(1);
      expect(statuses.filter((status) => [403, 404, 409].includes(status))).toHaveLength(1);
      expect(Object.values(await rolesNow()).filter((role) => role === 'owner')).toHaveLength(1);
    }
  });

  it('keeps one of many who are removed past the API', async () => {
    await addMember(test, business, ids.stranger, 'owner');
    await expect(
      test.pool.query('DELETE FROM business.members WHERE business_id = $1', [business]),
    ).rejects.toMatchObject({
      code: '23514',
      constraint: 'members_last_owner',
    });
    await test.pool.query('DELETE FROM business.businesses WHERE id = $1', [business]);
    expect(await rolesNow()).toEqual({});
  });
});
