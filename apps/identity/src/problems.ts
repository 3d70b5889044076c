import { defineProblems } from '@pika/shared';

/** Every failure that this app can answer with, beside the shared ones. */
export const identityProblems = defineProblems({
  'auth.invalidRefreshToken': 401,
});
