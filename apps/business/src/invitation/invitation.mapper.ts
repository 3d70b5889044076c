import { instantText } from '@pika/shared';
import type { InvitationRow } from './invitation.repository.ts';
import type { Invitation } from './invitation.schemas.ts';

export function mapInvitation(row: InvitationRow, now: Date): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    state: stateOf(row, now),
    invitedBy: row.invitedBy,
    createdAt: instantText(row.createdAt),
    expiresAt: instantText(row.expiresAt),
  };
}

function stateOf({ acceptedAt, revokedAt, expiresAt }: InvitationRow, now: Date): Invitation['state'] {
  if (acceptedAt !== null) return 'accepted';
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
}
