import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { negotiateMediaType } from './accept.ts';
import {
  assertMayActFor,
  assertMayAsk,
  bearerTokenOf,
  anonymous,
  invalidToken,
  type Access,
  type Caller,
  type CallerOf,
} from './caller.ts';
import {
  idempotencyKeyOf,
  idempotentRequest,
  isProblemReply,
  isReplyTo,
  type IdempotencyOf,
  type IdempotencyRule,
  type IdempotentRequest,
  type ReplyOf,
} from './idempotency.ts';
import { inputReader, type RawInput, type ValidInput } from './input.ts';
import { callerKey } from './caller-key.ts';
import { answerPreflight } from './cors.ts';
import { deprecationHeaders, type Deprecation } from './deprecation.ts';
import type { LanguageChain } from './language.ts';
import type { Logger } from './logger.ts';
import { sharedProblems, type FieldError } from './problem.ts';
import { readAfterHeader, writeReply, type Reply } from './reply.ts';
import { readBody, type ReadBody } from './read-body.ts';
import { tooMany, type LimitedClass } from './rate-limit.ts';
import { contextOf, type RequestContext } from './request-context.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface ResponseDocumentation {
  readonly description: string;
  /** Schemas by media type; the first media type is the one for callers without a wish. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  /** Descriptions of headers by name, beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HandlerInput<Params, Query, Body, Who extends Caller, Rule extends IdempotencyRule = 'none'> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Who;
  /** To be answered by `inIdempotentTransaction`, or whatever else gives its `reply`; undefined where the rule is `none`. */
  readonly idempotency: IdempotencyOf<Rule>;
  readonly clientAddress: string;
  readonly requestId: string;
  readonly language: LanguageChain;
  /** The negotiated media type, one of the documented ones. */
  readonly mediaType: string;
  /** What the caller's last write was committed behind, or null. */
  readonly readAfter: string | null;
  readonly request: Request;
  readonly log: Logger;
}

export interface RouteOptions<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Allowed extends Access,
  Rule extends IdempotencyRule,
> {
  readonly method: Method;
  /** In OpenAPI's spelling: `/v1/vouchers/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly access: Allowed;
  /** Whether an Idempotency-Key is taken; `none` unless said, which a POST that is not public must. */
  readonly idempotency?: Rule;
  readonly params?: Params;
  readonly query?: Query;
  /** A JSON object; PATCH takes it as a merge patch (RFC 7396) too. */
  readonly body?: Body;
  /** Whether the handler heeds `readAfter`: then the header is documented, and caches tell its answers apart by it. */
  readonly readsAfter?: boolean;
  /** 100,000 unless said. */
  readonly bodyBytesMax?: number;
  /** What the caller's quota is charged: `read` for GET and `write` for the others unless said. */
  readonly rateLimit?: LimitedClass | 'none';
  /** Whether a change is refused with 428 without `If-Match`; compare it with `matchesVersion` or `lockVersion`. */
  readonly ifMatch?: 'required';
  readonly deprecated?: Deprecation;
  readonly responses: Readonly<Record<number, ResponseDocumentation>>;
  /** Codes of documented failures beside the shared ones. */
  readonly problems?: readonly string[];
  /**
   * Checks between query parameters, given their raw texts. Asked always, because zod's refinements do not run while
   * a single field is wrong; at most one error per field is told, the schema's first.
   */
  readonly crossChecks?: (query: RawInput['query']) => readonly FieldError[];
  /** Checks that need a look-up, asked only when the request is already known to be wrong, to name everything at once. */
  readonly invalid?: (raw: RawInput & { readonly language: LanguageChain }) => Promise<readonly FieldError[]>;
  handler(
    input: HandlerInput<z.output<Params>, z.output<Query>, z.output<Body>, CallerOf<Allowed>, Rule>,
  ): Promise<ReplyOf<Rule>> | ReplyOf<Rule>;
}

/** A route as a plain value: what is mounted is also what OpenAPI documents. */
export type Route = RouteOptions<z.ZodObject, z.ZodObject, z.ZodObject, Access, IdempotencyRule>;

type PlainRequest = Request<Record<string, string>>;

type Nothing = z.ZodObject<Record<string, never>>;

/** Types a route by its own schemas. The schemas must be strict, or unknown parameters would pass unnoticed. */
export function route<
  const Allowed extends Access,
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodObject = Nothing,
  const Rule extends IdempotencyRule = 'none',
>(options: RouteOptions<Params, Query, Body, Allowed, Rule>): Route {
  for (const schema of [options.params, options.query, options.body]) {
    if (schema !== undefined && !(schema.def.catchall instanceof z.ZodNever)) {
      throw new Error(`${options.operationId}: declare params, query and body with z.strictObject.`);
    }
  }
  const { access } = options;
  if (typeof access === 'object' && 'member' in access) {
    const isNamed = [options.params, options.query, options.body].some((schema) => schema?.shape[access.business]);
    if (!isNamed) throw new Error(`${options.operationId}: ${access.business} is no parameter and no field.`);
  }
  assertRuleFits(options);
  // Only callers whom its access lets through reach the handler.
  return options;
}

