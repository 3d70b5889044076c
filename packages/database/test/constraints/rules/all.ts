import { analyticsRules } from './analytics.ts';
import { businessRules } from './business.ts';
import { catalogRules } from './catalog.ts';
import { i18nRules } from './i18n.ts';
import { identityRules } from './identity.ts';
import { counterRules } from './marketplace-counter.ts';
import { offersRules } from './marketplace-offers.ts';
import { useRules } from './marketplace-use.ts';
import { platformRules } from './platform.ts';
import type { Rules } from './rules.ts';
import { securityRules } from './security.ts';
import { usersRules } from './users.ts';

export const allRules: Rules = {
  ...usersRules,
  ...identityRules,
  ...securityRules,
  ...i18nRules,
  ...catalogRules,
  ...businessRules,
  ...offersRules,
  ...useRules,
  ...counterRules,
  ...analyticsRules,
  ...platformRules,
};
