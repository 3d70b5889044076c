import { mountRoutes, readLocales, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';
import { campaignRoutes } from './campaign/campaign.routes.ts';
import { offerRoutes } from './offer/offer.routes.ts';
import { voucherRoutes, type VoucherDeps } from './voucher/voucher.routes.ts';

export type VouchersDeps = VoucherDeps;

/** Every endpoint of this app. */
export function vouchersRoutes(deps: VouchersDeps): Route[] {
  return [...voucherRoutes(deps), ...offerRoutes(deps), ...campaignRoutes(deps)];
}

export function vouchersRouter(deps: VouchersDeps): Router {
  return mountRoutes(vouchersRoutes(deps));
}

export const vouchersLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
