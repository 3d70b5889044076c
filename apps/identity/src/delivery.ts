import type { OutboxEvent } from '@pika/database';
import { accountRegistered, passwordForgotten } from './account/account-request.ts';
import { deliverForgottenPassword, deliverRegistration, type AccountDeliveryDeps } from './account/account.delivery.ts';
import { deliverInvitation, invitationCreated, type InvitationDeliveryDeps } from './invitation/invitation.delivery.ts';
import { deliverMail, type MailDeliveryDeps } from './mail/mail.delivery.ts';
import { mailRequested } from './mail/mail.request.ts';

type DeliveryDeps = AccountDeliveryDeps & MailDeliveryDeps & InvitationDeliveryDeps;

/** What the events are about that this app delivers, whichever app wrote them. */
export const deliveredAggregates = ['account', 'invitation', 'user'] as const;

/** What becomes of the events of this app; each may come more than once. Throws for one it does not know. */
export async function deliver(deps: DeliveryDeps, event: OutboxEvent): Promise<void> {
  switch (event.type) {
    case accountRegistered:
      return deliverRegistration(deps, event);
    case passwordForgotten:
      return deliverForgottenPassword(deps, event);
    case invitationCreated:
      return deliverInvitation(deps, event);
    case mailRequested:
      return deliverMail(deps, event);
    default:
      throw new Error(`Nobody here takes events of type ${event.type}.`);
  }
}