/** A key is somebody's, so nobody's routes take none; who writes an unsafe POST has thought of who repeats it. */
function assertRuleFits({
  operationId,
  method,
  access,
  idempotency,
}: Pick<Route, 'operationId' | 'method' | 'access' | 'idempotency'>): void {
  if (method === 'post' && access !== 'public' && idempotency === undefined) {
    throw new Error(`${operationId}: declare idempotency: 'required', 'optional' or 'none'.`);
  }
  if ((idempotency ?? 'none') === 'none') return;
  if (access === 'public') throw new Error(`${operationId}: a public route has nobody to keep an Idempotency-Key for.`);
  if (method === 'get') throw new Error(`${operationId}: GET is safe and takes no Idempotency-Key.`);
}

/**
 * Mounts routes on one flat router: literal paths before those with parameters, whatever their order here; each known
 * path answers OPTIONS with 204 and any other method with 405, both naming what is allowed.
 */
export function mountRoutes(routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const paths = [...new Set(routes.map((each) => each.path))];
  paths.sort((one, other) => one.split('{').length - other.split('{').length);
  for (const path of paths) {
    const mounted = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const own = routes.filter((each) => each.path === path);
    for (const each of own) mounted[each.method](answerer(each));
    mounted.all(named(path), otherMethods(allowedMethods(own)));
  }
  return router;
}

/** Mounts what is no part of the API's contract, such as health: GET and HEAD, all other methods as `mountRoutes` does. */
export function mountGet(router: Router, path: string, ...handlers: RequestHandler[]): void {
  router.route(path).all(named(path)).get(handlers).all(otherMethods('GET, HEAD, OPTIONS'));
}

/** Tells the access log which path answers. */
function named(path: string): RequestHandler {
  return (request, _response, next) => {
    contextOf(request).route = request.baseUrl + path;
    next();
  };
}

function otherMethods(allowed: string): RequestHandler {
  return (request, response) => {
    if (request.method !== 'OPTIONS') throw methodNotAllowed(allowed);
    answerPreflight(request, response, allowed);
    response.setHeader('Allow', allowed).status(204).end();
  };
}

export function methodNotAllowed(allowed: string) {
  return sharedProblems['route.methodNotAllowed']({ params: { allowed }, headers: { Allow: allowed } });
}

