import { mountRoutes, readLocales, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';
import { sessionRoutes, type SessionDeps } from './session/session.routes.ts';
import { signingKeyRoutes, type SigningKeyDeps } from './signing-key/signing-key.routes.ts';

export interface IdentityDeps extends SigningKeyDeps, SessionDeps {}

/** Every endpoint of this app. */
export function identityRoutes(deps: IdentityDeps): Route[] {
  return [...signingKeyRoutes(deps), ...sessionRoutes(deps)];
}

export function identityRouter(deps: IdentityDeps): Router {
  return mountRoutes(identityRoutes(deps));
}

export const identityLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
