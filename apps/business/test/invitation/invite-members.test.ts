import { inTransaction, sql } from '@pika/database';
import { invitationToken } from '@pika/shared';
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
import { invitationSecret, startBusinessApi } from '../business-api.ts';

const start = '2026-03-04T15:00:00Z';
const clock = testClock(start);
const names = ['owner', 'manager', 'redeemer', 'stranger'] as const;
type Name = (typeof names)[number];

let test: OpenTestDatabase;
let api: Api;
const ids = {} as Record<Name, string>;
const headers = {} as Record<Name, { Authorization: string }>;
let business: string;
let invited: string;

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
  clock.set(start);
  for (const name of names) ids[name] = await addPerson(test);
  business = await addBusiness(test, { [ids.owner]: 'owner', [ids.manager]: 'manager', [ids.redeemer]: 'redeemer' });
  await addBusiness(test, { [ids.stranger]: 'owner' });
  for (const name of names) headers[name] = await tokenOf(test, ids[name]);
  invited = await addPerson(test);
});

const path = () => `/v1/businesses/${business}/invitations`;
const invite = (as: Name, body: unknown, key: Record<string, string> = withKey()) =>
  api.post(path(), body, { ...headers[as], ...key });
const revoke = (as: Name, id: string) => api.send('DELETE', `${path()}/${id}`, headers[as]);
const listed = async (as: Name) =>
  ((await api.get(path(), headers[as])).body as { data: { id: string; state: string }[] }).data;

async function invitation(role = 'redeemer', email = emailOf(invited)): Promise<{ id: string; token: string }> {
  const { body, status, text } = await invite('owner', { email, role });
  expect(status, text).toBe(201);
  const { id } = body as { id: string };
  return { id, token: invitationToken(id, invitationSecret) };
}

const accept = async (token: string, userId = invited) =>
  api.post('/v1/businesses/invitations/accept', { token }, await tokenOf(test, userId));

async function roleOf(userId: string): Promise<string | undefined> {
  const { rows } = await test.pool.query<{ role: string }>(
    'SELECT role::text AS role FROM business.members WHERE business_id = $1 AND user_id = $2',
    [business, userId],
  );
  return rows[0]?.role;
}

describe('201', () => {
  it('invites for seven days, with an event that holds no token', async () => {
    const answer = await invite('owner', { email: ` ${emailOf(invited).toUpperCase()}`, role: 'manager' });
    expect(answer.body).toMatchObject({
      email: emailOf(invited),
      role: 'manager',
      state: 'open',
      invitedBy: ids.owner,
      expiresAt: '2026-03-11T15:00:00Z',
    });
    const { id } = answer.body as { id: string };
    const token = invitationToken(id, invitationSecret);
    const { rows } = await test.pool.query(
      `SELECT type, payload FROM public.outbox_events WHERE aggregate_type = 'invitation' AND aggregate_id = $1`,
      [id],
    );
    expect(rows).toMatchObject([{ type: 'invitation.created', payload: { invitationId: id } }]);
    expect(JSON.stringify(rows) + answer.text).not.toContain(token);
    const { rows: stored } = await test.pool.query(
      `SELECT token_hash = sha256(convert_to($2, 'UTF8')) AS "isHash" FROM business.invitations WHERE id = $1`,
      [id, token],
    );
    expect(stored).toEqual([{ isHash: true }]);
  });

  it('lets who was invited be forgotten, and does not invite again under the same key', async () => {
    const key = withKey();
    const email = emailOf(invited);
    const { body } = await invite('owner', { email, role: 'redeemer' }, key);
    await invite('owner', { email: 'other@pika.example', role: 'redeemer' });
    const kept = async (text: string) => {
      const { rows } = await test.pool.query(
        'SELECT caller FROM security.idempotency_keys WHERE position($1::bytea IN body) > 0',
        [Buffer.from(text)],
      );
      return rows;
    };
    expect(await kept(email)).toEqual([{ caller: `user:${ids.owner}` }]);
    const erased = await inTransaction(test.database, { actor: { type: 'user', id: invited } }, (tx) =>
      tx.$queryRaw(sql`SELECT verdict FROM identity.erase_person(now(), sha256('x'))`),
    );
    expect(erased).toEqual([{ verdict: 'erased' }]);
    expect(await kept(email)).toEqual([]);
    expect(await kept('other@pika.example')).toHaveLength(1);

    const { id } = body as { id: string };
    const again = await invite('owner', { email, role: 'redeemer' }, key);
    expect(again).toMatchObject({ status: 201, body: { ...(body as object), email: `${id}@erased.invalid` } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    const { rows } = await test.pool.query('SELECT id FROM business.invitations WHERE business_id = $1 AND role = $2', [
      business,
      'redeemer',
    ]);
    expect(rows).toHaveLength(2);
  });

  it('is refused for who is a member, with nothing kept under the key (409)', async () => {
    const key = withKey();
    const texts = new Set<string>();
    for (const language of ['en', 'es', 'gn', 'ar']) {
      const answer = await invite(
        'manager',
        { email: emailOf(ids.redeemer), role: 'redeemer' },
        {
          ...key,
          'Accept-Language': language,
        },
      );
      expect(answer.body).toMatchObject({ status: 409, code: 'invitation.alreadyMember' });
      texts.add((answer.body as { title: string }).title);
    }
    expect(texts.size).toBe(4);
    expect(await listed('owner')).toEqual([]);
    await test.pool.query('DELETE FROM business.members WHERE user_id = $1', [ids.redeemer]);
    expect((await invite('manager', { email: emailOf(ids.redeemer), role: 'redeemer' }, key)).status).toBe(201);
  });

  it('invites once for a request that is sent again under its key', async () => {
    const key = withKey();
    const body = { email: 'once@pika.example', role: 'redeemer' };
    const [first, again] = [await invite('owner', body, key), await invite('owner', body, key)];
    expect(again.text).toBe(first.text);
    expect(await listed('owner')).toHaveLength(1);
  });

  it('makes way for another to the same address: the former link is void', async () => {
    const former = await invitation('redeemer');
    const next = await invitation('manager');
    expect((await listed('owner')).map(({ id, state }) => [id, state])).toEqual(
      expect.arrayContaining([
        [former.id, 'revoked'],
        [next.id, 'open'],
      ]),
    );
    expect((await accept(former.token)).status).toBe(404);
    expect((await accept(next.token)).body).toEqual({ businessId: business, role: 'manager' });
  });

  it('lets managers invite redeemers', async () => {
    expect((await invite('manager', { email: 'new@pika.example', role: 'redeemer' })).status).toBe(201);
  });

  it('of ten invitations at once to one address leaves one open', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => invite('owner', { email: 'many@pika.example', role: 'redeemer' })),
    );
    expect(answers.every(({ status }) => [201, 409].includes(status))).toBe(true);
    expect((await listed('owner')).filter(({ state }) => state === 'open')).toHaveLength(1);
  });
});

