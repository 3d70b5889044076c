import { instantText, isCutShort } from '@pika/shared';
import type { ProfileRow } from './profile.repository.ts';
import type { Profile } from './profile.schemas.ts';

export function mapProfile(row: ProfileRow, impersonatedBy: string | undefined): Profile {
  return {
    id: row.id,
    email: row.email,
    isEmailVerified: row.isEmailVerified,
    displayName: row.displayName,
    language: row.language,
    hasSecondFactor: row.hasSecondFactor,
    roles: row.roles,
    businesses: Object.entries(row.businesses).map(([id, role]) => ({ id, role })),
    hasMoreBusinesses: isCutShort(row.businesses),
    impersonatedBy: impersonatedBy ?? null,
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  };
}
