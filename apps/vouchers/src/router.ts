import { mountRoutes, readLocales, type LocaleResources, type Route } from '@pika/shared';
import type { Router } from 'express';
import { voucherKeyRoutes, type VoucherKeyDeps } from './voucher-key/voucher-key.routes.ts';
import { voucherRoutes, type VoucherDeps } from './voucher/voucher.routes.ts';

export type VouchersDeps = VoucherDeps & VoucherKeyDeps;

/** Every endpoint of this app. */
export function vouchersRoutes(deps: VouchersDeps): Route[] {
  return [...voucherRoutes(deps), ...voucherKeyRoutes(deps)];
}

export function vouchersRouter(deps: VouchersDeps): Router {
  return mountRoutes(vouchersRoutes(deps));
}

export const vouchersLocales: LocaleResources = readLocales(new URL('../src/locales/', import.meta.url));
