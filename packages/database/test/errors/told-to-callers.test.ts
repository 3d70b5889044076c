import { inTransaction, sql, systemContext, UnknownOutcomeError, type Transaction } from '@pika/database';
import { mountRoutes, route } from '@pika/shared';
import { openTestDatabase, startApi, type Api, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const system = systemContext('caller test');
const ways: Record<string, { status: number; code: string; work: (tx: Transaction) => Promise<unknown> }> = {
  duplicate: {
    status: 409,
    code: 'record.duplicate',
    work: (tx) => tx.user.create({ data: { email: 'taken@pika.example', displayName: 'x' } }),
  },
  reference: {
    status: 400,
    code: 'record.unknownReference',
    work: (tx) => tx.user.create({ data: { email: 'x@pika.example', displayName: 'x', languageCode: 'xx' } }),
  },
  inUse: {
    status: 409,
    code: 'record.inUse',
    work: (tx) => tx.$executeRaw(sql`DELETE FROM catalog.categories WHERE slug = 'food'`),
  },
  check: {
    status: 422,
    code: 'record.refused',
    work: (tx) => tx.$executeRaw(sql`UPDATE users.users SET display_name = ''`),
  },
  missing: {
    status: 404,
    code: 'record.notFound',
    work: (tx) => tx.user.delete({ where: { id: '01941f29-7c00-742e-8d2f-6d010638d381' } }),
  },
  denied: {
    status: 403,
    code: 'access.denied',
    work: (tx) => tx.$executeRaw(sql`DELETE FROM audit.entries`),
  },
  conflict: {
    status: 409,
    code: 'record.busy',
    work: (tx) => tx.$executeRaw(sql`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'serialization_failure'; END $$`),
  },
  unknown: {
    status: 503,
    code: 'server.outcomeUnknown',
    work: () => Promise.reject(new UnknownOutcomeError(new Error('Connection terminated unexpectedly'))),
  },
};

let test: OpenTestDatabase;
let api: Api;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    ALTER TABLE users.users ADD CONSTRAINT users_trial CHECK (display_name <> '');
    INSERT INTO users.users (id, email, display_name, updated_at)
    VALUES (gen_random_uuid(), 'taken@pika.example', 'x', now());
    INSERT INTO i18n.languages (code, name, english_name, chain, match_length, text_search_config, is_default)
    VALUES ('es', 'es', 'es', '{es}', 1, 'spanish', true);
    INSERT INTO catalog.categories (id, parent_id, slug, name_key, position, source_language)
    VALUES ('01941f29-7c00-742e-8d2f-6d010638d382', NULL, 'food', 'category.01941f29-7c00-742e-8d2f-6d010638d382.name', 0, 'es'),
      ('01941f29-7c00-742e-8d2f-6d010638d383', '01941f29-7c00-742e-8d2f-6d010638d382', 'cafe',
       'category.01941f29-7c00-742e-8d2f-6d010638d383.name', 0, 'es')`);
  const routes = Object.entries(ways).map(([name, { work }]) =>
    route({
      method: 'get',
      path: `/v1/${name}`,
      operationId: name,
      summary: name,
      tags: ['Trial'],
      access: 'public',
      query: z.strictObject({}),
      responses: { 200: { description: 'Never.', content: { 'application/json': z.object({}) } } },
      handler: async () => {
        await inTransaction(test.database, system, work, { retries: 1 });
        return { body: {} };
      },
    }),
  );
  api = await startApi({ database: test.database, routers: [mountRoutes(routes)], locales: [] });
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

describe.each(['en', 'es', 'gn', 'ar'])('in %s', (language) => {
  it.each(Object.keys(ways))('%s', async (name) => {
    const { status, code } = ways[name]!;
    const answer = await api.get(`/v1/${name}`, { 'accept-language': language, 'x-request-id': 'asked' });
    expect(answer).toMatchObject({ status, body: { status, code, type: `/problems/${code}` } });
    const { title, detail } = answer.body as { title: string; detail: string };
    expect(answer.headers['content-language']).toBe(language);
    expect(title).not.toBe(code);
    expect(detail.length).toBeGreaterThan(10);
    if (status === 503) expect(answer.headers['retry-after']).toBe('5');
    expect(answer.text).not.toMatch(
      /prisma|postgres|sql|insert|violat|constraint|users|categories|P\d{4}|\b[0-9]{2}[0-9A-Z]{3}\b/i,
    );
  });
});
