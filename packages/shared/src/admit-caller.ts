import type { Request, Response } from 'express';
import { anonymous, bearerTokenOf, invalidToken } from './caller.ts';
import { callerKey } from './caller-key.ts';
import { tooMany, type LimitedClass } from './rate-limit.ts';
import type { RequestContext } from './request-context.ts';

/** Puts who calls into the context. Throws `auth.invalidToken`. */
export async function settleCaller(request: Request, response: Response, context: RequestContext): Promise<void> {
  try {
    const { authorization, origin } = request.headers;
    // Of two, Node gives the first: whoever stands between may have read the other.
    if ((request.headersDistinct['authorization']?.length ?? 0) > 1) throw invalidToken();
    const token = bearerTokenOf(authorization);
    if (token === null) return;
    context.caller = await context.edge.authenticate(token, { origin, clientAddress: context.clientAddress });
  } catch (error) {
    // Who guesses tokens has a quota too, that of its address.
    if (context.edge.rateLimits !== null) await charge('read', response, context);
    throw error;
  }
}

/** Throws `request.tooMany` when nothing is left. Attempts at secrets are counted by address, whoever makes them. */
export async function charge(
  limited: LimitedClass,
  response: Response,
  { caller, clientAddress, edge }: RequestContext,
): Promise<void> {
  const key = callerKey(limited === 'login' ? anonymous : caller, clientAddress);
  const taking = edge.rateLimits?.take(limited, key);
  // Without Redis it is known at once, and a promise would cost more than the counting.
  const taken = taking instanceof Promise ? await taking : taking;
  if (taken === undefined || taken.policy === '') return;
  response.setHeader('RateLimit-Policy', taken.policy);
  response.setHeader('RateLimit', taken.state);
  if (!taken.isAllowed) throw tooMany(taken.resetSeconds);
}
