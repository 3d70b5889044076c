import { apiKeyMemorySeconds, callerContext, inTransaction, openApiKeys, sql } from '@pika/database';
import { instantText, route, type Route } from '@pika/shared';
import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addMarket, addUser, bearer, startIdentityApi, type IdentityApi } from '../identity-api.ts';
import { addBusiness, addRole, asPerson, withKey } from '../people.ts';

const clock = testClock('2026-03-04T15:00:00Z');
let test: OpenTestDatabase;
let identityApi: IdentityApi;
let business: string;
let otherBusiness: string;
const people = { owner: '', manager: '', redeemer: '', stranger: '', admin: '' };
const headers: Record<keyof typeof people, { Authorization: string }> = {} as never;

/** What a key may do elsewhere: read the offers of its business. */
const offers: Route = route({
  method: 'get',
  path: '/v1/tests/{businessId}/offers',
  operationId: 'listOffers',
  tags: ['Tests'],
  summary: 'For tests',
  access: { member: ['owner', 'manager'], business: 'businessId', scope: 'offers.read' },
  params: z.strictObject({ businessId: z.uuid() }),
  responses: { 200: { description: 'Who called.', content: { 'application/json': z.looseObject({}) } } },
  handler: async ({ caller, params: { businessId }, requestId, clientAddress }) => {
    const context = callerContext(caller, { requestId, clientAddress, businessId });
    const [row] = await inTransaction(test.database, context, (tx) =>
      tx.$queryRaw<{ actor: string; business: string | null }[]>(sql`
        SELECT current_setting('app.actor') AS actor, security.current_business_id() AS business`),
    );
    return { body: { caller, ...row } };
  },
});

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test, { routes: [offers], now: clock.now });
  for (const name of Object.keys(people) as (keyof typeof people)[]) people[name] = await addUser(test);
  business = await addBusiness(test, {
    [people.owner]: 'owner',
    [people.manager]: 'manager',
    [people.redeemer]: 'redeemer',
  });
  otherBusiness = await addBusiness(test, { [people.stranger]: 'owner' });
  await addRole(test, people.admin, 'admin');
  for (const name of Object.keys(people) as (keyof typeof people)[]) {
    headers[name] = { Authorization: (await asPerson(test, identityApi, { id: people[name] })).Authorization };
  }
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

const wish = (more: object = {}) => ({ businessId: business, name: 'Till 2', scopes: ['offers.read'], ...more });
const post = (body: unknown, as: Record<string, string> = headers.owner, key = withKey()) =>
  identityApi.api.post('/v1/api-keys', body, { ...as, ...key });
const revoke = (id: string, as = headers.owner) => identityApi.api.send('DELETE', `/v1/api-keys/${id}`, { ...as });

async function made(more: object = {}): Promise<{ id: string; secret: string; prefix: string }> {
  const { status, text, body } = await post(wish(more));
  expect(status, text).toBe(201);
  return body as { id: string; secret: string; prefix: string };
}

/** The list of revoked sessions is good for a minute of that clock. */
async function moveTo(instant: Date): Promise<void> {
  clock.set(instant);
  await identityApi.authentication.revokedSessions.refresh();
}

const inSeconds = (seconds: number, from = clock.now()) => new Date(from.getTime() + seconds * 1_000);

const use = (secret: string, origin?: string, of = business) =>
  identityApi.api.get(`/v1/tests/${of}/offers`, {
    ...bearer(secret),
    ...(origin === undefined ? {} : { Origin: origin }),
  });

const listed = async (as = headers.owner, query = '') =>
  identityApi.api.get(`/v1/api-keys?businessId=${business}${query}`, as);

