import { defineProblems } from '@pika/shared';

/** Every failure that this app can answer with, beside the shared ones. */
export const identityProblems = defineProblems({
  'auth.invalidRefreshToken': 401,
  'auth.invalidLink': 400,
  'auth.wrongCredentials': 401,
  'auth.codeRequired': 401,
  'auth.wrongCode': 401,
  'auth.wrongPassword': 403,
  'auth.locked': 429,
  'totp.alreadyOn': 409,
  'totp.notEnrolled': 409,
  'totp.wrongCode': 422,
  'me.soleOwner': 409,
  'address.tooMany': 409,
  'admin.ownAccount': 403,
  'admin.isOperator': 403,
  'admin.notActive': 409,
  'admin.lastAdmin': 409,
});
