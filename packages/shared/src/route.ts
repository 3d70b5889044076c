import { z } from 'zod';
import { isForMembers, type Access, type BusinessIdOf, type CallerOf } from './caller.ts';
import type { Deprecation } from './deprecation.ts';
import type { HandlerInput } from './handler-input.ts';
import type { IdempotencyRule, ReplyOf } from './idempotency.ts';
import type { RawInput } from './input.ts';
import type { LanguageChain } from './language.ts';
import type { FieldError } from './problem.ts';
import type { LimitedClass } from './rate-limit.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface ResponseDocumentation {
  readonly description: string;
  /** Schemas by media type; the first media type is the one for callers without a wish. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  /** Descriptions of headers by name, beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
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
  /** Whether an operator who acts as somebody may ask; unless said, GET may be asked and nothing else. */
  readonly impersonated?: boolean;
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
    input: HandlerInput<
      z.output<Params>,
      z.output<Query>,
      z.output<Body>,
      CallerOf<Allowed>,
      Rule,
      BusinessIdOf<Allowed>
    >,
  ): Promise<ReplyOf<Rule>> | ReplyOf<Rule>;
}

/** A route as a plain value: what is mounted is also what OpenAPI documents. */
export type Route = RouteOptions<z.ZodObject, z.ZodObject, z.ZodObject, Access, IdempotencyRule>;

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
  if (isForMembers(access)) {
    const isOwned = 'businessOf' in access;
    const name = isOwned ? 'id' : access.business;
    const schemas = isOwned ? [options.params] : [options.params, options.query, options.body];
    if (!schemas.some((schema) => schema?.shape[name])) {
      throw new Error(`${options.operationId}: ${name} is no parameter${isOwned ? ' of the path' : ' and no field'}.`);
    }
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
