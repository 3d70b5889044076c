import {
  cursorSettings,
  invitationSettings,
  refuseDevelopmentCursors,
  refuseDevelopmentInvitations,
  refuseTogether,
} from '@pika/shared';
import { z } from 'zod';

/** What this app needs beside the settings that every app has. */
export const businessSettings = z.object({ ...cursorSettings.shape, ...invitationSettings.shape });

/** Production must not run on secrets that everybody can read. */
export function refuseDevelopmentSecrets(settings: z.output<typeof businessSettings> & { NODE_ENV: string }): void {
  refuseTogether(
    () => refuseDevelopmentCursors(settings),
    () => refuseDevelopmentInvitations(settings),
  );
}
