import { jobContext, singleStatements, type Db } from '@pika/database';
import { ensureKeys, newId, publicKeySet, rotateDueKeys, rotateKeys } from '@pika/shared';
import { readVoucherKeys, verifyVoucherToken } from '@pika/shared/voucher-token';
import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { openVoucherKeys, voucherKeyRing, type VoucherKeys } from '@pika/vouchers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { voucherKeyJobs } from '../../src/voucher-key/voucher-key.jobs.ts';
import { startVouchersApi } from '../vouchers-api.ts';

const secret = 'a secret of the tests';
const start = '2026-11-21T12:00:00Z';
const clock = testClock(start);
const after = (seconds: number) => clock.set(new Date(Date.parse(start) + seconds * 1_000));
const day = 86_400;

let test: OpenTestDatabase;
let db: Db;

beforeAll(async () => {
  test = await openTestDatabase();
  db = singleStatements(test.database, jobContext('test'));
});
afterAll(() => test?.close());
beforeEach(async () => {
  clock.set(start);
  await test.pool.query('DELETE FROM marketplace.token_keys');
});

const onError = (error: unknown) => {
  throw error;
};

async function open(): Promise<VoucherKeys> {
  const keys = await openVoucherKeys(test.database, { secret, now: clock.now, onError });
  onTestFinished(() => keys.stop());
  return keys;
}

const ring = (under = secret) => voucherKeyRing(db, under);
const token = (keys: VoucherKeys) =>
  keys.sign({ kind: 'claim', id: newId(), expiresAt: new Date(clock.now().getTime() + 900_000) }).text;
const kids = (keys: VoucherKeys) => keys.published().map(({ kid }) => kid);

describe('the keys', () => {
  it('are one at first, however many processes start at once, and the same after a restart', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, open));
    expect(new Set(opened.flatMap(kids)).size).toBe(1);
    expect(kids(await open())).toEqual(kids(opened[0]!));
  });

  it('lie encrypted, and are not replaced where the secret is another', async () => {
    await open();
    const { rows } = await test.pool.query<{ hex: string }>(
      `SELECT encode(encrypted_private_key, 'hex') AS hex FROM marketplace.token_keys`,
    );
    expect(rows[0]?.hex).not.toContain('302e020100300506032b6570');
    const opening = openVoucherKeys(test.database, { secret: 'another secret altogether', now: clock.now, onError });
    await expect(opening).rejects.toThrow('VOUCHER_SECRET does not open the keys that sign voucher tokens');
    expect(await ring().store.list()).toHaveLength(1);
  });

  it('follow each other: the next one is published a week before it signs', async () => {
    const keys = await open();
    const [first] = kids(keys);
    after(30 * day);
    const [job] = voucherKeyJobs({ database: test.database, voucherSecret: secret, now: clock.now });
    await job?.run(new AbortController().signal);
    await job?.run(new AbortController().signal);
    await keys.refresh();
    expect(kids(keys)).toHaveLength(2);
    const old = token(keys);
    expect(await verifyVoucherToken(old, keys.published(), { now: clock.now() })).toMatchObject({ kid: first });

    after(37 * day);
    const next = token(keys);
    expect(await verifyVoucherToken(next, keys.published(), { now: clock.now() })).toMatchObject({
      kid: kids(keys)[1],
    });
    after(37 * day + 3_600);
    expect(kids(keys)).not.toContain(first);
  });

  it('sign at once after a theft, and nothing from before is good', async () => {
    const keys = await open();
    const stolen = token(keys);
    await rotateKeys(ring(), { now: clock.now(), atOnce: true });
    await keys.refresh();
    expect(await verifyVoucherToken(stolen, keys.published(), { now: clock.now() })).toMatchObject({ isGood: false });
    expect(await verifyVoucherToken(token(keys), keys.published(), { now: clock.now() })).toMatchObject({
      isGood: true,
    });
  });

  it('are not due before thirty days', async () => {
    await ensureKeys(ring(), clock.now());
    after(29 * day);
    expect(await rotateDueKeys(ring(), clock.now())).toBeNull();
  });
});

describe('GET /.well-known/voucher-keys.json 200', () => {
  it('has what a till needs, says what it is for, and nothing private', async () => {
    const api = await startVouchersApi(test, clock);
    onTestFinished(() => api.close());
    const answer = await api.get('/.well-known/voucher-keys.json');
    expect(answer.headers).toMatchObject({ 'cache-control': 'public, max-age=300', etag: expect.any(String) });
    expect(answer.body).toMatchObject({ typ: 'pika-voucher-keys' });
    expect(readVoucherKeys(answer.body)).toEqual(api.voucherKeys.published());
    expect(answer.text).not.toContain('"d"');
    expect(publicKeySet.parse(answer.body).keys[0]).not.toHaveProperty('d');
    const held = { 'If-None-Match': answer.headers.etag ?? '' };
    expect((await api.get('/.well-known/voucher-keys.json', held)).status).toBe(304);
  });
});
