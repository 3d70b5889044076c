import { jwtVerify, type CryptoKey } from 'jose';
import { z } from 'zod';
import {
  accessClaims,
  accessTokenAlgorithm,
  accessTokenAudience,
  accessTokenSeconds,
  accessTokenType,
  clockToleranceSeconds,
  type AccessClaims,
} from './access-token.ts';
import { invalidToken } from './caller.ts';
import type { KeySet } from './key-set.ts';
import { Problem } from './problem.ts';

/** A hundred memberships and what else a token says. */
const accessTokenLengthMax = 8_192;

/** Strict: whatever else a header can say (jku, jwk, x5u, x5c, crit, b64, zip …) asks to be trusted for its own sake. */
const header = z.strictObject({
  alg: z.literal(accessTokenAlgorithm),
  typ: z.literal(accessTokenType),
  kid: z.string().min(1).max(100),
});

export interface TokenVerification {
  readonly keySet: Pick<KeySet, 'find'>;
  readonly issuer: string;
  readonly now: () => Date;
}

export interface VerifiedToken {
  readonly claims: AccessClaims;
  readonly kid: string;
  readonly key: CryptoKey;
}

/**
 * The claims of a token that the issuer signed and that is good now. Throws `auth.invalidToken`, the same for whatever is
 * wrong with it. Says nothing of its session, which may have been revoked since.
 */
export async function verifyAccessToken(
  token: string,
  { keySet, issuer, now }: TokenVerification,
): Promise<VerifiedToken> {
  if (token.length > accessTokenLengthMax) throw invalidToken(new Error('too long'));
  try {
    const [headerText, payloadText] = partsOf(token);
    const { kid } = header.parse(readOwnJson(headerText));
    const claims = readOwnJson(payloadText);
    const key = await keySet.find(kid);
    if (key === null) throw new Error('unknown key');
    await jwtVerify(token, key, {
      algorithms: [accessTokenAlgorithm],
      typ: accessTokenType,
      issuer,
      audience: accessTokenAudience,
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: accessTokenSeconds,
      requiredClaims: ['exp'],
      currentDate: now(),
    });
    return { claims: accessClaims.parse(claims), kid, key };
  } catch (cause) {
    throw cause instanceof Problem ? cause : invalidToken(cause);
  }
}

/** The texts of header and payload. A part that is not spelt as base64url does it throws: each token has one spelling. */
function partsOf(token: string): [string, string] {
  const parts = token.split('.');
  const [head, payload, signature] = parts;
  if (parts.length !== 3 || head === undefined || payload === undefined || signature === undefined) {
    throw new Error('not three parts');
  }
  for (const part of [head, payload, signature]) {
    if (Buffer.from(part, 'base64url').toString('base64url') !== part) throw new Error('not base64url');
  }
  return [textOf(head), textOf(payload)];
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const textOf = (part: string) => utf8.decode(Buffer.from(part, 'base64url'));

/** JSON as the issuer writes it: no name twice, no white space. */
function readOwnJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (JSON.stringify(value) !== text) throw new Error('not the JSON that we write');
  return value;
}
