import type { Route } from '@pika/shared';
import { addressRoutes, type AddressDeps } from './address.routes.ts';
import { erasureRoutes } from './erasure.routes.ts';
import type { ErasureDeps } from './erasure.service.ts';
import { exportRoutes, type ExportDeps } from './export.routes.ts';
import { preferenceRoutes } from './preference.routes.ts';
import { profileRoutes } from './profile.routes.ts';

export interface MeDeps extends AddressDeps, ErasureDeps, ExportDeps {}

export function meRoutes(deps: MeDeps): Route[] {
  return [
    ...profileRoutes(deps),
    ...addressRoutes(deps),
    ...preferenceRoutes(deps),
    ...exportRoutes(deps),
    ...erasureRoutes(deps),
  ];
}