function allowedMethods(routes: readonly Route[]): string {
  const methods = routes.map((each) => each.method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/**
 * Settles language and log only for handlers that take them. A class, because accessors in an object literal give every
 * request a hidden class of its own: 25 µs and garbage that outlives its collection (measured on Node 20).
 */
class LazyInput implements HandlerInput<Values, Values, Values, Caller, IdempotencyRule> {
  readonly params: Values;
  readonly query: Values;
  readonly body: Values;
  readonly mediaType: string;
  readonly request: Request;
  readonly idempotency: IdempotentRequest | undefined;
  readonly #context: RequestContext;

  constructor(
    { params, query, body }: ValidInput,
    mediaType: string,
    request: Request,
    context: RequestContext,
    idempotency: IdempotentRequest | undefined,
  ) {
    this.params = params;
    this.query = query;
    this.body = body;
    this.mediaType = mediaType;
    this.request = request;
    this.idempotency = idempotency;
    this.#context = context;
  }

  get caller(): Caller {
    return this.#context.caller;
  }

  get clientAddress(): string {
    return clientAddressOf(this.request);
  }

  get requestId(): string {
    return this.#context.id;
  }

  get language(): LanguageChain {
    return this.#context.language;
  }

  get readAfter(): string | null {
    const given = this.request.headers[readAfterKey];
    return typeof given === 'string' ? given : null;
  }

  get log(): Logger {
    return this.#context.log;
  }
}

const readAfterKey = readAfterHeader.toLowerCase();

type Values = Record<string, unknown>;

/** The walk of one request: who calls, negotiate the media type, the key, read, validate, whose it is, handle, write. */
function answerer(declared: Route): (request: PlainRequest, response: Response) => Promise<void> {
  const readInput = inputReader(declared);
  const mediaTypes = mediaTypesOf(declared);
  const fallbackMediaType = mediaTypes[0] ?? 'application/json';
  const bodyTypes = bodyTypesOf(declared);
  const vary = [
    'Accept-Language',
    ...(mediaTypes.length > 1 ? ['Accept'] : []),
    ...(declared.readsAfter === true ? [readAfterHeader] : []),
  ].join(', ');
  const rule = declared.idempotency ?? 'none';
  const limited = declared.rateLimit ?? (declared.method === 'get' ? 'read' : 'write');
  const fixedHeaders = Object.entries(declared.deprecated === undefined ? {} : deprecationHeaders(declared.deprecated));
  return async (request, response) => {
    const context = contextOf(request);
    context.route = declared.path;
    for (const [name, value] of fixedHeaders) response.setHeader(name, value);
    if (request.headers.authorization !== undefined) await settleCaller(request, response, context);
    if (limited !== 'none' && context.edge.rateLimits !== null) await charge(limited, request, response, context);
    assertMayAsk(declared.access, context.caller);
    const mediaType = negotiateMediaType(request.headers.accept, mediaTypes);
    if (mediaType === null && mediaTypes.length > 0) throw notAcceptable(mediaTypes, vary);
    const key = rule === 'none' ? null : idempotencyKeyOf(request.headers['idempotency-key'], rule);
    if (declared.ifMatch === 'required' && request.headers['if-match'] === undefined) throw conditionRequired();
    const body = bodyTypes.length === 0 ? null : await readBody(request, response, bodyTypes, declared.bodyBytesMax);
    const valid = await readInput(request.params, body, context);
    assertMayActFor(
      declared.access,
      context.caller,
      (name) => valid.params[name] ?? valid.query[name] ?? valid.body[name],
    );
    const answerType = mediaType ?? fallbackMediaType;
    const idempotency = rule === 'none' ? undefined : keyed(declared, key, body, answerType, request, context);
    const reply = await declared.handler(new LazyInput(valid, answerType, request, context, idempotency));
    if (idempotency !== undefined && !isReplyTo(idempotency, reply)) {
      throw new Error(`${declared.operationId} takes an Idempotency-Key and did not answer by input.idempotency.`);
    }
    if (declared.responses[reply.status ?? 200] === undefined && !isProblemReply(reply)) {
      throw new Error(`${declared.operationId} answered ${reply.status ?? 200}, which it does not document.`);
    }
    writeReply(request, response, ownReply(reply, context.caller), answerType, vary);
  };
}

function keyed(
  declared: Route,
  key: string | null,
  body: ReadBody | null,
  mediaType: string,
  request: Request,
  context: RequestContext,
): IdempotentRequest {
  const { method, originalUrl: address } = request;
  return idempotentRequest(declared, { key, method, address, body: body?.value ?? null, mediaType, context });
}

async function settleCaller(request: Request, response: Response, context: RequestContext): Promise<void> {
  try {
    const { authorization, origin } = request.headers;
    // Of two, Node gives the first: whoever stands between may have read the other.
    if ((request.headersDistinct['authorization']?.length ?? 0) > 1) throw invalidToken();
    const token = bearerTokenOf(authorization);
    if (token === null) return;
    context.caller = await context.edge.authenticate(token, { origin, clientAddress: clientAddressOf(request) });
  } catch (error) {
    // Who guesses tokens has a quota too, that of its address.
    if (context.edge.rateLimits !== null) await charge('read', request, response, context);
    throw error;
  }
}

/** Throws `request.tooMany` when nothing is left. Attempts at secrets are counted by address, whoever makes them. */
async function charge(
  limited: LimitedClass,
  request: Request,
  response: Response,
  { caller, edge }: RequestContext,
): Promise<void> {
  const key = callerKey(limited === 'login' ? anonymous : caller, clientAddressOf(request));
  const taking = edge.rateLimits?.take(limited, key);
  // Without Redis it is known at once, and a promise would cost more than the counting.
  const taken = taking instanceof Promise ? await taking : taking;
  if (taken === undefined || taken.policy === '') return;
  response.setHeader('RateLimit-Policy', taken.policy);
  response.setHeader('RateLimit', taken.state);
  if (!taken.isAllowed) throw tooMany(taken.resetSeconds);
}

function conditionRequired() {
  return sharedProblems['request.conditionRequired']();
}

/** Of the socket, or of the proxies that are trusted. */
function clientAddressOf(request: Request): string {
  return request.ip ?? '';
}

/** What somebody asked for under their own name is kept by nobody else. */
function ownReply(reply: Reply, caller: Caller): Reply {
  if (caller.kind === 'anonymous') return reply;
  return { ...reply, cacheControl: reply.cacheControl?.replace('public', 'private') ?? 'private, no-cache' };
}

/** Media types of the body; none where the route takes no body. */
export function bodyTypesOf({ body, method }: Route): string[] {
  if (body === undefined) return [];
  return method === 'patch' ? ['application/merge-patch+json', 'application/json'] : ['application/json'];
}

/** Media types of the successful answer. */
export function mediaTypesOf({ responses }: Route): string[] {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
  return Object.keys(success?.[1].content ?? {});
}

function notAcceptable(offered: readonly string[], vary: string) {
  return sharedProblems['request.notAcceptable']({ params: { offered }, headers: { Vary: vary } });
}
