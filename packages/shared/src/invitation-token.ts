import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { ConfigError } from './config.ts';

const developmentSecret = 'pika-development-invitations';

/** What both the app that invites and the one that sends the mail need. */
export const invitationSettings = z.object({
  INVITATION_SECRET: z
    .string()
    .min(16)
    .default(developmentSecret)
    .describe('Makes the tokens of invitations; the same in every process of one deployment, at least 16 characters'),
});

/** Production must not run on a secret that everybody can read here. */
export function refuseDevelopmentInvitations(settings: { INVITATION_SECRET: string; NODE_ENV: string }): void {
  if (settings.NODE_ENV === 'production' && settings.INVITATION_SECRET === developmentSecret) {
    throw new ConfigError(
      'The configuration is not valid:\n  INVITATION_SECRET: set it, the development secret is not accepted in production.',
    );
  }
}

/** What the link in the mail carries. It follows from the invitation's id, so that no event and no row holds it. */
export function invitationToken(invitationId: string, secret: string): string {
  return createHmac('sha256', secret).update('pika.invitation\0').update(invitationId).digest('base64url');
}
