import { z } from 'zod';
import type { UserCaller } from './caller.ts';

/** How long an access token lives, and so how long a revoked session has to be remembered. */
export const accessTokenSeconds = 600;

/** How far the clocks of our machines may differ. */
export const clockToleranceSeconds = 5;

export const accessTokenAudience = 'pika';
export const accessTokenType = 'at+jwt';
/** Ed25519 (RFC 8037). */
export const accessTokenAlgorithm = 'EdDSA';

const seconds = z.int().nonnegative();

/** What a token of ours says besides what every JWT does. */
export const accessClaims = z.object({
  iss: z.string(),
  aud: z.literal(accessTokenAudience),
  sub: z.uuid(),
  sid: z.uuid(),
  roles: z.array(z.enum(['support', 'admin'])),
  businesses: z.record(z.uuid(), z.enum(['owner', 'manager', 'redeemer'])),
  lang: z.string().max(35).optional(),
  imp: z.uuid().optional(),
  iat: seconds,
  nbf: seconds.optional(),
  exp: seconds,
  jti: z.uuid(),
});

export type AccessClaims = z.output<typeof accessClaims>;

export function callerOfClaims({ sub, sid, roles, businesses, lang, imp }: AccessClaims): UserCaller {
  return {
    kind: 'user',
    userId: sub,
    sessionId: sid,
    roles,
    businesses,
    ...(lang === undefined ? {} : { language: lang }),
    ...(imp === undefined ? {} : { impersonatedBy: imp }),
  };
}
