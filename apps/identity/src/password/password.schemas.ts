import { z } from 'zod';
import { emailField, linkTokenField, newPasswordField, passwordField } from '../account/account.schemas.ts';

export const forgotBody = z.strictObject({ email: emailField });

export const resetBody = z.strictObject({ token: linkTokenField, newPassword: newPasswordField });

export const changeBody = z.strictObject({ currentPassword: passwordField, newPassword: newPasswordField });
