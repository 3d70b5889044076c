import { publicKeySet, route, type Route } from '@pika/shared';
import type { SigningKeys } from './open-signing-keys.ts';

export interface SigningKeyDeps {
  signingKeys: SigningKeys;
}

export function signingKeyRoutes({ signingKeys }: SigningKeyDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/.well-known/jwks.json',
      operationId: 'listVerificationKeys',
      tags: ['Auth'],
      summary: 'The public keys of access tokens',
      description: 'A JSON Web Key Set (RFC 7517). A key is here an hour before it signs.',
      access: 'public',
      // Every verifier behind one address asks for them, and they are in memory.
      rateLimit: 'none',
      responses: { 200: { description: 'The keys.', content: { 'application/json': publicKeySet } } },
      handler: () => ({ body: signingKeys.published(), cacheControl: 'public, max-age=300', etag: true }),
    }),
  ];
}
