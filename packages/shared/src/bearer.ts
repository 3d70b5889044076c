import { callerOfClaims } from './access-token.ts';
import { invalidToken, type Authenticate } from './caller.ts';
import { rememberingVerifier } from './remember-tokens.ts';
import type { TokenVerification } from './verify-access-token.ts';

export interface BearerOptions extends TokenVerification {
  /** Throws `server.unavailable` where it is not known. */
  readonly isRevoked: (sessionId: string) => boolean;
  /** Where the sessions themselves are: asked each time, so that a revoked one is refused at once by every process. */
  readonly isSessionAlive?: (sessionId: string, userId: string) => Promise<boolean>;
  /** Settles tokens that begin with `pika_`; without it none is good. */
  readonly apiKey?: Authenticate;
}

/** Settles what stands behind `Authorization: Bearer`: access tokens and API keys. */
export function bearerAuthentication({
  apiKey,
  isRevoked,
  isSessionAlive,
  ...verification
}: BearerOptions): Authenticate {
  const verify = rememberingVerifier(verification);
  return async (token, request) => {
    if (token.startsWith('pika_')) {
      if (apiKey === undefined) throw invalidToken();
      return apiKey(token, request);
    }
    const caller = callerOfClaims(await verify(token));
    if (isRevoked(caller.sessionId)) throw invalidToken();
    if (isSessionAlive !== undefined && !(await isSessionAlive(caller.sessionId, caller.userId))) throw invalidToken();
    return caller;
  };
}