describe('200', () => {
  it('makes the invited person a member, and says the same when it is accepted again', async () => {
    const { token, id } = await invitation('manager');
    const answers = await Promise.all([accept(token), accept(token), accept(token)]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 3 }, () => [200, { businessId: business, role: 'manager' }]),
    );
    expect(await roleOf(invited)).toBe('manager');
    expect(await listed('owner')).toMatchObject([{ id, state: 'accepted' }]);
  });

  it('takes nothing away from who became more meanwhile', async () => {
    const { token } = await invitation('redeemer');
    await addMember(test, business, invited, 'owner');
    expect((await accept(token)).body).toMatchObject({ role: 'owner' });
    expect(await roleOf(invited)).toBe('owner');
  });

  it('raises who became less meanwhile', async () => {
    const { token } = await invitation('manager');
    await addMember(test, business, invited, 'redeemer');
    expect((await accept(token)).body).toMatchObject({ role: 'manager' });
    expect(await roleOf(invited)).toBe('manager');
  });
});

describe('204', () => {
  it('revokes an open invitation, once', async () => {
    const { id, token } = await invitation();
    expect((await revoke('manager', id)).status).toBe(204);
    expect((await revoke('owner', id)).status).toBe(404);
    expect((await accept(token)).status).toBe(404);
    expect(await roleOf(invited)).toBeUndefined();
  });
});

