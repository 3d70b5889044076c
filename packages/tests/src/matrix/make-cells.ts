import { randomUUID } from 'node:crypto';
import type { Caller } from '@pika/shared';
import { badToken, type TestCallers } from '../fuzz/callers.ts';
import type { Operation, Parameter } from '../fuzz/operations.ts';
import type { JsonSchema } from '../fuzz/schemas.ts';
import { encode, isLanguageHeader } from '../fuzz/make-requests.ts';
import type { FuzzRequest } from '../fuzz/send-request.ts';
import { expectedVerdict, type MatrixObject, type Verdict } from './expected-verdict.ts';

/** What a valid request of an operation holds beside its path and its caller. */
export interface RequestExample {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** In place of those of the table, where others may see them here than elsewhere. */
  readonly objects?: Readonly<Record<string, readonly MatrixObject[]>>;
  /**
   * What who is let pass, or finds nothing, is told instead (one of these: `401 auth.wrongCredentials`); null for what access
   * says. For secrets that are wrong, and for rules within what access says, such as who may remove whom.
   */
  readonly answer?: Told | ((asked: Asked) => Told);
}

type Told = readonly string[] | null;

interface Asked {
  readonly callerName: string;
  readonly caller: Caller;
  /** By the name of the parameter or field. */
  readonly ids: Readonly<Record<string, string>>;
}

interface MatrixSources {
  readonly operations: readonly Operation[];
  readonly callers: TestCallers;
  /** Objects by the collection before them in a path: ours, somebody else's, absent. */
  readonly objects: Readonly<Record<string, readonly MatrixObject[]>>;
  readonly examples: Readonly<Record<string, RequestExample>>;
}

export interface MatrixCell extends FuzzRequest {
  readonly operationId: string;
  readonly callerName: string;
  readonly extra: string;
  readonly verdict: Verdict;
  /** Expected instead of a success. */
  readonly answer: Told;
}

/** Fields that a caller would like to set by the way. */
const coveted: Readonly<Record<string, unknown>> = {
  id: '00000000-0000-7000-8000-000000000000',
  userId: '00000000-0000-7000-8000-000000000000',
  ownerId: '00000000-0000-7000-8000-000000000000',
  businessId: '00000000-0000-7000-8000-000000000000',
  role: 'owner',
  roles: ['admin'],
  scopes: ['*'],
  status: 'verified',
  state: 'active',
  version: 999,
  createdAt: '2000-01-01T00:00:00Z',
  deletedAt: null,
  emailVerifiedAt: '2000-01-01T00:00:00Z',
  passwordHash: 'x',
  isAdmin: true,
  impersonatedBy: null,
};

/** Every operation × caller × object × extra field. Throws where no valid request of an operation can be built. */
export function makeCells(sources: MatrixSources): MatrixCell[] {
  const unbuilt = sources.operations.flatMap((operation) => lacksOf(operation, sources));
  if (unbuilt.length > 0) throw new Error(`The matrix needs examples:\n${unbuilt.join('\n')}`);
  return sources.operations.flatMap((operation) => cellsOf(operation, sources));
}

const nobodies: readonly [string, string | null, Caller | null][] = [
  ['nobody', null, { kind: 'anonymous' }],
  ['bad token', badToken, null],
];

