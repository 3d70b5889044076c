export { gatewayLocales, gatewayProblems, gatewayRoutes, type GatewayDeps } from './apps.ts';
export { gatewaySettings } from './config.ts';
export { documentationPolicy, documentationRouter, gatewayOpenApi } from './documentation.ts';
export { pagePolicies, pageRouter, type PageSettings } from './page.ts';
