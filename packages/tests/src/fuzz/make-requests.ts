import fc from 'fast-check';
import { authorizationOf, badToken, businessesFor, mayEverCall, type TestCaller, type TestCallers } from './callers.ts';
import { anyText, validValues, type KnownValues } from './make-values.ts';
import { mutations, type Mutation } from './make-wrong.ts';
import { methodsOf, type Operation, type Parameter } from './operations.ts';
import type { FuzzRequest } from './send-request.ts';

/** A request, and what is known of it beforehand. */
export interface FuzzCase extends FuzzRequest {
  readonly operation: Operation;
  readonly callerName: string;
  /** `valid` by the document; `invalid` by it in one way; `hostile`: nobody knows; `method`: the path has no such. */
  readonly kind: 'valid' | 'invalid' | 'hostile' | 'method';
  /** What is wrong with an invalid one. */
  readonly wrong?: string;
}

/** What a request is put together from. */
interface RequestParts {
  readonly callerName: string;
  readonly accept: string | undefined;
  readonly language: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly contentType: string;
}

interface RequestSources {
  readonly operations: readonly Operation[];
  readonly callers: TestCallers;
  readonly known: KnownValues;
  /** Those of `known` that are a caller's own, by the caller's name. */
  readonly owned: Readonly<Record<string, KnownValues>>;
}

export const noCaller = 'nobody';
export const badCaller = 'bad token';

const languages = ['es', 'en', 'gn', 'ar', 'es-PY, gn;q=0.8', 'de;q=0, *;q=0.1', 'tlh', 'zh-Hant-TW'];
const garbage = ['', ',,;;', '*', 'q=1', 'en;q=2', 'x'.repeat(3_000), 'en,'.repeat(1_000), 'é-ñ', "' OR 1=1", '\t'];

export function arbitraryCase(operation: Operation, sources: RequestSources): fc.Arbitrary<FuzzCase> {
  const parts = validParts(operation, sources);
  const valid = parts.map((each) => build(operation, sources, each, 'valid'));
  const invalid = fc
    .tuple(parts, fc.oneof(...mutations(operation).map((mutation) => arbitraryMutation(mutation))))
    .map(([each, { wrong, apply }]) => ({ ...apply(build(operation, sources, each, 'invalid')), wrong }));
  return fc.oneof(
    { weight: 5, arbitrary: valid },
    { weight: 5, arbitrary: invalid },
    { weight: 4, arbitrary: hostileCase(operation, sources) },
    { weight: 1, arbitrary: methodCase(operation, sources, parts) },
  );
}

function arbitraryMutation({ wrong, change }: Mutation) {
  return change.map((apply) => ({ wrong, apply }));
}

function validParts(operation: Operation, sources: RequestSources): fc.Arbitrary<RequestParts> {
  const { body } = operation;
  const types = Object.keys(operation.answers.get(successOf(operation))?.content ?? {});
  const mediaTypes = body?.mediaTypes ?? ['application/json'];
  return fc
    .record({
      callerName: arbitraryCaller(operation, sources.callers),
      accept: fc.constantFrom(undefined, ...types, '*/*', 'text/html;q=0.1, */*;q=0.5'),
      language: fc.oneof(fc.constant(undefined), fc.constantFrom(...languages), fc.constantFrom(...garbage)),
      params: parametersIn(operation, 'path', sources.known),
      query: parametersIn(operation, 'query', sources.known),
      headers: parametersIn(operation, 'header', sources.known),
      body: body === null ? fc.constant(undefined) : validValues(body.schema, sources.known),
      contentType: fc.constantFrom(...mediaTypes, ...mediaTypes.map((type) => `${type}; charset=utf-8`)),
      isOwn: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ isOwn, ...parts }) =>
      isOwn > 2 ? forOwnBusiness(operation, sources.callers, withOwn(operation, sources.owned, parts, isOwn)) : parts,
    );
}

/** The first documented success. */
export function successOf({ answers }: Operation): number {
  return [...answers.keys()].find((status) => status >= 200 && status < 300) ?? 0;
}

/** Mostly somebody who may; now and then anybody, nobody, or a token that is none. */
function arbitraryCaller(operation: Operation, callers: TestCallers): fc.Arbitrary<string> {
  const names = Object.keys(callers);
  const entitled = names.filter((name) => mayEverCall(operation, callerOf(callers, name).caller));
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(operation.access === 'public' ? [noCaller, ...names] : entitled)) },
    { weight: 2, arbitrary: fc.constantFrom(noCaller, badCaller, ...names) },
  );
}

export function callerOf(callers: TestCallers, name: string): TestCaller {
  if (name === noCaller) return { token: null, caller: { kind: 'anonymous' } };
  if (name === badCaller) return { token: badToken, caller: { kind: 'anonymous' } };
  const found = callers[name];
  if (found === undefined) throw new Error(`Nobody is called ${name}.`);
  return found;
}

/** What the caller owns in the place of what the path names, where they own such. */
function withOwn(
  { parameters, path }: Operation,
  owned: RequestSources['owned'],
  parts: RequestParts,
  turn: number,
): RequestParts {
  const own = owned[parts.callerName] ?? {};
  const found = parameters.flatMap((one): [string, string][] => {
    const values = one.in === 'path' ? namesOf(one, path).flatMap((name) => own[name] ?? []) : [];
    const value = values[turn % values.length];
    return value === undefined ? [] : [[one.name, value]];
  });
  return { ...parts, params: { ...parts.params, ...Object.fromEntries(found) } };
}

