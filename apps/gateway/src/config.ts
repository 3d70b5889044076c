import { databaseSettings } from '@pika/database';
import { identitySettings } from '@pika/identity';
import { cacheSettings, serverSettings } from '@pika/shared';
import { vouchersSettings } from '@pika/vouchers';
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
