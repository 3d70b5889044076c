import { createPublicKey } from 'node:crypto';
import { request } from 'node:http';
import { singleStatements, jobContext } from '@pika/database';
import { openPrivateKey, route, verifyAccessToken } from '@pika/shared';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listSigningKeys } from '../../src/signing-key/signing-key.repository.ts';
import { addMarket, addUser, bearer, logIn, settings, startIdentityApi, type IdentityApi } from '../identity-api.ts';
import { attacksOn, type Attack, type Target } from './attacks.ts';

const documented = { tags: ['Tests'], summary: 'For tests' };
const answers = { 200: { description: 'Who called.', content: { 'application/json': z.looseObject({}) } } };
const routes = [
  route({
    ...documented,
    method: 'get',
    path: '/mine',
    operationId: 'mine',
    access: 'authenticated',
    query: z.strictObject({ access_token: z.string().optional() }),
    responses: answers,
    handler: ({ caller }) => ({ body: { userId: caller.userId, roles: caller.roles } }),
  }),
  route({
    ...documented,
    method: 'get',
    path: '/open',
    operationId: 'open',
    access: 'public',
    responses: answers,
    handler: ({ caller }) => ({ body: { kind: caller.kind } }),
  }),
];

let test: OpenTestDatabase;
let app: IdentityApi;
let target: Target;
let attacks: Attack[];

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  app = await startIdentityApi(test, { routes });
  const userId = await addUser(test);
  const suspendedId = await addUser(test);
  const { accessToken, sessionId } = await logIn(test, app.identity, userId);
  const revoked = await logIn(test, app.identity, userId);
  const suspended = await logIn(test, app.identity, suspendedId);
  await app.api.post('/v1/auth/logout', undefined, bearer(revoked.accessToken));
  await test.pool.query(`UPDATE users.users SET state = 'suspended' WHERE id = $1`, [suspendedId]);
  const [key] = await listSigningKeys(singleStatements(test.database, jobContext('test')));
  if (key === undefined) throw new Error('no key was made');
  target = {
    good: accessToken,
    issuer: settings.AUTH_ISSUER,
    kid: key.kid,
    publicJwk: key.publicJwk,
    publicKey: createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' }),
    privateKey: openPrivateKey(key.encryptedPrivateKey, key.kid, {
      secret: settings.IDENTITY_SECRET,
      purpose: 'pika.signing-key',
    }),
    userId,
    sessionId,
    revoked: { userId, sessionId: revoked.sessionId },
    suspended: { userId: suspendedId, sessionId: suspended.sessionId },
    stranger: await addUser(test),
    now: Math.floor(Date.now() / 1_000),
  };
  attacks = attacksOn(target);
});

afterAll(async () => {
  await app?.close();
  await test?.close();
});

const ask = (token: string, path = '/mine', language = 'en') =>
  app.api.get(path, { ...bearer(token), 'Accept-Language': language, 'X-Request-Id': 'attack' });

describe('401', () => {
  it('is the answer to each of more than sixty attacks, in the same bytes', async () => {
    const reference = await ask('nonsense');
    expect(reference).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    const through: string[] = [];
    for (const [name, token] of attacks) {
      for (let attempt = 0; attempt < 2; attempt++) {
        const { status, text, headers } = await ask(token);
        const isSame = text === reference.text && headers['www-authenticate'] === reference.headers['www-authenticate'];
        if (status !== 401 || !isSame) through.push(`${name}: ${status} ${text}`);
      }
    }
    expect(through).toEqual([]);
    expect(new Set(attacks.map(([name]) => name)).size).toBe(attacks.length);
    expect(attacks.length).toBeGreaterThanOrEqual(60);
    console.log(`[JWT attacks] ${attacks.length} attacks, each twice: all 401 with one body`);
  });

  it('is the answer on public routes too', async () => {
    for (const [name, token] of attacks.filter((_, index) => index % 10 === 0)) {
      expect([name, (await ask(token, '/open')).status]).toEqual([name, 401]);
    }
    expect((await app.api.get('/open')).status).toBe(200);
  });

  it('differs between languages in the language alone', async () => {
    const [first, second] = [await ask('nonsense', '/mine', 'es'), await ask(target.good.slice(1), '/mine', 'es')];
    expect(second.text).toBe(first.text);
    expect(first.text).not.toBe((await ask('nonsense')).text);
  });

  it('is the answer to two headers, whichever is good', async () => {
    for (const Authorization of [
      [`Bearer ${target.good}`, 'Bearer nonsense'],
      ['Bearer nonsense', `Bearer ${target.good}`],
      [`Bearer ${target.good}`, `Bearer ${target.good}`],
    ]) {
      expect(await app.api.get('/mine', { Authorization })).toMatchObject({
        status: 401,
        body: { code: 'auth.invalidToken' },
      });
    }
  });

  it('is the answer to other schemes and to a bearer without a token', async () => {
    const headers = [
      `Basic ${target.good}`,
      'Bearer',
      'Bearer ',
      target.good,
      `Bearer ${target.good} ${target.good}`,
      '',
    ];
    for (const Authorization of headers) {
      expect([Authorization, (await app.api.get('/mine', { Authorization })).status]).toEqual([Authorization, 401]);
    }
  });

  it('is the answer to a token in the query, which nobody reads', async () => {
    expect(await app.api.get(`/mine?access_token=${target.good}`)).toMatchObject({
      status: 401,
      body: { code: 'auth.required' },
    });
  });

  it('is what a megabyte gets, where it is not refused before it is read whole', async () => {
    const huge = 'a'.repeat(1_048_576);
    const verification = { keySet: app.authentication.keySet, issuer: target.issuer, now: () => new Date() };
    await expect(verifyAccessToken(huge, verification)).rejects.toMatchObject({ code: 'auth.invalidToken' });
    expect(await statusOf(huge)).toBe(431);
  });
});

/** The server may close before it has read all that is sent. */
function statusOf(token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${app.api.url}/mine`, { headers: bearer(token) }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('200', () => {
  it('is the answer to the good token, in any case of “Bearer”', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect(await app.api.get('/mine', { Authorization: `${scheme} ${target.good}` })).toMatchObject({
        status: 200,
        body: { userId: target.userId, roles: [] },
      });
    }
  });

  it('is the answer to what the attacks are made of, unchanged', async () => {
    const token = await app.identity.deps.signingKeys.sign({
      sub: target.userId,
      sid: target.sessionId,
      roles: [],
      businesses: {},
      jti: target.userId,
      issuedAt: new Date(),
    });
    expect((await ask(token)).status).toBe(200);
  });
});