describe('400', () => {
  it.each([
    ['email', { email: 'nobody', role: 'redeemer' }],
    ['role', { email: 'a@pika.example', role: 'admin' }],
    ['token', { email: 'a@pika.example', role: 'redeemer', token: 'mine' }],
    ['expiresAt', { email: 'a@pika.example', role: 'redeemer', expiresAt: '2099-01-01T00:00:00Z' }],
    ['invitedBy', { email: 'a@pika.example', role: 'redeemer', invitedBy: '01900000-0000-7000-8000-000000000001' }],
  ])('refuses %s', async (field, body) => {
    expect((await invite('owner', body)).body).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it('asks for an Idempotency-Key', async () => {
    const answer = await api.post(path(), { email: 'a@pika.example', role: 'redeemer' }, headers.owner);
    expect(answer.body).toMatchObject({ code: 'idempotency.keyMissing' });
  });
});

describe('401', () => {
  it('asks who calls', async () => {
    expect((await api.get(path())).status).toBe(401);
    expect((await api.post('/v1/businesses/invitations/accept', { token: 'x' })).status).toBe(401);
    expect((await api.send('POST', path(), jsonType, '{}')).status).toBe(401);
  });
});

describe('403', () => {
  it('is told to redeemers, and to managers who would invite more than redeemers', async () => {
    const body = (role: string) => ({ email: 'a@pika.example', role });
    expect((await invite('redeemer', body('redeemer'))).status).toBe(403);
    expect((await api.get(path(), headers.redeemer)).status).toBe(403);
    for (const role of ['owner', 'manager']) expect((await invite('manager', body(role))).status).toBe(403);
  });

  it('is told to who has not verified their address', async () => {
    const unverified = await addPerson(test, { isVerified: false });
    const { token } = await invitation('redeemer', emailOf(unverified));
    expect((await accept(token, unverified)).body).toMatchObject({ status: 403, code: 'invitation.emailNotVerified' });
    expect(await roleOf(unverified)).toBeUndefined();
  });
});

describe('404', () => {
  it('hides invitations from others than the invited, whoever has the link', async () => {
    const { id, token } = await invitation('owner');
    for (const userId of [ids.stranger, ids.redeemer, ids.owner]) {
      expect((await accept(token, userId)).body).toMatchObject({ status: 404, code: 'invitation.notFound' });
    }
    expect((await accept(`${token}A`)).body).toMatchObject({ status: 404, code: 'invitation.notFound' });
    expect(await roleOf(ids.stranger)).toBeUndefined();
    expect((await invite('stranger', { email: 'a@pika.example', role: 'redeemer' })).status).toBe(404);
    expect((await api.get(path(), headers.stranger)).status).toBe(404);
    expect((await revoke('stranger', id)).status).toBe(404);
  });

  it.each([
    ['was demoted', `UPDATE business.members SET role = 'redeemer' WHERE user_id = $1`],
    ['may not invite to that role any more', `UPDATE business.members SET role = 'manager' WHERE user_id = $1`],
    ['was removed', 'DELETE FROM business.members WHERE user_id = $1'],
    ['was suspended', `UPDATE users.users SET state = 'suspended' WHERE id = $1`],
  ])('is told where the inviter %s since, by whatever way', async (_what, change) => {
    const { token } = await invitation('manager');
    await addMember(test, business, ids.stranger, 'owner');
    await test.pool.query(change, [ids.owner]);
    expect((await accept(token)).body).toMatchObject({ status: 404, code: 'invitation.notFound' });
    expect(await roleOf(invited)).toBeUndefined();
  });

  it('is told of an invitation to a business that was deleted', async () => {
    const { token } = await invitation();
    await test.pool.query('UPDATE business.businesses SET deleted_at = now() WHERE id = $1', [business]);
    expect((await accept(token)).status).toBe(404);
  });
});

describe('409', () => {
  it('is told from seven days on', async () => {
    const { token } = await invitation();
    clock.set('2026-03-11T15:00:00Z');
    expect((await accept(token)).body).toMatchObject({ status: 409, code: 'invitation.expired' });
    expect(await listed('owner')).toMatchObject([{ state: 'expired' }]);
    clock.set('2026-03-11T14:59:59Z');
    expect((await accept(token)).status).toBe(200);
  });
});

describe('429', () => {
  it('is told after fifty of a business in a day, also where many come at once', async () => {
    await test.pool.query(
      `INSERT INTO business.invitations (id, business_id, email, role, token_hash, created_at, expires_at)
       SELECT gen_random_uuid(), $1::uuid, 'guest' || n || '@pika.example', 'redeemer', sha256(($1::uuid::text || n)::bytea),
         $2::timestamptz + make_interval(mins => n), $2::timestamptz + interval '7 days'
       FROM generate_series(1, 45) AS n`,
      [business, start],
    );
    clock.set('2026-03-04T16:00:00Z');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => invite('owner', { email: `late${n}@pika.example`, role: 'redeemer' })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(7);
    // The first was made at 15:01.
    expect(refused[0]?.headers['retry-after']).toBe(String(23 * 3_600 + 60));
    expect(refused[0]?.body).toMatchObject({ code: 'request.tooMany' });
    clock.set('2026-03-05T15:01:00Z');
    expect((await invite('owner', { email: 'next@pika.example', role: 'redeemer' })).status).toBe(201);
    expect((await invite('owner', { email: 'after@pika.example', role: 'redeemer' })).status).toBe(429);
  });
});
