import { defineProblems } from '@pika/shared';

/** Every failure that this app can answer with, beside the shared ones. */
export const businessProblems = defineProblems({
  'business.notFound': 404,
  'member.lastOwner': 409,
  'invitation.alreadyMember': 409,
  'invitation.notFound': 404,
  'invitation.expired': 409,
  'invitation.emailNotVerified': 403,
});
