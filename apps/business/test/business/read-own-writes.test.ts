import { businessLocales, businessRouter } from '@pika/business';
import { businessIdOf, inTransaction, seed, systemContext } from '@pika/database';
import { mountRoutes, openCache, route, type Cache } from '@pika/shared';
import { canReplicate, openReplicatedDatabase, startApi, type Api, type ReplicatedDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const cafe = businessIdOf('cafe-del-puerto');
const path = `/v1/businesses/${cafe}`;
let test: ReplicatedDatabase;
let cache: Cache;
let api: Api;
let calls = 0;

/** Stands for a write of the product: gives the café its next telephone number. */
const writing = route({
  method: 'post',
  path: '/v1/calls',
  operationId: 'addCall',
  tags: [],
  summary: 'Writes',
  access: 'public',
  responses: { 204: { description: 'Written.' } },
  handler: async () => {
    let readAfter: string | undefined;
    await inTransaction(
      test.database,
      systemContext('test'),
      (tx) => tx.business.update({ where: { id: cafe }, data: { phone: phone(++calls) } }),
      { onCommitted: (position) => (readAfter = position) },
    );
    return { status: 204, readAfter };
  },
});

const phone = (number: number) => `+595 21 ${String(number).padStart(6, '0')}`;
const shown = async (headers?: Record<string, string>) => {
  const answer = await api.get(path, headers);
  expect(answer.status).toBe(200);
  return (answer.body as { phone: string | null }).phone;
};

describe.skipIf(!canReplicate())('a caller who has written', () => {
  beforeAll(async () => {
    test = await openReplicatedDatabase(600_000);
    await seed(test.database);
    cache = openCache({ redisUrl: undefined, onError: (error) => expect.fail(String(error)) });
    const routers = [
      businessRouter({
        database: test.database,
        cache,
        cursorSecret: 'a secret of the tests',
        invitationSecret: 'a secret of the tests',
        now: () => new Date(),
      }),
      mountRoutes([writing]),
    ];
    api = await startApi({ database: test.database, routers, locales: [businessLocales] });
  });

  afterAll(async () => {
    await api?.close();
    await cache?.close();
    await test?.close();
  });

  it('is shown it while the replica is paused, and others what the replica has', async () => {
    const first = await api.send('POST', '/v1/calls');
    expect(first.status).toBe(204);
    await test.caughtUp();
    // The first reads look up how far the replica has to be.
    const served = () => test.database.metrics().replica?.served ?? 0;
    await vi.waitFor(
      async () => {
        const before = served();
        expect(await shown()).toBe(phone(1));
        expect(served()).toBe(before + 2);
      },
      { timeout: 15_000 },
    );
    await test.replicaPool.query('SELECT pg_wal_replay_pause()');
    const second = await api.send('POST', '/v1/calls');
    const readAfter = String(second.headers['pika-read-after']);
    expect(readAfter).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect(await shown({ 'Pika-Read-After': readAfter })).toBe(phone(2));
    expect(await shown()).toBe(phone(1));
    expect(await shown({ 'Pika-Read-After': 'nonsense' })).toBe(phone(2));
    await test.replicaPool.query('SELECT pg_wal_replay_resume()');
    await test.caughtUp();
    const before = served();
    expect(await shown({ 'Pika-Read-After': readAfter })).toBe(phone(2));
    expect(served()).toBe(before + 2);
  });

  it('is not answered by a cache that holds what another was shown', async () => {
    const answer = await api.get(path);
    expect(answer.headers['cache-control']).toBe('public, max-age=10');
    expect(answer.headers['vary']).toBe('Accept-Language, Pika-Read-After');
  });
});
