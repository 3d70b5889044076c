import { jobContext, listVerificationKeys, singleStatements, type Db } from '@pika/database';
import {
  ensureKeys,
  openKeySet,
  publicKeySet,
  rotateDueKeys,
  rotateKeys,
  verifyAccessToken,
  type ClaimsToSign,
} from '@pika/shared';
import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSigningKeys, signingKeyRing } from '../../src/index.ts';
import { signingKeyJobs } from '../../src/signing-key/signing-key.jobs.ts';
import { listSigningKeys } from '../../src/signing-key/signing-key.repository.ts';
import { addMarket, settings, startIdentityApi } from '../identity-api.ts';

const secret = settings.IDENTITY_SECRET;
const issuer = settings.AUTH_ISSUER;
const start = '2026-11-21T12:00:00Z';
const clock = testClock(start);
const after = (seconds: number) => clock.set(new Date(Date.parse(start) + seconds * 1_000));
const [minute, hour, day] = [60, 3_600, 86_400];

let test: OpenTestDatabase;
let db: Db;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  db = singleStatements(test.database, jobContext('test'));
});
afterAll(() => test?.close());
beforeEach(async () => {
  clock.set(start);
  await test.pool.query('DELETE FROM identity.signing_keys');
});

const onError = (error: unknown) => {
  throw error;
};
const ring = (under = secret) => signingKeyRing(db, under);
const open = () => openSigningKeys(test.database, { secret, issuer, now: clock.now, onError });
const claims = (): ClaimsToSign => ({
  sub: '01941f29-7c00-742e-8d2f-6d010638d381',
  sid: '01941f29-7c00-742e-8d2f-6d010638d382',
  jti: '01941f29-7c00-742e-8d2f-6d010638d383',
  roles: [],
  businesses: {},
  issuedAt: clock.now(),
});
const openVerifier = () =>
  openKeySet({ source: () => listVerificationKeys(test.database, clock.now()), onError, unknownSeconds: 0 });
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

describe('the first key', () => {
  it('is one, however many processes start at once', async () => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => open()));
    const kids = new Set(await Promise.all(opened.map(async (keys) => kidOf(await keys.sign(claims())))));
    for (const keys of opened) keys.stop();
    expect(kids.size).toBe(1);
    expect(await listSigningKeys(db)).toHaveLength(1);
  });

  it('is not lost at a restart', async () => {
    const [before, again] = [await open(), await open()];
    expect(again.published()).toEqual(before.published());
    expect(await again.sign(claims())).toBe(await before.sign(claims()));
    before.stop();
    again.stop();
  });

  it('lies encrypted, bound to its name', async () => {
    const [key] = await ensureKeys(ring(), clock.now());
    const { rows } = await test.pool.query(
      'SELECT encode(encrypted_private_key, $1) AS hex FROM identity.signing_keys',
      ['hex'],
    );
    // What PKCS #8 writes before each Ed25519 key.
    expect((rows[0] as { hex: string }).hex).not.toContain('302e020100300506032b6570');
    await test.pool.query('UPDATE identity.signing_keys SET kid = $1 WHERE kid = $2', ['moved', key?.kid]);
    await expect(open()).rejects.toThrow('IDENTITY_SECRET does not open the keys');
  });

  it('is not replaced where the secret is another: the start fails and says what to do', async () => {
    await ensureKeys(ring(), clock.now());
    const opening = openSigningKeys(test.database, {
      secret: 'another secret altogether',
      issuer,
      now: clock.now,
      onError,
    });
    await expect(opening).rejects.toThrow('npm run keys:rotate -- --at-once');
    expect(await listSigningKeys(db)).toHaveLength(1);
  });
});

