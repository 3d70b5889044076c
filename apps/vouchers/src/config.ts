import { ConfigError, cursorSettings, refuseDevelopmentCursors, refuseTogether } from '@pika/shared';
import { z } from 'zod';

const developmentSecret = 'pika-development-vouchers';

/** What this app needs beside the settings that every app has. */
export const vouchersSettings = z.object({
  ...cursorSettings.shape,
  VOUCHER_SECRET: z
    .string()
    .min(16)
    .default(developmentSecret)
    .describe(
      'Encrypts the keys that sign voucher tokens; the same in every process and for ever, at least 16 characters',
    ),
});

/** Production must not run on a secret that everybody can read here. */
export function refuseDevelopmentSecrets(settings: z.output<typeof vouchersSettings> & { NODE_ENV: string }): void {
  refuseTogether(
    () => refuseDevelopmentCursors(settings),
    () => refuseOwnDefault(settings),
  );
}

function refuseOwnDefault(settings: z.output<typeof vouchersSettings> & { NODE_ENV: string }): void {
  if (settings.NODE_ENV === 'production' && settings.VOUCHER_SECRET === developmentSecret) {
    throw new ConfigError(
      'The configuration is not valid:\n  VOUCHER_SECRET: set it, the development secret is not accepted in production.',
    );
  }
}
