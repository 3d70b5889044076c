import { businessesRoutes, businessLocales, businessProblems, type BusinessDeps } from '@pika/business';
import type { LocaleResources, ProblemCatalogue, Route } from '@pika/shared';
import { voucherProblems, vouchersLocales, vouchersRoutes, type VouchersDeps } from '@pika/vouchers';

export type GatewayDeps = VouchersDeps & BusinessDeps;

/** Every endpoint of every app: what is served, documented and tried by the fuzz, the matrix and the injections. */
export function gatewayRoutes(deps: GatewayDeps): Route[] {
  return [...vouchersRoutes(deps), ...businessesRoutes(deps)];
}

export const gatewayProblems: ProblemCatalogue = { ...voucherProblems, ...businessProblems };

export const gatewayLocales: readonly LocaleResources[] = [vouchersLocales, businessLocales];
