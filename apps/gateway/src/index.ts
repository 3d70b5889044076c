export { gatewaySettings } from './config.ts';
export { gatewayOpenApi } from './documentation.ts';
