import { buildOpenApi, createLogger, createServer, mountRoutes, route } from '@pika/shared';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { injections, openTestDatabase, readOperations, runInjections, type OpenTestDatabase } from '../../src/index.ts';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
});

afterAll(() => test?.close());

/** What payloads find where a text is looked for by this statement, one in 23 of them. */
async function find(statement: (text: string) => { text: string; values: string[] }) {
  const things = route({
    method: 'get',
    path: '/things',
    operationId: 'findThings',
    tags: ['Tests'],
    summary: 'For tests',
    access: 'public',
    query: z.strictObject({ name: z.string().optional() }),
    responses: { 200: { description: 'Them.', content: { 'application/json': z.looseObject({}) } } },
    handler: async ({ query }) => {
      const text = (query.name ?? '').replaceAll('\0', '');
      const { rows } = await test.pool.query(statement(text.includes('pg_sleep') ? '' : text));
      return { body: { rows } };
    },
  });
  const server = createServer({
    routers: [mountRoutes([things])],
    languages: () => ({ languages: [{ code: 'en', fallbackCode: null }], defaultLanguage: 'en' }),
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close(0));
  const document = buildOpenApi({
    title: 'Tests',
    version: '1',
    description: 'For tests.',
    routes: [things],
    problems: {},
  });
  return runInjections({
    url: `http://127.0.0.1:${port}`,
    operations: readOperations(document, [things]),
    callers: {},
    known: {},
    step: 23,
  });
}

const names = "(VALUES ('one'), ('two')) AS things (name)";

describe('the payloads', () => {
  it('are at least 500, all different', () => {
    expect(new Set(injections).size).toBe(injections.length);
    expect(injections.length).toBeGreaterThanOrEqual(500);
  });

  it('find nothing where the text travels beside the statement', async () => {
    const report = await find((text) => ({ text: `SELECT name FROM ${names} WHERE name = $1`, values: [text] }));
    expect(report.deviations).toEqual([]);
    expect(report.sent).toBeGreaterThan(injections.length / 23);
  });

  it('find where it is put into the statement, and say what ran', async () => {
    const { deviations } = await find((text) => ({
      text: `SELECT name FROM ${names} WHERE name = '${text}'`,
      values: [],
    }));
    const all = deviations.join('\n');
    expect(all).toContain('findThings name: it was run');
    expect(all).toContain('findThings name: 500');
    expect(all).toContain('another answer for the same words without the signs');
    expect(deviations.every((each) => each.includes('curl -i'))).toBe(true);
  });
});
