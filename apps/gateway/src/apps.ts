import { businessesRoutes, businessLocales, businessProblems, type BusinessDeps } from '@pika/business';
import { identityLocales, identityProblems, identityRoutes, type IdentityDeps } from '@pika/identity';
import type { LocaleResources, ProblemCatalogue, Route } from '@pika/shared';
import { voucherProblems, vouchersLocales, vouchersRoutes, type VouchersDeps } from '@pika/vouchers';

export type GatewayDeps = VouchersDeps & BusinessDeps & IdentityDeps;

/** Every endpoint of every app: what is served, documented and tried by the fuzz, the matrix and the injections. */
export function gatewayRoutes(deps: GatewayDeps): Route[] {
  return [...vouchersRoutes(deps), ...businessesRoutes(deps), ...identityRoutes(deps)];
}

export const gatewayProblems: ProblemCatalogue = { ...voucherProblems, ...businessProblems, ...identityProblems };

export const gatewayLocales: readonly LocaleResources[] = [vouchersLocales, businessLocales, identityLocales];