describe('201', () => {
  it('shows the secret once and stores its hash alone', async () => {
    const key = await made();
    expect(key.secret).toMatch(/^pika_[0-9a-f]{12}_[\w-]{43}$/);
    expect(key.secret.startsWith(`${key.prefix}_`)).toBe(true);
    const { rows } = await test.pool.query(
      `SELECT octet_length(secret_hash) AS bytes, secret_hash = sha256(convert_to($2, 'UTF8')) AS "isHash", created_by AS "createdBy"
       FROM identity.api_keys WHERE id = $1`,
      [key.id, key.secret.slice(key.prefix.length + 1)],
    );
    expect(rows).toEqual([{ bytes: 32, isHash: true, createdBy: people.owner }]);
    const { text } = await listed();
    expect(text).toContain(key.prefix);
    expect(text).not.toContain(key.secret.slice(key.prefix.length + 1));
  });

  it('is answered again under its key without the secret, which is stored nowhere', async () => {
    const key = withKey();
    const first = await post(wish(), headers.owner, key);
    const again = await post(wish(), headers.owner, key);
    const { secret, ...told } = first.body as { secret: string };
    expect([again.status, again.body]).toEqual([201, { ...told, secret: null }]);
    const { rows } = await test.pool.query(
      `SELECT count(*)::int AS count FROM security.idempotency_keys WHERE convert_from(body, 'UTF8') LIKE '%' || $1 || '%'`,
      [secret],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('is for managers too', async () => {
    expect((await post(wish(), headers.manager)).status).toBe(201);
  });
});

describe('a key', () => {
  it('acts for its business with its scopes', async () => {
    const { secret, id } = await made({ scopes: ['offers.read', 'redemptions.write'] });
    const { status, body } = await use(secret);
    expect([status, body]).toEqual([
      200,
      {
        caller: { kind: 'apiKey', keyId: id, businessId: business, scopes: ['offers.read', 'redemptions.write'] },
        actor: `api-key:${id}`,
        business,
      },
    ]);
    expect((await use(secret, undefined, otherBusiness)).status).toBe(404);
    expect((await use((await made({ scopes: ['analytics.read'] })).secret)).status).toBe(403);
  });

  it('makes, lists and revokes no keys', async () => {
    const { secret, id } = await made();
    expect((await post(wish(), bearer(secret))).status).toBe(403);
    expect((await listed(bearer(secret))).status).toBe(403);
    expect((await revoke(id, bearer(secret))).status).toBe(403);
  });

  it('that was revoked is refused at once here, and within 15 seconds where it was just used', async () => {
    const { secret, id } = await made();
    const elsewhere = openApiKeys(test.database, { now: clock.now });
    const request = { origin: undefined, clientAddress: '203.0.113.7' };
    expect((await use(secret)).status).toBe(200);
    await elsewhere.authenticate(secret, request);
    expect((await revoke(id)).status).toBe(204);
    expect((await use(secret)).status).toBe(401);
    const seen = await inTransaction(test.database, { actor: { type: 'apiKey', id }, businessId: business }, (tx) =>
      tx.$queryRaw<{ id: string | null }[]>(sql`SELECT security.current_business_id() AS id`),
    );
    expect(seen).toEqual([{ id: null }]);
    await moveTo(inSeconds(apiKeyMemorySeconds));
    await expect(elsewhere.authenticate(secret, request)).rejects.toMatchObject({ code: 'auth.invalidToken' });
  });

  it('is refused from its expiry on', async () => {
    const expiresAt = inSeconds(5);
    const { secret } = await made({ expiresAt: expiresAt.toISOString() });
    expect((await use(secret)).status).toBe(200);
    await moveTo(expiresAt);
    expect((await use(secret)).status).toBe(401);
  });

  it('is for servers unless it lists origins, and then for those alone', async () => {
    const [server, page] = [await made(), await made({ allowedOrigins: ['https://shop.example'] })];
    expect((await use(server.secret)).status).toBe(200);
    expect((await use(server.secret, 'https://shop.example')).status).toBe(401);
    expect((await use(page.secret, 'https://shop.example')).status).toBe(200);
    for (const origin of ['https://shop.example.evil', 'http://shop.example', 'null', 'https://SHOP.example']) {
      expect([origin, (await use(page.secret, origin)).status]).toEqual([origin, 401]);
    }
  });

  it('of a suspended or deleted business is refused', async () => {
    const { secret } = await made();
    const change = (text: string) =>
      test.pool.query(`UPDATE business.businesses SET ${text} WHERE id = $1`, [business]);
    for (const [away, back] of [
      [`status = 'suspended'`, `status = 'verified'`],
      ['deleted_at = now()', 'deleted_at = NULL'],
    ] as const) {
      await change(away);
      await moveTo(inSeconds(apiKeyMemorySeconds));
      expect((await use(secret)).status).toBe(401);
      await change(back);
      await moveTo(inSeconds(apiKeyMemorySeconds));
      expect((await use(secret)).status).toBe(200);
    }
  });

  it('says when it was used, written once a minute however often that is, and never in the audit log', async () => {
    const { secret, id } = await made();
    const from = clock.now();
    const writes = async () => {
      const { rows } = await test.pool.query<{ at: Date; row: string }>(
        'SELECT last_used_at AS at, xmin::text AS row FROM identity.api_key_uses WHERE api_key_id = $1',
        [id],
      );
      return rows;
    };
    const entries = async () =>
      (
        await test.pool.query(
          `SELECT count(*)::int AS n FROM audit.entries WHERE row_key = jsonb_build_object('id', $1::text)`,
          [id],
        )
      ).rows[0].n;
    await use(secret);
    const [first] = await writes();
    expect(first?.at).toEqual(from);
    for (let count = 0; count < 20; count += 1) {
      await moveTo(inSeconds(2.5));
      await use(secret);
    }
    expect(await writes()).toEqual([first]);
    await moveTo(inSeconds(60, from));
    await Promise.all(Array.from({ length: 10 }, () => use(secret)));
    expect((await writes()).map(({ at }) => at)).toEqual([inSeconds(60, from)]);
    expect(await entries()).toBe(1);
    const { data } = (await listed()).body as { data: { id: string; lastUsedAt: string }[] };
    expect(data.find((key) => key.id === id)?.lastUsedAt).toBe(instantText(clock.now()));
  });

  it.each([
    ['another secret', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['another prefix', (token: string) => token.replace(/^pika_./, (text) => `pika_${text.endsWith('0') ? '1' : '0'}`)],
    ['less of it', (token: string) => token.slice(0, -1)],
    ['more of it', (token: string) => `${token}A`],
    ['the prefix alone', (token: string) => token.slice(0, 17)],
    ['capitals', (token: string) => token.toUpperCase()],
    ['nothing behind pika_', () => 'pika_'],
  ])('is refused with the same body as %s', async (_what, change) => {
    const { secret } = await made();
    const answer = await use(change(secret));
    const { requestId: _one, instance: _two, ...body } = answer.body as Record<string, unknown>;
    expect([answer.status, body['code']]).toEqual([401, 'auth.invalidToken']);
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });
});

describe('200', () => {
  it('lists the latest first, page by page, revoked ones too', async () => {
    await moveTo(inSeconds(1));
    const { id } = await made();
    await revoke(id);
    const { body } = await listed(headers.manager, '&limit=1');
    const { data, page } = body as { data: { id: string; revokedAt: string }[]; page: { next: string } };
    expect(data).toMatchObject([{ id, revokedAt: instantText(clock.now()) }]);
    const next = await listed(headers.manager, `&limit=1&cursor=${encodeURIComponent(page.next)}`);
    expect((next.body as { data: { id: string }[] }).data[0]?.id).not.toBe(id);
  });
});

describe('204', () => {
  it('revokes, once, and lets the first instant stand', async () => {
    const { id } = await made();
    const at = instantText(clock.now());
    expect((await revoke(id, headers.manager)).status).toBe(204);
    await moveTo(inSeconds(1));
    expect((await revoke(id)).status).toBe(404);
    const { data } = (await listed()).body as { data: { id: string; revokedAt: string }[] };
    expect(data.find((key) => key.id === id)?.revokedAt).toBe(at);
  });
});

describe('400', () => {
  it.each([
    ['scopes', { scopes: [] }],
    ['scopes.0', { scopes: ['everything'] }],
    ['scopes', { scopes: ['offers.read', 'offers.read'] }],
    ['name', { name: '' }],
    ['expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['allowedOrigins.0', { allowedOrigins: ['https://shop.example/'] }],
    ['allowedOrigins.0', { allowedOrigins: ['*'] }],
    ['allowedOrigins.0', { allowedOrigins: ['javascript:alert(1)'] }],
    ['prefix', { prefix: 'pika_aaaaaaaaaaaa' }],
    ['createdBy', { createdBy: '01900000-0000-7000-8000-000000000001' }],
    ['secret', { secret: 'pika_aaaaaaaaaaaa_x' }],
  ])('refuses %s', async (field, more) => {
    const answer = await post(wish(more));
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ errors: expect.arrayContaining([expect.objectContaining({ field })]) }),
    ]);
  });
});

describe('401', () => {
  it('asks who calls', async () => {
    expect((await post(wish(), {})).status).toBe(401);
    expect((await listed({} as never)).status).toBe(401);
    expect((await revoke('01900000-0000-7000-8000-000000000001', {} as never)).status).toBe(401);
  });
});

describe('403', () => {
  it('is told to redeemers', async () => {
    const { id } = await made();
    expect((await post(wish(), headers.redeemer)).status).toBe(403);
    expect((await listed(headers.redeemer)).status).toBe(403);
    expect((await revoke(id, headers.redeemer)).status).toBe(403);
  });

  it('is told to a manager who was demoted a moment ago, whose token says manager still', async () => {
    const demoted = await addUser(test);
    await test.pool.query(`INSERT INTO business.members (business_id, user_id, role) VALUES ($1, $2, 'manager')`, [
      business,
      demoted,
    ]);
    const { Authorization } = await asPerson(test, identityApi, { id: demoted });
    expect((await listed({ Authorization })).status).toBe(200);
    await test.pool.query(`UPDATE business.members SET role = 'redeemer' WHERE user_id = $1`, [demoted]);
    expect((await listed({ Authorization })).status).toBe(403);
    expect((await post(wish(), { Authorization })).status).toBe(403);
    await test.pool.query('DELETE FROM business.members WHERE user_id = $1', [demoted]);
    expect((await listed({ Authorization })).status).toBe(404);
  });
});

describe('404', () => {
  it('hides the keys and the businesses of others, from admins too', async () => {
    const { id } = await made();
    for (const as of [headers.stranger, headers.admin]) {
      expect((await post(wish(), as)).status).toBe(404);
      expect((await listed(as)).status).toBe(404);
      expect((await revoke(id, as)).status).toBe(404);
    }
    expect((await revoke('01900000-0000-7000-8000-000000000001')).status).toBe(404);
  });
});
