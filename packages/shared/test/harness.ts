import { connect } from 'node:net';
import type { Router } from 'express';
import { z } from 'zod';
import { onTestFinished } from 'vitest';
import {
  booleanParameter,
  createLogger,
  createMessages,
  createServer,
  defineProblems,
  instantParameter,
  languageParameter,
  mountRoutes,
  numberParameter,
  preparedJson,
  route,
  slugParameter,
  textParameter,
  uuidParameter,
  type FieldError,
  type Route,
  type ServerOptions,
} from '../src/index.ts';

export const market = {
  languages: [
    { code: 'es', fallbackCode: null },
    { code: 'en', fallbackCode: null },
    { code: 'gn', fallbackCode: 'es' },
  ],
  defaultLanguage: 'es',
};

export const problems = defineProblems({ 'voucher.notFound': 404 });

export const messages = createMessages({
  en: { 'voucher.notFound.title': 'No such voucher', 'field.bothOrNone': 'Give {{first}} and {{second}}, or neither.' },
  es: {
    'voucher.notFound.title': 'No existe ese cupón',
    'field.bothOrNone': 'Indique {{first}} y {{second}}, o ninguno.',
  },
});

const voucher = z.object({ id: z.string(), title: z.string() }).meta({ id: 'Voucher', description: 'An offer.' });
const feature = z.object({ type: z.literal('Feature') }).meta({ id: 'VoucherFeature' });

const bothOrNone = ({ latitude, longitude }: Record<string, unknown>): FieldError[] => {
  if ((latitude === undefined) === (longitude === undefined)) return [];
  const field = latitude === undefined ? 'latitude' : 'longitude';
  return [{ field, code: 'bothOrNone', params: { first: 'latitude', second: 'longitude' } }];
};

const described = { tags: ['Vouchers'], summary: 'For tests', access: 'public' } as const;

export const searchVouchers = route({
  ...described,
  method: 'get',
  path: '/v1/vouchers/search',
  operationId: 'searchVouchers',
  query: z.strictObject({
    latitude: numberParameter({ min: -90, max: 90 })
      .optional()
      .meta({ description: 'Degrees north.', example: -25.28 }),
    longitude: numberParameter({ min: -180, max: 180 }).optional(),
    limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
    openNow: booleanParameter().default(false),
    sort: z.enum(['distance', 'newest']).default('distance'),
    business: uuidParameter().optional(),
    category: slugParameter().optional(),
    q: textParameter({ max: 20 }).optional(),
    openAt: instantParameter().optional(),
    language: languageParameter(),
  }),
  crossChecks: bothOrNone,
  invalid: async ({ query }) =>
    query['category'] === 'no-such' ? [{ field: 'category', code: 'notOneOf', params: { options: ['food'] } }] : [],
  responses: { 200: { description: 'What was asked.', content: { 'application/json': z.unknown() } } },
  handler: ({ query, language }) => ({ body: { query, language }, contentLanguages: language.chain.slice(0, 1) }),
});

export const getVoucher = route({
  ...described,
  method: 'get',
  path: '/v1/vouchers/{id}',
  operationId: 'getVoucher',
  params: z.strictObject({ id: slugParameter() }),
  responses: {
    200: {
      description: 'The voucher.',
      content: { 'application/json': voucher, 'application/geo+json': feature },
      headers: { 'X-Served-By': 'Who answered.' },
    },
  },
  problems: ['voucher.notFound'],
  handler: ({ params, mediaType }) => {
    if (params.id === 'missing') throw problems['voucher.notFound']();
    if (params.id === 'broken') throw new Error('secret table name marketplace.vouchers');
    const headers = { 'X-Served-By': 'test' };
    const shared = { headers, contentLanguages: ['gn', 'es'], cacheControl: 'public, max-age=60', etag: true };
    if (mediaType === 'application/geo+json') return { ...shared, body: { type: 'Feature' } };
    return { ...shared, body: preparedJson(`{"id":"${params.id}",  "title":"Ñandutí"}`) };
  },
});

const deleteVoucher = route({
  ...described,
  method: 'delete',
  path: '/v1/vouchers/{id}',
  operationId: 'deleteVoucher',
  params: z.strictObject({ id: slugParameter() }),
  responses: { 204: { description: 'Gone.' } },
  handler: ({ params }) => ({ status: params.id === 'odd' ? 202 : 204 }),
});

export const voucherRoutes: Route[] = [getVoucher, deleteVoucher, searchVouchers];

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly logs: Record<string, unknown>[];
  readonly server: ReturnType<typeof createServer>;
  readonly get: (path: string, headers?: Record<string, string>, method?: string) => Promise<Response>;
}

/** A real server on a free port, closed when the test ends. */
export async function startServer(options: Partial<ServerOptions> = {}, extra?: Router): Promise<RunningServer> {
  const logs: Record<string, unknown>[] = [];
  const write = (line: string) => {
    const entry: Record<string, unknown> = JSON.parse(line);
    logs.push(entry);
  };
  const server = createServer({
    routers: [...(extra === undefined ? [] : [extra]), mountRoutes(voucherRoutes)],
    languages: () => market,
    logger: createLogger({ level: 'info', name: 'test', destination: { write } }),
    messages,
    ...options,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close(0));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    logs,
    server,
    get: (path, headers = {}, method = 'GET') => fetch(url + path, { headers, method }),
  };
}

/** Sends bytes as they are and gives back all that was answered until the connection closed. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: ({ readonly field: string; readonly code: string; readonly message: string } & Record<
    string,
    unknown
  >)[];
}

export async function problemIn(response: Response): Promise<ProblemBody> {
  const body: ProblemBody = JSON.parse(await response.text());
  return body;
}

/** A promise that the test resolves itself. */
export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let settle: (() => void) | undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: () => settle?.() };
}