function cellsOf(operation: Operation, sources: MatrixSources): MatrixCell[] {
  const { access, impersonated, operationId, method } = operation;
  const businessName = typeof access === 'object' && 'business' in access ? access.business : null;
  const everybody = [
    ...nobodies,
    ...Object.entries(sources.callers).map(([name, { token, caller }]) => [name, token, caller] as const),
  ];
  const example = exampleOf(operation, sources);
  const takesKey = operation.parameters.some(isIdempotencyKey);
  return choices(operation, sources).flatMap((choice) =>
    extrasOf(operation).flatMap(([extra, change]) =>
      everybody.map(([callerName, token, caller]): MatrixCell => {
        const { [businessName ?? '']: business, ...others } = choice;
        const inPath = Object.entries(choice).map(([name, { id }]) => [name, id] as const);
        const request = change(placed(operation, example, Object.fromEntries(inPath)));
        return {
          operationId,
          callerName,
          extra,
          verdict: expectedVerdict({
            access,
            impersonated,
            caller,
            businessId: business?.id ?? null,
            objects: Object.values(others),
            hasExtra: extra !== '',
          }),
          answer: answerOf(example, { callerName, caller, ids: Object.fromEntries(inPath) }),
          method,
          path: request.path,
          headers: {
            ...request.headers,
            ...(takesKey && { 'idempotency-key': randomUUID() }),
            ...(token !== null && { authorization: `Bearer ${token}` }),
            ...(request.body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
        };
      }),
    ),
  );
}

function answerOf(
  { answer = null }: RequestExample,
  { caller, ...asked }: Omit<Asked, 'caller'> & { readonly caller: Caller | null },
): Told {
  if (typeof answer !== 'function') return answer;
  return caller === null ? null : answer({ ...asked, caller });
}

interface PlacedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Puts ids to where the operation takes them: its path, its query or its body. */
function placed(operation: Operation, example: RequestExample, ids: Readonly<Record<string, string>>): PlacedRequest {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(ids[name]));
  const isIn = (place: Parameter['in'], name: string) =>
    operation.parameters.some((one) => one.in === place && one.name === name);
  const rest = Object.entries(ids).filter(([name]) => !isIn('path', name));
  const query = { ...example.query, ...Object.fromEntries(rest.filter(([name]) => isIn('query', name))) };
  const inBody = Object.fromEntries(rest.filter(([name]) => !isIn('query', name)));
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return {
    path: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
    headers: example.headers ?? {},
    body: operation.body === null ? undefined : { ...example.body, ...inBody },
  };
}

/** Each object of one collection with each of the others. */
function choices(operation: Operation, sources: MatrixSources): Record<string, MatrixObject>[] {
  const collections = collectionsOf(operation);
  const objects = { ...sources.objects, ...sources.examples[operation.operationId]?.objects };
  return Object.entries(collections).reduce<Record<string, MatrixObject>[]>(
    (found, [name, collection]) =>
      found.flatMap((choice) => (objects[collection] ?? []).map((one) => ({ ...choice, [name]: one }))),
    [{}],
  );
}

/** The collection of each id that the request names: of the path the segment before it, of a business `businesses`. */
function collectionsOf({ access, path }: Operation): Record<string, string> {
  const segments = path.split('/');
  const inPath = segments.flatMap((segment, place) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    return name === undefined ? [] : [[name, segments[place - 1] ?? ''] as const];
  });
  const business = typeof access === 'object' && 'business' in access ? { [access.business]: 'businesses' } : {};
  return { ...Object.fromEntries(inPath), ...business };
}

type Extra = readonly [name: string, change: (request: PlacedRequest) => PlacedRequest];

function extrasOf({ body }: Operation): Extra[] {
  const known = Object.keys(body?.schema['properties'] ?? {});
  const unknown = body === null ? [] : Object.entries(coveted).filter(([name]) => !known.includes(name));
  return [
    ['', (request) => request],
    [
      '?admin',
      (request) => ({ ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}admin=true` }),
    ],
    ...unknown.map(([name, value]): Extra => [
      name,
      (request) => ({ ...request, body: { ...request.body, [name]: value } }),
    ]),
  ];
}

/** The table's, else what the document gives as examples of what is required. */
function exampleOf(operation: Operation, { examples }: MatrixSources): RequestExample {
  const given = examples[operation.operationId] ?? {};
  const of = (place: Parameter['in']) =>
    operation.parameters
      .filter(
        (one) => one.in === place && one.required && !isLanguageHeader(one) && one.schema['example'] !== undefined,
      )
      .map((one) => [one.name, String(one.schema['example'])] as const);
  return {
    query: { ...Object.fromEntries(of('query')), ...given.query },
    headers: { ...Object.fromEntries(of('header')), ...given.headers },
    body: { ...bodyExample(operation.body?.schema ?? {}), ...given.body },
    ...(given.answer !== undefined && { answer: given.answer }),
  };
}

function bodyExample(schema: JsonSchema): Record<string, unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = (schema['required'] ?? []) as string[];
  return Object.fromEntries(
    properties.flatMap(([name, field]) =>
      required.includes(name) && 'example' in field ? [[name, field['example']] as const] : [],
    ),
  );
}

const isIdempotencyKey = ({ in: place, name }: Parameter) =>
  place === 'header' && name.toLowerCase() === 'idempotency-key';

function lacksOf(operation: Operation, sources: MatrixSources): string[] {
  const example = exampleOf(operation, sources);
  const collections = collectionsOf(operation);
  const required = operation.parameters.filter(
    (one) => one.required && one.in !== 'path' && !isIdempotencyKey(one) && !(one.name in collections),
  );
  const parameters = required.filter((one) => !(one.name in (one.in === 'query' ? example.query : example.headers)!));
  const fields = ((operation.body?.schema['required'] ?? []) as string[]).filter(
    (name) => !(name in (example.body ?? {})) && !(name in collections),
  );
  const unknown = Object.values(collections).filter((collection) => sources.objects[collection] === undefined);
  const lacks = [...parameters.map(({ name }) => name), ...fields, ...unknown.map((name) => `objects of ${name}`)];
  return lacks.length === 0 ? [] : [`${operation.operationId}: ${lacks.join(', ')}`];
}
