export { identitySettings } from './config.ts';
export { identityProblems } from './problems.ts';
export { identityLocales, identityRouter, identityRoutes, type IdentityDeps } from './router.ts';