describe('a rotation', () => {
  it('publishes a key before it signs, and withdraws the former after its last token', async () => {
    const keys = await open();
    const verifier = await openVerifier();
    const verify = async (token: string) => {
      await verifier.refresh();
      return verifyAccessToken(token, { keySet: verifier, issuer, now: clock.now });
    };
    const first = kidOf(await keys.sign(claims()));
    const rotation = await rotateKeys(ring(), { now: clock.now() });
    expect(rotation).toMatchObject({ outcome: 'rotated', activeFrom: new Date(Date.parse(start) + hour * 1_000) });
    await keys.refresh();
    expect(keys.published().keys).toHaveLength(2);
    expect(kidOf(await keys.sign(claims()))).toBe(first);

    after(hour - 1);
    const last = await keys.sign(claims());
    expect(kidOf(last)).toBe(first);
    after(hour);
    const next = await keys.sign(claims());
    expect(kidOf(next)).not.toBe(first);
    after(hour + 10 * minute - 2);
    await verify(last);
    await verify(next);

    after(2 * hour + 1);
    await keys.refresh();
    expect(keys.published().keys.map(({ kid }) => kid)).toEqual([kidOf(next)]);
    await expect(verifier.refresh().then(() => verifier.find(first ?? ''))).resolves.toBeNull();
    keys.stop();
    verifier.stop();
  });

  it('is one of many at once, and waits for the one that is under way', async () => {
    await ensureKeys(ring(), clock.now());
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => rotateKeys(ring(), { now: clock.now() })));
    expect(outcomes.filter(({ outcome }) => outcome === 'rotated')).toHaveLength(1);
    expect(await listSigningKeys(db)).toHaveLength(2);
  });

  it('at once makes every former token worthless, also where the secret is lost', async () => {
    const keys = await open();
    const stolen = await keys.sign(claims());
    keys.stop();
    await rotateKeys(ring(), { now: clock.now() });
    const lost = 'the secret that came after';
    expect(await rotateKeys(ring(lost), { now: clock.now(), atOnce: true })).toMatchObject({
      outcome: 'rotated',
      activeFrom: clock.now(),
    });
    const anew = await openSigningKeys(test.database, { secret: lost, issuer, now: clock.now, onError });
    const verifier = await openVerifier();
    const verification = { keySet: verifier, issuer, now: clock.now };
    await verifyAccessToken(await anew.sign(claims()), verification);
    await expect(verifyAccessToken(stolen, verification)).rejects.toMatchObject({ code: 'auth.invalidToken' });
    expect(anew.published().keys).toHaveLength(1);
    anew.stop();
    verifier.stop();
  });
});

describe('the daily look', () => {
  it('rotates when the newest has signed for thirty days, once', async () => {
    const [job] = signingKeyJobs({ database: test.database, keySecret: secret, now: clock.now });
    const count = async () => (await listSigningKeys(db)).length;
    const signal = new AbortController().signal;
    await job?.run(signal);
    expect(await count()).toBe(1);
    after(30 * day - 1);
    await job?.run(signal);
    expect(await count()).toBe(1);
    after(30 * day);
    await job?.run(signal);
    await job?.run(signal);
    expect(await count()).toBe(2);
    after(60 * day + hour);
    await job?.run(signal);
    expect(await count()).toBe(2);
  });

  it('makes a key that signs at once where all have retired', async () => {
    const keys = await open();
    const first = kidOf(await keys.sign(claims()));
    after(91 * day);
    await expect(keys.sign(claims())).rejects.toThrow('No key signs');
    await keys.refresh();
    expect(kidOf(await keys.sign(claims()))).not.toBe(first);
    expect(await rotateDueKeys(ring(), clock.now())).toBeNull();
    keys.stop();
  });
});

describe('GET /.well-known/jwks.json', () => {
  it('shows the public halves to everybody, for caches', async () => {
    const app = await startIdentityApi(test, { now: clock.now });
    const answer = await app.api.get('/.well-known/jwks.json');
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=300' } });
    const { keys } = publicKeySet.parse(answer.body);
    expect(keys).toHaveLength(1);
    expect(Object.keys((answer.body as { keys: object[] }).keys[0] ?? {}).toSorted()).toEqual([
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
    ]);
    const etag = answer.headers.etag ?? '';
    expect((await app.api.get('/.well-known/jwks.json', { 'If-None-Match': etag })).status).toBe(304);

    const overHttp = await openKeySet({ source: `${app.api.url}/.well-known/jwks.json`, onError });
    const token = await app.identity.deps.signingKeys.sign(claims());
    await verifyAccessToken(token, { keySet: overHttp, issuer, now: clock.now });
    overHttp.stop();
    await app.close();
  });
});
