import { instantText } from '@pika/shared';
import type { SessionRow } from './session.repository.ts';
import type { Session } from './session.schemas.ts';

export function mapSession(row: SessionRow, currentId: string): Session {
  return {
    id: row.id,
    userAgent: row.userAgent,
    clientAddress: row.clientAddress,
    impersonatedBy: row.impersonatedBy,
    createdAt: instantText(row.createdAt),
    lastUsedAt: instantText(row.lastUsedAt),
    expiresAt: instantText(row.expiresAt),
    isCurrent: row.id === currentId,
  };
}
