import { instantText } from '@pika/shared';
import type { ApiKeyRow } from './api-key.repository.ts';
import type { ApiKey } from './api-key.schemas.ts';

const instantOrNull = (at: Date | null) => (at === null ? null : instantText(at));

export function mapApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    businessId: row.businessId,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    allowedOrigins: row.allowedOrigins,
    createdBy: row.createdBy,
    createdAt: instantText(row.createdAt),
    expiresAt: instantOrNull(row.expiresAt),
    lastUsedAt: instantOrNull(row.lastUsedAt),
    revokedAt: instantOrNull(row.revokedAt),
  };
}
