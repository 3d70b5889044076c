import { mountRoutes, readLocales, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';
import { claimQrRoutes } from './claim/claim-qr.routes.ts';
import { claimRoutes } from './claim/claim.routes.ts';
import { revocationRoutes } from './claim/revocation.routes.ts';
import { holdRoutes } from './hold/hold.routes.ts';
import { funnelRoutes } from './analytics/funnel.routes.ts';
import { campaignRoutes } from './campaign/campaign.routes.ts';
import { codeRoutes } from './code/code.routes.ts';
import { offerRoutes } from './offer/offer.routes.ts';
import { voucherKeyRoutes, type VoucherKeyDeps } from './voucher-key/voucher-key.routes.ts';
import { redeemRoutes, type RedeemDeps } from './redemption/redeem.routes.ts';
import { redemptionRoutes, type RedemptionDeps } from './redemption/redemption.routes.ts';
import { syncRoutes, type SyncDeps } from './redemption/sync.routes.ts';
import { whyNotRoutes } from './voucher/why-not.routes.ts';
import { voucherRoutes, type VoucherDeps } from './voucher/voucher.routes.ts';

export type VouchersDeps = VoucherDeps & VoucherKeyDeps & RedeemDeps & RedemptionDeps & SyncDeps;

/** Every endpoint of this app. */
export function vouchersRoutes(deps: VouchersDeps): Route[] {
  return [
    ...voucherRoutes(deps),
    ...whyNotRoutes(deps),
    // Before /v1/claims/{id}, which it would be an id for.
    ...revocationRoutes(deps),
    ...claimRoutes(deps),
    ...claimQrRoutes(deps),
    ...holdRoutes(deps),
    ...offerRoutes(deps),
    ...campaignRoutes(deps),
    ...codeRoutes(deps),
    ...voucherKeyRoutes(deps),
    ...redeemRoutes(deps),
    ...redemptionRoutes(deps),
    ...syncRoutes(deps),
    ...funnelRoutes(deps),
  ];
}

export function vouchersRouter(deps: VouchersDeps): Router {
  return mountRoutes(vouchersRoutes(deps));
}

export const vouchersLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
