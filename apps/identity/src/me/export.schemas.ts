import { z } from 'zod';

const rows = z.array(z.record(z.string(), z.unknown()));

/** Every table that holds rows of a person, by the section of the export. */
export const exportSections = {
  account: 'users.users',
  addresses: 'users.addresses',
  preferences: 'users.preferences',
  credentials: 'identity.credentials',
  emailLinks: 'identity.email_links',
  secondFactors: 'identity.totp_factors',
  backupCodes: 'identity.backup_codes',
  sessions: 'identity.sessions',
  refreshTokens: 'identity.refresh_tokens',
  roles: 'identity.role_grants',
  ownedBusinesses: 'business.businesses',
  memberships: 'business.members',
  invitations: 'business.invitations',
  claims: 'marketplace.claims',
  holds: 'marketplace.holds',
  redemptions: 'marketplace.redemptions',
  attempts: 'marketplace.attempts',
  scans: 'marketplace.scans',
  counters: 'marketplace.user_counters',
  dayCounters: 'marketplace.user_day_counters',
  campaignCounters: 'marketplace.campaign_user_counters',
  loginAttempts: 'security.login_attempts',
} as const;

type ExportSection = keyof typeof exportSections;

const sections = Object.fromEntries(
  Object.entries(exportSections).map(([name, table]) => [
    name,
    rows.meta({ description: `Rows of ${table}, without what only opens doors.` }),
  ]),
) as Record<ExportSection, typeof rows>;

export const exportAnswer = z
  .object({
    exportedAt: z.iso.datetime(),
    ...sections,
    history: rows.meta({ description: 'What was done to these rows, the latest first; personal values in clear.' }),
    incomplete: z
      .array(z.string())
      .meta({ description: 'Sections of more rows than one answer holds, of which the latest are here.' }),
  })
  .meta({ id: 'PersonalData' });
