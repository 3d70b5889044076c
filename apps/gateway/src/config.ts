import { databaseSettings } from '@pika/database';
import { identitySettings, refuseDevelopmentIdentitySecrets } from '@pika/identity';
import { cacheSettings, refuseTogether, serverSettings } from '@pika/shared';
import { refuseDevelopmentSecrets as refuseDevelopmentVouchersSecrets, vouchersSettings } from '@pika/vouchers';
import { z } from 'zod';

/** Every setting of the all-in-one: what its apps need, and what it needs itself. */
export const gatewaySettings = z.object({
  ...serverSettings(3000, 'warn').shape,
  ...databaseSettings.shape,
  ...cacheSettings.shape,
  ...vouchersSettings.shape,
  ...identitySettings.shape,
  MAP_TILE_URL: z
    .string()
    .regex(/^https?:\/\/.*\{z\}.*\{[xy]\}.*\{[xy]\}/, 'must be an http(s) address with {z}, {x} and {y}')
    .optional(),
  MAP_TILE_ATTRIBUTION: z.string().optional(),
});

/** As each app does for itself; here all that they miss is named together. */
export function refuseDevelopmentSecrets(settings: z.output<typeof gatewaySettings>): void {
  refuseTogether(
    () => refuseDevelopmentVouchersSecrets(settings),
    () => refuseDevelopmentIdentitySecrets(settings),
  );
}