/** A business that the caller may use the route for, where they have one. */
function forOwnBusiness(operation: Operation, callers: TestCallers, parts: RequestParts): RequestParts {
  const { access } = operation;
  const [own] = businessesFor(access, callerOf(callers, parts.callerName).caller);
  if (own === undefined || typeof access !== 'object' || !('business' in access)) return parts;
  const name = access.business;
  const place = operation.parameters.find((each) => each.name === name)?.in;
  if (place === 'path') return { ...parts, params: { ...parts.params, [name]: own } };
  if (place === 'query') return { ...parts, query: { ...parts.query, [name]: own } };
  return { ...parts, body: { ...(parts.body as object), [name]: own } };
}

function parametersIn(
  { parameters, path }: Operation,
  place: Parameter['in'],
  known: KnownValues,
): fc.Arbitrary<Record<string, unknown>> {
  const here = parameters.filter((one) => one.in === place && !isLanguageHeader(one));
  const fields = here.map((one) => [one.name, validValues(one.schema, known, namesOf(one, path))] as const);
  const optional = here.filter(({ required }) => !required).map(({ name }) => name);
  const chosen = fc.oneof(
    { weight: 3, arbitrary: fc.subarray(optional, { maxLength: Math.min(2, optional.length) }) },
    fc.subarray(optional),
  );
  return fc
    .tuple(fc.record<Record<string, unknown>>(Object.fromEntries(fields)), chosen)
    .map(([values, names]) =>
      Object.fromEntries(Object.entries(values).filter(([name]) => !optional.includes(name) || names.includes(name))),
    );
}

export const isLanguageHeader = ({ name }: Parameter) => name.toLowerCase() === 'accept-language';

/** A value of the path is known by the collection before it; others by their own name. */
function namesOf({ in: place, name }: Parameter, path: string): string[] {
  if (place !== 'path') return [name];
  return [path.split('/').at(path.split('/').indexOf(`{${name}}`) - 1) ?? name];
}

/** In the query and the path; halves of surrogate pairs become replacement characters, as in any encoder. */
export const encode = (value: unknown) => encodeURIComponent(String(value).toWellFormed());

function build(
  operation: Operation,
  { callers }: Pick<RequestSources, 'callers'>,
  parts: RequestParts,
  kind: FuzzCase['kind'],
): FuzzCase {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(parts.params[name]));
  const query = Object.entries(parts.query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const headers = Object.entries(parts.headers).map(([name, value]) => [name.toLowerCase(), sendable(String(value))]);
  const hasBody = operation.body !== null && parts.body !== undefined;
  return {
    operation,
    kind,
    callerName: parts.callerName,
    method: operation.method,
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: {
      ...Object.fromEntries(headers),
      ...(parts.accept !== undefined && { accept: parts.accept }),
      ...(parts.language !== undefined && { 'accept-language': sendable(parts.language) }),
      ...(hasBody && { 'content-type': parts.contentType }),
      ...authorizationOf(callerOf(callers, parts.callerName)),
    },
    ...(hasBody && { body: JSON.stringify(parts.body) }),
  };
}

/** What Node sends in a header. */
const sendable = (text: string) => text.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '');

const rawTexts = ['%', '%zz', '%00', '%ED%A0%80', '%FF', '%2F..%2F', '%252e', ';', '(', '*', '%0D%0AX:1', '+'];

const commonHeaders = (
  'accept accept-language accept-encoding if-none-match if-match range x-request-id idempotency-key origin ' +
  'x-forwarded-for x-http-method-override forwarded cookie'
).split(' ');

/** In the place of each value anything; also bytes that are no encoding. */
function hostileCase(operation: Operation, sources: RequestSources): fc.Arbitrary<FuzzCase> {
  const names = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const inPath = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const value = fc.oneof({ weight: 5, arbitrary: anyText.map(encode) }, fc.constantFrom(...rawTexts));
  const headerText = anyText.map(sendable);
  const raw = fc.record({
    callerName: arbitraryCaller(operation, sources.callers),
    params: fc.record(Object.fromEntries(inPath.map((name) => [name, value.filter((text) => text !== '')]))),
    query: fc.array(fc.tuple(fc.oneof(fc.constantFrom('q', ...names), value), value), { maxLength: 6 }),
    headers: fc.dictionary(fc.constantFrom(...commonHeaders), headerText, { maxKeys: 4 }),
    contentType: fc.oneof(
      fc.constantFrom('application/json', 'application/merge-patch+json', 'text/plain'),
      headerText,
    ),
    body: fc.oneof(
      fc.json({ maxDepth: 6 }),
      anyText,
      fc.constantFrom(
        '{',
        '[]',
        'null',
        `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
        '{"__proto__":{}}',
        '{"a":1,"a":2}',
      ),
    ),
  });
  return raw.map(({ callerName, params, query, headers, contentType, body }) => {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'x');
    const pairs = query.map(([name, text]) => `${name}=${text}`);
    return {
      operation,
      kind: 'hostile',
      callerName,
      method: operation.method,
      path: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
      headers: {
        ...headers,
        ...(operation.body !== null && { 'content-type': contentType }),
        ...authorizationOf(callerOf(sources.callers, callerName)),
      },
      ...(operation.body !== null && { body }),
    };
  });
}

function methodCase(
  operation: Operation,
  sources: RequestSources,
  parts: fc.Arbitrary<RequestParts>,
): fc.Arbitrary<FuzzCase> {
  const own = methodsOf(sources.operations, operation.path);
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE', 'OPTIONS'];
  const method = fc.constantFrom(...others.filter((each) => each === 'OPTIONS' || !own.includes(each)));
  return fc.tuple(parts, method).map(([each, other]) => {
    const { body: _body, ...request } = build(operation, sources, each, 'method');
    return { ...request, method: other };
  });
}
