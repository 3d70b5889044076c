import { gatewayOpenApi } from '@pika/gateway';
import { runFuzz, testSeed, type KnownValues } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGatewayApi, type GatewayApi } from './gateway-api.ts';

const requests = Number(process.env['PIKA_FUZZ_REQUESTS'] ?? 5_000);

/** Rules between fields, and of values that only the database knows. */
const rules = [
  'bbox: invalidFormat',
  'coordinatePair',
  'eitherAreaOrRadius',
  'eitherNowOrAt',
  'foreignCursor',
  'unknownCategory',
  'unknownLanguage',
];

let gateway: GatewayApi;

beforeAll(async () => {
  gateway = await startGatewayApi();
});

afterAll(() => gateway?.close());

it(
  `holds what the OpenAPI document says in ${requests} requests of everybody`,
  { timeout: 60_000 + requests * 50 },
  async () => {
    const { api, routes, people } = gateway;
    const startedAt = performance.now();
    const report = await runFuzz({
      url: api.url,
      document: gatewayOpenApi(),
      routes,
      callers: people.callers,
      known: await knownValues(),
      rules,
      requests,
      seed: testSeed('fuzz'),
    });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`[fuzz] ${report.sent} requests in ${seconds} s`, report.byStatus, report.successes);
    expect(report.failures.join('\n\n'), `the server's log: ${api.failures.at(-1)}`).toBe('');
    expect(api.failures).toEqual([]);
    expect(report.sent).toBeGreaterThanOrEqual(requests);
    expect(Object.entries(report.successes).filter(([, count]) => count === 0)).toEqual([]);
  },
);

/** Ids of rows by the name of their table, as paths name collections; and what fields are called that hold them. */
async function knownValues(): Promise<KnownValues> {
  const { pool } = gateway.test;
  const tables = await pool.query<{ schema: string; name: string }>(`
    SELECT table_schema AS schema, table_name AS name FROM information_schema.columns
    WHERE column_name = 'id' AND data_type = 'uuid'
      AND table_schema IN ('users', 'identity', 'business', 'marketplace', 'catalog')`);
  const known: Record<string, string[]> = {};
  for (const { schema, name } of tables.rows) {
    const found = await pool.query<{ id: string }>(`SELECT id FROM ${schema}.${name} ORDER BY id LIMIT 12`);
    if (found.rows.length > 0) known[name.replaceAll('_', '-')] = found.rows.map(({ id }) => id);
  }
  const slugs = await pool.query<{ slug: string }>('SELECT slug FROM catalog.categories ORDER BY slug LIMIT 12');
  const { businesses = [], users = [], vouchers = [] } = known;
  return {
    ...known,
    business: businesses,
    businessId: businesses,
    userId: users,
    voucherId: vouchers,
    language: ['es', 'en', 'gn', 'ar', 'es-PY'],
    bbox: ['-57.7,-25.4,-57.5,-25.2', '170,-90,-170,90', '-180,-90,180,90'],
    category: slugs.rows.map(({ slug }) => slug),
  };
}
