import { gatewayOpenApi } from '@pika/gateway';
import { injections, readOperations, runInjections } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGatewayApi, type GatewayApi } from './gateway-api.ts';
import { fingerprint, knownValues } from './gateway-rows.ts';

/** Each place is tried with one payload of so many; 1 tries all of them everywhere. */
const step = Number(process.env['PIKA_INJECTION_STEP'] ?? 100);

let gateway: GatewayApi;

beforeAll(async () => {
  gateway = await startGatewayApi();
});

afterAll(() => gateway?.close());

it('has at least 500 payloads, all different', () => {
  expect(new Set(injections).size).toBe(injections.length);
  expect(injections.length).toBeGreaterThanOrEqual(500);
});

it(
  'runs nothing of what is put into any parameter, header or field',
  { timeout: 120_000 + 6_000_000 / step },
  async () => {
    const { api, routes, people, test } = gateway;
    const known = await knownValues(test.pool);
    const before = await fingerprint(test.pool);
    const { places, sent, deviations } = await runInjections({
      url: api.url,
      operations: readOperations(gatewayOpenApi(), routes).filter(({ method }) => method !== 'DELETE'),
      callers: people.callers,
      known,
      step,
    });
    console.log(
      `[SQL injection] ${sent} requests, ${places} places, 1 of ${step} of ${injections.length} payloads each`,
    );
    expect(deviations.join('\n')).toBe('');
    expect(api.failures).toEqual([]);
    // Bodies that are valid texts may be stored, so that rows are compared only where nothing is written.
    const isReadOnly = routes.every(({ method }) => method === 'get');
    if (isReadOnly) expect(await fingerprint(test.pool)).toEqual(before);
    else expect(Object.keys(await fingerprint(test.pool))).toEqual(Object.keys(before));
    const made = await test.pool.query(`SELECT to_regclass('public.pika_was_here') AS made`);
    expect(made.rows).toEqual([{ made: null }]);
  },
);
