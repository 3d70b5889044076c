export { identitySettings, refuseDevelopmentSecrets as refuseDevelopmentIdentitySecrets } from './config.ts';
export { identityJobs, type IdentityJobDeps } from './identity.jobs.ts';
export { openIdentity, type Identity, type IdentityOptions } from './open-identity.ts';
export { identityProblems } from './problems.ts';
export { identityLocales, identityRouter, identityRoutes, type IdentityDeps } from './router.ts';
export { refreshKeyOf } from './session/refresh-token.ts';
export { revokeAllSessions, revokeSession, type RevokeReason } from './session/session.repository.ts';
export {
  refreshGraceSeconds,
  rotateRefreshToken,
  startSession,
  type Refreshed,
  type TokenPair,
  type TokenRules,
} from './session/session.service.ts';
export { openSigningKeys, type SigningKeys } from './signing-key/open-signing-keys.ts';
export { rotateSigningKeys, type Rotation } from './signing-key/signing-key.service.ts';
export { mailFolder, openMailer, type MailSettings } from './mail/open-mailer.ts';
export type { Mail, Mailer } from './mail/mailer.ts';
