import type { Request, Response } from 'express';
import { negotiateMediaType } from './accept.ts';
import { charge, settleCaller } from './admit-caller.ts';
import { assertMayAsk, businessToActFor, isForMembers, type Caller } from './caller.ts';
import { deprecationHeaders } from './deprecation.ts';
import { LazyInput } from './handler-input.ts';
import {
  idempotencyKeyOf,
  idempotentRequest,
  isProblemReply,
  isReplyTo,
  type IdempotentRequest,
} from './idempotency.ts';
import { inputReader } from './input.ts';
import { sharedProblems } from './problem.ts';
import { readBody, type ReadBody } from './read-body.ts';
import { readAfterHeader, writeReply, type Reply } from './reply.ts';
import { contextOf, type RequestContext } from './request-context.ts';
import { bodyTypesOf, mediaTypesOf, type Route } from './route.ts';

type PlainRequest = Request<Record<string, string>>;

/**
 * The walk of one request, after the server's own: who calls and how often → may they ask → the media type, the key, the
 * condition → what was sent, validated → is it theirs → the handler → the answer. Each step throws what ends the walk.
 */
export function answerer(declared: Route): (request: PlainRequest, response: Response) => Promise<void> {
  const readInput = inputReader(declared);
  const mediaTypes = mediaTypesOf(declared);
  const fallbackMediaType = mediaTypes[0] ?? 'application/json';
  const bodyTypes = bodyTypesOf(declared);
  const vary = varyOf(declared, mediaTypes);
  const rule = declared.idempotency ?? 'none';
  const forMembers = isForMembers(declared.access);
  const impersonated = declared.impersonated ?? declared.method === 'get';
  const limited = declared.rateLimit ?? (declared.method === 'get' ? 'read' : 'write');
  const fixedHeaders = Object.entries(declared.deprecated === undefined ? {} : deprecationHeaders(declared.deprecated));
  return async (request, response) => {
    const context = contextOf(request);
    context.route = declared.path;
    for (const [name, value] of fixedHeaders) response.setHeader(name, value);

    if (request.headers.authorization !== undefined) await settleCaller(request, response, context);
    if (limited !== 'none' && context.edge.rateLimits !== null) await charge(limited, response, context);
    assertMayAsk(declared.access, context.caller, { impersonated });

    const mediaType = negotiateMediaType(request.headers.accept, mediaTypes);
    if (mediaType === null && mediaTypes.length > 0) throw notAcceptable(mediaTypes, vary);
    const answerType = mediaType ?? fallbackMediaType;
    const key = rule === 'none' ? null : idempotencyKeyOf(request.headers['idempotency-key'], rule);
    if (declared.ifMatch === 'required' && request.headers['if-match'] === undefined) throw conditionRequired();

    const body = bodyTypes.length === 0 ? null : await readBody(request, response, bodyTypes, declared.bodyBytesMax);
    const valid = await readInput(request.params, body, context);
    const valueOf = (name: string) => valid.params[name] ?? valid.query[name] ?? valid.body[name];
    // Without a promise where there is nothing to wait for.
    const businessId = forMembers ? await businessToActFor(declared.access, context.caller, valueOf) : undefined;

    const idempotency = rule === 'none' ? undefined : keyed(declared, key, body, answerType, request, context);
    const reply = await declared.handler(new LazyInput(valid, answerType, request, context, idempotency, businessId));
    assertDeclared(declared, idempotency, reply);
    const writing = writeReply(request, response, ownReply(reply, context.caller), answerType, vary);
    if (writing !== undefined) await writing;
  };
}

function varyOf(declared: Route, mediaTypes: readonly string[]): string {
  return [
    'Accept-Language',
    ...(mediaTypes.length > 1 ? ['Accept'] : []),
    ...(declared.readsAfter === true ? [readAfterHeader] : []),
  ].join(', ');
}

function notAcceptable(offered: readonly string[], vary: string) {
  return sharedProblems['request.notAcceptable']({ params: { offered }, headers: { Vary: vary } });
}

function conditionRequired() {
  return sharedProblems['request.conditionRequired']();
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

/** Throws a plain error for a handler that does not what its route says. */
function assertDeclared(declared: Route, idempotency: IdempotentRequest | undefined, reply: Reply): void {
  if (idempotency !== undefined && !isReplyTo(idempotency, reply)) {
    throw new Error(`${declared.operationId} takes an Idempotency-Key and did not answer by input.idempotency.`);
  }
  if (declared.responses[reply.status ?? 200] === undefined && !isProblemReply(reply)) {
    throw new Error(`${declared.operationId} answered ${reply.status ?? 200}, which it does not document.`);
  }
}

/** What somebody asked for under their own name is kept by nobody else. */
function ownReply(reply: Reply, caller: Caller): Reply {
  if (caller.kind === 'anonymous') return reply;
  return { ...reply, cacheControl: reply.cacheControl?.replace('public', 'private') ?? 'private, no-cache' };
}
