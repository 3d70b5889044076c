import {
  authSettings,
  ConfigError,
  invitationSettings,
  numberParameter,
  refuseDevelopmentInvitations,
  refuseTogether,
} from '@pika/shared';
import { z } from 'zod';

const developmentSecret = 'pika-development-identity';

/** What this app needs beside the settings that every app has. */
export const identitySettings = z.object({
  ...authSettings.shape,
  ...invitationSettings.shape,
  IDENTITY_SECRET: z
    .string()
    .min(16)
    .default(developmentSecret)
    .describe(
      'Encrypts signing keys and second factors, makes refresh tokens and links; the same in every process and for ever, at least 16 characters',
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the page, which links in mails lead to; http://localhost and PORT unless set'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Mail server, smtp://user:password@host:587; without it mails are files in MAIL_DIR'),
  MAIL_DIR: z
    .string()
    .optional()
    .describe('Folder of mails where there is no SMTP_URL; mail beside the embedded database unless set'),
  MAIL_FROM: z.string().regex(/@/).default('Pika <no-reply@pika.example>').describe('Sender of mails'),
  SESSION_IDLE_DAYS: numberParameter({ min: 1, max: 365, integer: true })
    .default(30)
    .describe('Days after which a session ends that was not used'),
  SESSION_MAX_DAYS: numberParameter({ min: 1, max: 3_650, integer: true })
    .default(90)
    .describe('Days after which every session ends'),
});

/** Production must not run on a secret that everybody can read here, nor leave mails where nobody gets them. */
export function refuseDevelopmentSecrets(settings: z.output<typeof identitySettings> & { NODE_ENV: string }): void {
  refuseTogether(
    () => refuseDevelopmentInvitations(settings),
    () => refuseOwnDefaults(settings),
  );
}

function refuseOwnDefaults(settings: z.output<typeof identitySettings> & { NODE_ENV: string }): void {
  if (settings.NODE_ENV !== 'production') return;
  const faults = [
    ...(settings.IDENTITY_SECRET === developmentSecret
      ? ['IDENTITY_SECRET: set it, the development secret is not accepted in production.']
      : []),
    ...(settings.SMTP_URL === undefined ? ['SMTP_URL: set it, in production mails are sent.'] : []),
    ...(settings.PUBLIC_URL === undefined ? ['PUBLIC_URL: set it, links in mails lead there.'] : []),
  ];
  if (faults.length > 0) throw new ConfigError(['The configuration is not valid:', ...faults].join('\n  '));
}
