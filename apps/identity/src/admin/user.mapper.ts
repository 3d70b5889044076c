import { instantText } from '@pika/shared';
import type { UserDetailRow, UserRow } from './user.repository.ts';
import type { UserDetail, UserSummary } from './user.schemas.ts';

export const mapUser = ({ id, email, displayName, state, roles, createdAt }: UserRow): UserSummary => ({
  id,
  email,
  displayName,
  state,
  roles,
  createdAt: instantText(createdAt),
});

export const mapUserDetail = (row: UserDetailRow): UserDetail => ({
  ...mapUser(row),
  stateReason: row.stateReason,
  language: row.language,
  isEmailVerified: row.isEmailVerified,
  businesses: row.businesses,
  sessionCount: row.sessionCount,
  lastUsedAt: row.lastUsedAt === null ? null : instantText(row.lastUsedAt),
  updatedAt: instantText(row.updatedAt),
});
