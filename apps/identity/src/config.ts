import { authSettings, ConfigError, numberParameter } from '@pika/shared';
import { z } from 'zod';

const developmentSecret = 'pika-development-auth-keys';

/** What this app needs beside the settings that every app has. */
export const identitySettings = z.object({
  ...authSettings.shape,
  AUTH_KEY_SECRET: z
    .string()
    .min(16)
    .default(developmentSecret)
    .describe(
      'Encrypts the keys that sign access tokens and makes refresh tokens; the same in every process, at least 16 characters',
    ),
  SESSION_IDLE_DAYS: numberParameter({ min: 1, max: 365, integer: true })
    .default(30)
    .describe('Days after which a session ends that was not used'),
  SESSION_MAX_DAYS: numberParameter({ min: 1, max: 3_650, integer: true })
    .default(90)
    .describe('Days after which every session ends'),
});

/** Production must not run on a secret that everybody can read here. */
export function refuseDevelopmentSecrets(settings: z.output<typeof identitySettings> & { NODE_ENV: string }): void {
  if (settings.NODE_ENV === 'production' && settings.AUTH_KEY_SECRET === developmentSecret) {
    throw new ConfigError(
      'The configuration is not valid:\n  AUTH_KEY_SECRET: set it, the development secret is not accepted in production.',
    );
  }
}
