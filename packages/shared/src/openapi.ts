import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { createDocument, type ZodOpenApiObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { violation } from './catalogue-schemas.ts';
import { isForMembers } from './caller.ts';
import { sharedProblems, type ProblemCatalogue } from './problem.ts';
import { idempotencyKeyPattern } from './idempotency.ts';
import { bodyTypesOf, type Route } from './route.ts';
import { readAfterHeader } from './reply.ts';

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly servers?: readonly { readonly url: string; readonly description?: string }[];
  readonly routes: readonly Route[];
  /** The apps' catalogues; the shared one is always there. */
  readonly problems: ProblemCatalogue;
}

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** The OpenAPI 3.1 document of the routes. Throws when a route names an unknown problem or two share an operationId. */
export function buildOpenApi(options: OpenApiOptions): OpenApiDocument {
  const problems: ProblemCatalogue = { ...sharedProblems, ...options.problems };
  assertUnique(options.routes.map((route) => route.operationId));
  const paths: NonNullable<ZodOpenApiObject['paths']> = {};
  for (const route of options.routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, problems) };
  }
  const { title, version, description } = options;
  const document = createDocument({
    openapi: '3.1.0',
    info: { title, version, description },
    ...(options.servers === undefined ? {} : { servers: options.servers.map((server) => ({ ...server })) }),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of `POST /v1/auth/login`, or the API key of a business.',
        },
      },
    },
  });
  describeParameters(document);
  return document;
}

function operationOf(route: Route, problems: ProblemCatalogue) {
  const { operationId, tags, summary, description, params, query, body } = route;
  return {
    operationId,
    tags: [...tags],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(route.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    ...(body && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: Object.fromEntries(bodyTypesOf(route).map((type) => [type, { schema: body }])),
      },
    }),
    ...(route.deprecated !== undefined && { deprecated: true }),
    requestParams: { ...(params && { path: params }), ...(query && { query }), header: headersOf(route) },
    responses: { ...successes(route), ...failures(route, problems) },
  };
}

const acceptLanguage = z.object({
  'Accept-Language': z
    .string()
    .optional()
    .meta({ description: 'Wanted languages (RFC 9110), with q-values.', example: 'es-PY, gn;q=0.8' }),
});

const readAfter = {
  [readAfterHeader]: z.string().optional().meta({
    description: 'What the answer to the last write of this caller said in the same header: nothing older is shown.',
    example: '16/B374D848',
  }),
};
function headersOf({ idempotency = 'none', ifMatch, problems = [], readsAfter = false }: Route) {
  const canHaveChanged = problems.includes(sharedProblems['record.changed'].code);
  return acceptLanguage.extend({
    ...(readsAfter && readAfter),
    ...(ifMatch !== undefined ? { 'If-Match': version } : canHaveChanged && { 'If-Match': knownVersion }),
    ...(idempotency !== 'none' && { 'Idempotency-Key': idempotency === 'required' ? key : key.optional() }),
  });
}

const key = z.string().meta({
  description:
    'A name of your own for this request, 1 to 255 visible characters, such as a UUID. Repeated with the same key, it is not ' +
    'done twice but answered as it was; keys are kept for 24 hours at least.',
  example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
  pattern: idempotencyKeyPattern,
});

const versionText = 'The ETag of the version that is changed, such as `"v3"`; another one is answered with 412.';
const version = z.string().meta({ description: versionText, example: '"v3"' });
/** Without an example: what is filled in would be sent, and be the wrong version. */
const knownVersion = z.string().optional().meta({ description: versionText });

const requestId = z.string().meta({ description: 'Number of the request, as it stands in the log.' });
const optionalHeader = (description: string) => z.string().optional().meta({ description });

const quotaHeaders = {
  'RateLimit-Policy': optionalHeader('The quota: requests `q` in any span of `w` seconds.'),
  RateLimit: optionalHeader('What is left of it: `r` requests; some more in `t` seconds.'),
};

const answerHeaders = {
  'X-Request-Id': requestId,
  'Content-Language': optionalHeader('Languages that the answer uses.'),
  Vary: z.string().meta({ description: 'Request headers that the answer depends on.' }),
  ETag: optionalHeader('Version of the answer, for `If-None-Match`.'),
  ...quotaHeaders,
};

const fieldError = z
  .looseObject({
    field: z.string().meta({ description: 'Name of the wrong parameter or field.', example: 'radiusMeters' }),
    code: z.string().meta({ description: 'Stable code of the reason.', example: 'tooBig' }),
    message: z.string().meta({ description: 'The reason in the language of the caller.' }),
  })
  .meta({
    id: 'FieldError',
    description: 'One wrong field. Bounds and options stand beside it: `maximum`, `options`…',
  });

