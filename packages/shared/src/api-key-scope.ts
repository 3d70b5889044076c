/** What a key of a business may do, in closed list; a route names the one that it needs. */
export const apiKeyScopes = {
  'business.read': 'Read the profile, locations and opening hours of the business, hidden ones too',
  'business.write': 'Change the profile, locations and opening hours of the business',
  'offers.read': 'Read the vouchers, campaigns and codes of the business, drafts too',
  'offers.write': 'Create, change, publish and archive vouchers, campaigns and codes',
  'redemptions.read': 'Read what was redeemed and tried at the business',
  'redemptions.write': 'Validate, redeem and roll back at the counter',
  'analytics.read': 'Read the figures of the business',
} as const;

export type ApiKeyScope = keyof typeof apiKeyScopes;

export const apiKeyScopeNames = Object.keys(apiKeyScopes) as [ApiKeyScope, ...ApiKeyScope[]];
