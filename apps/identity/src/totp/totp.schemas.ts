import { z } from 'zod';
import { passwordField } from '../account/account.schemas.ts';
import { codeField } from '../login/login.schemas.ts';

export const enrolBody = z.strictObject({ password: passwordField });

export const enrolment = z
  .object({
    secret: z.string().meta({ description: 'In base 32, for typing. Shown this once.' }),
    uri: z.string().meta({
      description: 'For a QR code.',
      example: 'otpauth://totp/Pika:ramona%40example.com?issuer=Pika&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    }),
  })
  .meta({ id: 'TotpEnrolment' });

export const confirmBody = z.strictObject({ code: codeField });

export const backupCodes = z
  .object({
    backupCodes: z
      .array(z.string())
      .meta({ description: 'Ten codes, each good once in place of one of the app. Shown this once.' }),
  })
  .meta({ id: 'BackupCodes' });

export const disableBody = z.strictObject({ password: passwordField, code: codeField });
