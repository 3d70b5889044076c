export { accessTokenSeconds, callerOfClaims, clockToleranceSeconds, type AccessClaims } from './access-token.ts';
export { apiKeyScopeNames, apiKeyScopes, type ApiKeyScope } from './api-key-scope.ts';
export { authSettings } from './auth-settings.ts';
export { bearerAuthentication, type BearerOptions } from './bearer.ts';
export {
  anonymous,
  invalidToken,
  isCutShort,
  isForMembers,
  tokenBusinessesMax,
  type Access,
  type AnonymousCaller,
  type ApiKeyCaller,
  type Authenticate,
  type Caller,
  type CallerOf,
  type MemberAccess,
  type MemberRole,
  type OperatorAccess,
  type OwnerAccess,
  type PersonAccess,
  type PlatformRole,
  type UserCaller,
} from './caller.ts';
export { networkOf } from './client-address.ts';
export { edgeSettings, openEdge, type OpenEdge } from './edge.ts';
export { etagOfContent, etagOfVersion, matchesStrongly, matchesVersion, matchesWeakly } from './entity-tag.ts';
export type { AllowedOrigins } from './cors.ts';
export type { Deprecation } from './deprecation.ts';
export { deriveKey } from './derived-key.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { openRateLimits, type LimitedClass, type RateLimits } from './rate-limit.ts';
export type { Quota } from './sliding-window.ts';
export { openTracing, type OnStatement, type Tracing } from './tracing.ts';
export type { TrustedProxies } from './trusted-proxies.ts';
export { cacheSettings, openCache, type Cache, type CacheOptions } from './cache.ts';
export { ConfigError, readConfig, refuseTogether } from './config.ts';
export { openCursor, sealCursor } from './cursor.ts';
export { cursorSettings, refuseDevelopmentCursors } from './cursor-settings.ts';
export { firstPerField } from './field-errors.ts';
export type { Readiness } from './health.ts';
export { newId } from './id.ts';
export type { FrozenAnswer, IdempotencyRule, IdempotentRequest, OnceAnswer, OnceReply } from './idempotency.ts';
export { PortInUseError, type HttpLimits, type ListenAddress } from './http-server.ts';
export type { RawInput } from './input.ts';
export { invitationSettings, invitationToken, refuseDevelopmentInvitations } from './invitation-token.ts';
export {
  activeKey,
  ensureKeys,
  rotateDueKeys,
  rotateKeys,
  type KeyRing,
  type KeyStore,
  type StoredKey,
} from './key-ring.ts';
export {
  openKeySet,
  publicKeySet,
  type KeySet,
  type KeySetOptions,
  type PublicKey,
  type PublicKeySet,
} from './key-set.ts';
export {
  canonicalCase,
  isKnownLanguageTag,
  isWellFormedLanguageTag,
  languageChainOf,
  negotiateLanguage,
  type KnownLanguage,
  type LanguageChain,
  type LanguageRequest,
} from './language.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMessages, readLocales, type LocaleResources, type Messages } from './messages.ts';
export { openKeyRing, type OpenKeyRing } from './open-key-ring.ts';
export { buildOpenApi, type OpenApiDocument, type OpenApiOptions } from './openapi.ts';
export {
  booleanParameter,
  emailField,
  instantParameter,
  languageParameter,
  nameParameter,
  numberParameter,
  slugParameter,
  textParameter,
  uuidParameter,
} from './parameters.ts';
export { openPrivateKey } from './private-key.ts';
export { readNumber } from './read-text.ts';
export {
  defineProblems,
  invalidRequest,
  Problem,
  sharedProblems,
  unavailable,
  type FieldError,
  type ProblemCatalogue,
  type ProblemCreator,
  type ProblemDetails,
  type ProblemParams,
  type Violation,
} from './problem.ts';
export { preparedJson, readAfterHeader, type PreparedJson, type Reply } from './reply.ts';
export type { Teller } from './error-writer.ts';
export { contextOf, type LanguageSettings, type RequestContext } from './request-context.ts';
export type { HandlerInput } from './handler-input.ts';
export { mountGet, mountRoutes } from './mount-routes.ts';
export { route, type Method, type ResponseDocumentation, type Route, type RouteOptions } from './route.ts';
export type { HelmetOptions } from './security-headers.ts';
export { signAccessToken, type ClaimsToSign, type TokenSigner } from './sign-access-token.ts';
export { rememberingVerifier } from './remember-tokens.ts';
export { verifyAccessToken, type TokenVerification, type VerifiedToken } from './verify-access-token.ts';
export { seal, unseal } from './sealed.ts';
export { createServer, type PikaServer, type ServerOptions } from './server.ts';
export { dayHoursOf, weeklyHoursOf, weeklyRangesOf, type OpeningHours } from './weekly-hours.ts';
export {
  attribution,
  categoryReference,
  clockTime,
  openingHours,
  openingState,
  page,
  served,
  violation,
  wantedLanguage,
} from './catalogue-schemas.ts';
export { instantText } from './time.ts';
export { assertPortFree, failStart, serve, serverSettings, type ServeSettings } from './serve.ts';
