import { mountRoutes, readLocales, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';
import { accountRoutes } from './account/account.routes.ts';
import type { AccountDeps } from './account/account.service.ts';
import { userRoutes } from './admin/user.routes.ts';
import type { UserDeps } from './admin/user.service.ts';
import { apiKeyRoutes, type ApiKeyDeps } from './api-key/api-key.routes.ts';
import { loginRoutes } from './login/login.routes.ts';
import type { LoginDeps } from './login/login.service.ts';
import { meRoutes, type MeDeps } from './me/me.routes.ts';
import { passwordRoutes } from './password/password.routes.ts';
import type { PasswordServiceDeps } from './password/password.service.ts';
import { sessionRoutes, type SessionDeps } from './session/session.routes.ts';
import { signingKeyRoutes, type SigningKeyDeps } from './signing-key/signing-key.routes.ts';
import { totpRoutes } from './totp/totp.routes.ts';
import type { TotpDeps } from './totp/totp.service.ts';

export type IdentityDeps = SigningKeyDeps &
  SessionDeps &
  AccountDeps &
  LoginDeps &
  PasswordServiceDeps &
  TotpDeps &
  MeDeps &
  ApiKeyDeps &
  UserDeps;

/** Every endpoint of this app. */
export function identityRoutes(deps: IdentityDeps): Route[] {
  return [
    ...signingKeyRoutes(deps),
    ...sessionRoutes(deps),
    ...accountRoutes(deps),
    ...loginRoutes(deps),
    ...passwordRoutes(deps),
    ...totpRoutes(deps),
    ...meRoutes(deps),
    ...apiKeyRoutes(deps),
    ...userRoutes(deps),
  ];
}

export function identityRouter(deps: IdentityDeps): Router {
  return mountRoutes(identityRoutes(deps));
}

export const identityLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
