import { hash } from 'node:crypto';
import { problemAnswer, type Teller } from './error-writer.ts';
import { invalidRequest, Problem, sharedProblems } from './problem.ts';
import { textOf, type Reply } from './reply.ts';
import type { RequestContext } from './request-context.ts';
import type { ResponseDocumentation } from './route.ts';

/** Whether a route takes an Idempotency-Key. `none` also where doing it twice does no harm, or the answer is a secret. */
export type IdempotencyRule = 'required' | 'optional' | 'none';

/** What a request did, to be told now and to whoever repeats it. A Problem is told like any other answer, and kept. */
export type OnceAnswer = (Omit<Reply, 'etag'> & { readonly repeatBody?: unknown }) | Problem;

/** An answer in its bytes. */
export interface FrozenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const madeFor: unique symbol = Symbol('pika.idempotentRequest');

/** A reply that `IdempotentRequest.reply` made: the only one that a route with a key may answer. */
export interface OnceReply extends Reply {
  readonly [madeFor]: IdempotentRequest;
}

/** One request of a route with a key; `inIdempotentTransaction` of @pika/database answers it. */
export interface IdempotentRequest {
  /** Null where none was sent and none is required. */
  readonly key: string | null;
  readonly operation: string;
  /** SHA-256 of the method, the address and the body as canonical JSON. */
  readonly fingerprint: Uint8Array;
  /**
   * The answer told `now`, and the one to be `kept` for repeats: the same bytes unless there is a `repeatBody`, which
   * stands in for a body that holds a secret. A `teller` has the words of an earlier request. Throws for statuses of the server's own failure and undocumented ones.
   */
  freeze(answer: OnceAnswer, teller?: Teller): { readonly now: FrozenAnswer; readonly kept: FrozenAnswer };
  /** Who tells of a failure, to be kept where only the outcome is kept and its words are found again. */
  readonly teller: Teller;
  reply(answer: FrozenAnswer, isReplayed: boolean): OnceReply;
}

export type IdempotencyOf<Rule extends IdempotencyRule> = Rule extends 'none' ? undefined : IdempotentRequest;
export type ReplyOf<Rule extends IdempotencyRule> = Rule extends 'none' ? Reply : OnceReply;

/** Whether the reply is the one that was made for this request. */
export function isReplyTo(request: IdempotentRequest, reply: Reply): boolean {
  return madeFor in reply && reply[madeFor] === request;
}

/** `application/problem+json`, told by a handler rather than thrown. */
export const isProblemReply = ({ mediaType }: Reply): boolean => mediaType === problemType;

const problemType = 'application/problem+json';

interface IdempotentRoute {
  readonly operationId: string;
  readonly responses: Readonly<Record<number, ResponseDocumentation>>;
}

interface IdempotentRequestParts {
  readonly key: string | null;
  readonly method: string;
  /** The path with the query, as it was asked. */
  readonly address: string;
  readonly body: unknown;
  readonly mediaType: string;
  readonly context: RequestContext;
}

export function idempotentRequest(route: IdempotentRoute, parts: IdempotentRequestParts): IdempotentRequest {
  const { method, address, body, mediaType, context } = parts;
  const request: IdempotentRequest = {
    key: parts.key,
    operation: route.operationId,
    fingerprint: hash('sha256', canonicalJson([method, address, body]), 'buffer'),
    teller: context,
    freeze(answer, teller) {
      if (answer instanceof Problem) {
        if (answer.status >= 500) throw answer;
        const { headers, body: text } = problemAnswer(answer, context, teller);
        const frozen = { status: answer.status, headers, body: Buffer.from(text) };
        return { now: frozen, kept: frozen };
      }
      const { repeatBody, ...told } = answer;
      const status = told.status ?? 200;
      if (route.responses[status] === undefined || status >= 500) {
        throw new Error(`${route.operationId} answered ${status}, which it does not document.`);
      }
      const now = frozenReply(told, mediaType);
      return { now, kept: repeatBody === undefined ? now : frozenReply({ ...told, body: repeatBody }, mediaType) };
    },
    reply({ status, headers, body: bytes }, isReplayed) {
      const { 'Content-Type': type, 'Cache-Control': cacheControl, ...others } = headers;
      return {
        [madeFor]: request,
        status,
        ...(type === undefined ? {} : { body: bytes, mediaType: type }),
        ...(cacheControl === undefined ? {} : { cacheControl }),
        headers: isReplayed ? { ...others, 'Idempotency-Replayed': 'true' } : others,
      };
    },
  };
  return request;
}

function frozenReply({ status = 200, body, contentLanguages, cacheControl, ...rest }: Reply, mediaType: string) {
  const headers = {
    ...rest.headers,
    ...(contentLanguages?.length ? { 'Content-Language': contentLanguages.join(', ') } : {}),
    ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }),
    ...(body === undefined ? {} : { 'Content-Type': rest.mediaType ?? mediaType }),
  };
  return { status, headers, body: Buffer.from(body === undefined ? '' : textOf(body)) };
}

/**
 * The key of an Idempotency-Key header: the draft's string of a structured field (`"…"`), or the same without quotes. 1 to
 * 255 visible ASCII characters. Throws `idempotency.keyMissing`, and `request.invalid` for what is no key.
 */
export function idempotencyKeyOf(header: string | readonly string[] | undefined, rule: IdempotencyRule): string | null {
  if (header === undefined) {
    if (rule === 'required') throw sharedProblems['idempotency.keyMissing']();
    return null;
  }
  const key = typeof header === 'string' ? keyIn(header) : null;
  if (key === null) {
    throw invalidRequest([{ field: 'Idempotency-Key', code: 'invalidFormat', params: { format: 'idempotencyKey' } }]);
  }
  return key;
}

/** What RFC 8941 lets stand between quotes, but for the space; of a comma, which joins two headers, no bare key. */
const quotedKey = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
const bareKey = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/;

/** Both, as OpenAPI says it. */
export const idempotencyKeyPattern = String.raw`^(?:"(?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}"|[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255})$`;

function keyIn(header: string): string | null {
  const quoted = quotedKey.exec(header)?.[1];
  const key = quoted?.replaceAll(/\\(.)/g, '$1') ?? (bareKey.test(header) ? header : '');
  return key.length >= 1 && key.length <= 255 ? key : null;
}

/** JSON whose text does not depend on the order of names or on spaces (RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}
