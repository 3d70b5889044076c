import { z } from 'zod';
import { emailField, passwordField } from '../account/account.schemas.ts';

/** Six digits of an app, or a backup code; spaces and hyphens count for nothing. */
export const codeField = z
  .string()
  .min(1)
  .max(40)
  .meta({ description: 'Of the app that shows codes, or a backup code.', example: '123456' });

export const logInBody = z
  .strictObject({
    email: emailField,
    password: passwordField,
    code: codeField.optional(),
  })
  .meta({ example: { email: 'consumer@pika.example', password: 'pika-demo-password' } });
