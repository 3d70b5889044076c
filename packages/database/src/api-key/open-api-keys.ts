import { invalidToken, type ApiKeyCaller } from '@pika/shared';
import type { Database } from '../client.ts';
import { jobContext } from '../context.ts';
import { singleStatements } from '../single-statements.ts';
import { findApiKey, noteApiKeyUse, type FoundApiKey } from './api-key.repository.ts';
import { isSameHash, readApiKeyToken, type ApiKeyToken } from './api-key-token.ts';

export interface ApiKeys {
  /**
   * Whose key it is. Throws `auth.invalidToken`, the same for whatever is wrong with it: unknown, another secret,
   * expired, revoked, of a suspended business, or sent from a page of an origin that the key does not list. A key
   * without origins is for servers: any Origin is refused.
   */
  authenticate(
    token: string,
    request: { readonly origin: string | undefined; readonly clientAddress: string },
  ): Promise<ApiKeyCaller>;
  /** For who revoked it: refused by this process at once. */
  forget(keyId: string): void;
}

/** What was found is good so long: the most that a revoked key is let in by other processes. */
export const apiKeyMemorySeconds = 15;
const rememberedMax = 1_000;
const useNotedEverySeconds = 60;
const nobody = Buffer.alloc(32);

interface Remembered {
  key: FoundApiKey;
  readAt: number;
}

/** Settles keys of businesses. A key is looked up every 15 seconds, and its use is written once a minute. */
export function openApiKeys(database: Database, { now }: { now: () => Date }): ApiKeys {
  const db = singleStatements(database, jobContext('api-keys'));
  const remembered = new Map<string, Remembered>();

  async function lookUp(prefix: string): Promise<FoundApiKey | null> {
    const at = now().getTime();
    const known = remembered.get(prefix);
    if (known !== undefined && at - known.readAt < apiKeyMemorySeconds * 1_000) return known.key;
    const key = await findApiKey(db, prefix);
    remembered.delete(prefix);
    if (key === null) return null;
    remembered.set(prefix, { key, readAt: at });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= rememberedMax) break;
      remembered.delete(oldest);
    }
    return key;
  }

  async function noteUse(key: FoundApiKey): Promise<void> {
    const at = now();
    if (key.lastUsedAt !== null && at.getTime() - key.lastUsedAt.getTime() < useNotedEverySeconds * 1_000) return;
    key.lastUsedAt = at;
    await noteApiKeyUse(db, key.id, at);
  }

  return {
    async authenticate(token, { origin }) {
      const given = readApiKeyToken(token);
      if (given === null) throw invalidToken();
      const key = await lookUp(given.prefix);
      if (!isGood(key, given, origin, now())) throw invalidToken();
      await noteUse(key);
      return { kind: 'apiKey', keyId: key.id, businessId: key.businessId, scopes: key.scopes };
    },
    forget(keyId) {
      for (const [prefix, { key }] of remembered) if (key.id === keyId) remembered.delete(prefix);
    },
  };
}

function isGood(
  key: FoundApiKey | null,
  given: ApiKeyToken,
  origin: string | undefined,
  now: Date,
): key is FoundApiKey {
  const isSecretRight = isSameHash(given.secretHash, key?.secretHash ?? nobody);
  if (key === null || !isSecretRight || !key.isOpen) return false;
  if (key.expiresAt !== null && key.expiresAt <= now) return false;
  return origin === undefined || key.allowedOrigins.includes(origin);
}
