import { emailField as sharedEmailField, nameParameter } from '@pika/shared';
import { z } from 'zod';
import { passwordLengthMax, passwordLengthMin } from '../password/password.rules.ts';

export const emailField = sharedEmailField();

/** A new one: its rules are told by `passwordErrors`. */
export const newPasswordField = z.string().max(1_000).meta({
  description: '8 to 128 characters, none of the commonest, not the e-mail address.',
  format: 'password',
  example: 'four small yellow birds',
  minLength: passwordLengthMin,
  maxLength: passwordLengthMax,
});

/** One that is compared: whatever was typed. */
export const passwordField = z.string().max(1_000).meta({ format: 'password', example: 'pika-demo-password' });

export const linkTokenField = z.string().max(1_000).meta({
  description: 'Of the link that was sent by e-mail.',
  example: 'q2V4bO0b9wqXh1f0bq8nq2mD3T1oYk5xq7m2pUo3s1Q',
});

export const registerBody = z.strictObject({
  email: emailField,
  password: newPasswordField,
  displayName: nameParameter({ max: 100 }).meta({ example: 'Ña Ramona' }),
  language: z
    .string()
    .max(35)
    .optional()
    .meta({ description: 'Of mails and answers (BCP 47); that of the request unless given.', example: 'es' }),
});

export const verifyEmailBody = z.strictObject({ token: linkTokenField });

/** The same whether the address is known or not. */
export const mailSentAnswer = z
  .object({ email: z.string().meta({ description: 'Where mail was sent to, if it can be.' }) })
  .meta({ id: 'MailSent' });
