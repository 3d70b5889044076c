export { businessProblems } from './problems.ts';
export { businessesRoutes, businessLocales, businessRouter, type BusinessDeps } from './router.ts';
