import type { Database } from '@pika/database';
import { mountRoutes, readLocales, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';

export interface IdentityDeps {
  database: Database;
  now: () => Date;
}

/** Every endpoint of this app. */
export function identityRoutes(_deps: IdentityDeps): Route[] {
  return [];
}

export function identityRouter(deps: IdentityDeps): Router {
  return mountRoutes(identityRoutes(deps));
}

export const identityLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
