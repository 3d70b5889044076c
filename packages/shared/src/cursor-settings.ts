import { z } from 'zod';
import { ConfigError } from './config.ts';

const developmentSecret = 'pika-development-cursor';

export const cursorSettings = z.object({
  CURSOR_SECRET: z
    .string()
    .min(16)
    .default(developmentSecret)
    .describe('Seals page cursors; the same in every process of one deployment, at least 16 characters'),
});

/** Production must not run on a secret that everybody can read here. */
export function refuseDevelopmentCursors(settings: { CURSOR_SECRET: string; NODE_ENV: string }): void {
  if (settings.NODE_ENV === 'production' && settings.CURSOR_SECRET === developmentSecret) {
    throw new ConfigError(
      'The configuration is not valid:\n  CURSOR_SECRET: set it, the development secret is not accepted in production.',
    );
  }
}
