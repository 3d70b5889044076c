import type { Database } from '@pika/database';
import { mountRoutes, readLocales, type Cache, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';
import { businessRoutes } from './business/business.routes.ts';
import { categoryRoutes } from './category/category.routes.ts';
import { cityRoutes } from './city/city.routes.ts';
import { invitationRoutes } from './invitation/invitation.routes.ts';
import { languageRoutes } from './language/language.routes.ts';
import { memberRoutes } from './member/member.routes.ts';

export interface BusinessDeps {
  database: Database;
  cache: Cache;
  /** Makes the tokens of invitations; that of the identity app, which mails them. */
  invitationSecret: string;
  cursorSecret: string;
  now: () => Date;
}

/** Every endpoint of this app. */
export function businessesRoutes(deps: BusinessDeps): Route[] {
  return [
    ...businessRoutes(deps),
    ...categoryRoutes(deps),
    ...cityRoutes(deps),
    ...languageRoutes(deps),
    ...memberRoutes(deps),
    ...invitationRoutes(deps),
  ];
}

export function businessRouter(deps: BusinessDeps): Router {
  return mountRoutes(businessesRoutes(deps));
}

export const businessLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
