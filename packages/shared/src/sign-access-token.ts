import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  accessTokenAlgorithm,
  accessTokenAudience,
  accessTokenSeconds,
  accessTokenType,
  type AccessClaims,
} from './access-token.ts';

export type ClaimsToSign = Omit<AccessClaims, 'iss' | 'aud' | 'iat' | 'nbf' | 'exp'> & { issuedAt: Date };

export interface TokenSigner {
  readonly issuer: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Equal claims give the same token under the same key: Ed25519 needs no random number. */
export function signAccessToken({ issuedAt, ...claims }: ClaimsToSign, signer: TokenSigner): Promise<string> {
  const iat = Math.floor(issuedAt.getTime() / 1_000);
  const exp = iat + accessTokenSeconds;
  return new SignJWT({ iss: signer.issuer, aud: accessTokenAudience, ...claims, iat, exp })
    .setProtectedHeader({ alg: accessTokenAlgorithm, typ: accessTokenType, kid: signer.kid })
    .sign(signer.privateKey);
}