const problemSchema = z
  .looseObject({
    type: z
      .string()
      .meta({ description: 'URI reference of this kind of problem.', example: '/problems/request.invalid' }),
    title: z.string().meta({ description: 'What is wrong, in the language of the caller.' }),
    status: z.int().meta({ example: 400 }),
    detail: z.string().optional().meta({ description: 'What to do about it, in the language of the caller.' }),
    instance: z.string().meta({ description: 'Path of the request.' }),
    code: z.string().meta({ description: 'Stable code.', example: 'request.invalid' }),
    requestId: z.string().meta({ description: 'Number of the request, as it stands in the log.' }),
    errors: z.array(fieldError).optional().meta({ description: 'Every wrong field.' }),
    violations: z.array(violation).optional().meta({ description: 'Every rule that says no, where one does.' }),
  })
  .meta({ id: 'Problem', description: 'An error answer (RFC 9457).' });

function successes({ method, responses: documented, idempotency = 'none' }: Route): ZodOpenApiResponsesObject {
  const replayed = idempotency === 'none' ? {} : { 'Idempotency-Replayed': optionalHeader(replayedText) };
  const entries = Object.entries(documented).map(([status, { description, content, headers }]) => {
    const own = Object.entries(headers ?? {}).map(([name, text]) => [name, optionalHeader(text)] as const);
    const media = Object.entries(content ?? {}).map(([mediaType, schema]) => [mediaType, { schema }] as const);
    return [
      status,
      {
        description,
        headers: z.object({ ...answerHeaders, ...replayed, ...Object.fromEntries(own) }),
        ...(media.length === 0 ? {} : { content: Object.fromEntries(media) }),
      },
    ];
  });
  const canBeHeld = method === 'get' && documented[200] !== undefined;
  const etag = !canBeHeld ? {} : { 304: { description: 'The caller already holds this answer.' } };
  return { ...Object.fromEntries(entries), ...etag };
}

const replayedText = '`true` where this is the answer that an earlier request with the same key was given.';

function codesOf(route: Route): string[] {
  const { access, idempotency = 'none' } = route;
  return [
    ...(route.problems ?? []),
    ...sharedCodes,
    ...(access === 'public' ? [] : ['auth.required', 'access.denied']),
    ...(isForMembers(access) ? ['record.notFound'] : []),
    ...(route.rateLimit === 'none' ? [] : ['request.tooMany']),
    ...(route.ifMatch === undefined ? [] : ['request.conditionRequired', 'record.changed']),
    ...(route.body === undefined ? [] : ['request.tooLarge', 'request.unsupportedMediaType']),
    ...(idempotency === 'required' ? ['idempotency.keyMissing'] : []),
    ...(idempotency === 'none' ? [] : ['idempotency.inFlight', 'idempotency.keyReused']),
  ];
}

const sharedCodes = [
  'auth.invalidToken',
  'request.invalid',
  'request.malformed',
  'route.notFound',
  'route.methodNotAllowed',
  'request.notAcceptable',
  'server.internal',
  'server.unavailable',
];

function failures(route: Route, problems: ProblemCatalogue): ZodOpenApiResponsesObject {
  const codesByStatus = new Map<number, string[]>();
  for (const code of new Set(codesOf(route))) {
    const status = problems[code]?.status;
    if (status === undefined) throw new Error(`${route.operationId} names the unknown problem ${code}.`);
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  const entries = [...codesByStatus].map(([status, codes]) => [String(status), failure(status, codes)] as const);
  return Object.fromEntries(entries);
}

function failure(status: number, codes: readonly string[]) {
  const headers = z.object({
    'X-Request-Id': requestId,
    'Content-Language': z.string().meta({ description: 'Languages of the texts.' }),
    ...(status === 401 && { 'WWW-Authenticate': z.string().meta({ description: 'How to say who calls.' }) }),
    ...(status === 429 && quotaHeaders),
    ...(status === 405 && { Allow: z.string().meta({ description: 'Methods of this path.' }) }),
    ...retryAfterOf(status, codes),
  });
  return {
    description: `${STATUS_CODES[status] ?? 'Problem'}: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    headers,
    content: { 'application/problem+json': { schema: problemSchema } },
  };
}

/** Of what passes by itself; beside problems that do not it is there now and then. */
function retryAfterOf(status: number, codes: readonly string[]) {
  const inFlight = codes.includes('idempotency.inFlight');
  if (status !== 503 && status !== 429 && !inFlight) return {};
  const seconds = z.string().meta({ description: 'Seconds to wait.' });
  return { 'Retry-After': inFlight && codes.length > 1 ? seconds.optional() : seconds };
}

/** A parameter made optional keeps its description in its schema only; readers look for it on the parameter. */
function describeParameters(document: OpenApiDocument): void {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete]) {
      for (const parameter of operation?.parameters ?? []) {
        if (!('name' in parameter) || parameter.schema === undefined || !('description' in parameter.schema)) continue;
        parameter.description ??= parameter.schema.description;
      }
    }
  }
}

function assertUnique(operationIds: readonly string[]): void {
  const twice = operationIds.find((id, position) => operationIds.indexOf(id) !== position);
  if (twice !== undefined) throw new Error(`Two routes are called ${twice}.`);
}
