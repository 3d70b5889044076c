import { buildOpenApi, mountGet, type HelmetOptions, type OpenApiDocument } from '@pika/shared';
import { Router } from 'express';
import swaggerUi from 'swagger-ui-express';
import { gatewayProblems, gatewayRoutes, type GatewayDeps } from './apps.ts';

/** The OpenAPI document of all apps together. Nothing is called, so no dependency is needed. */
export function gatewayOpenApi(): OpenApiDocument {
  return buildOpenApi({
    title: 'Pika',
    version: '0.1.0',
    description:
      'What offers near me can I use right now, in my language?\n\n' +
      'What is marked with a lock asks who you are. Execute `POST /v1/auth/login` (a demo log-in is filled in), copy the ' +
      '`accessToken` of the answer, and put it into **Authorize**. It is good for ten minutes; ' +
      '`POST /v1/auth/refresh` exchanges the `refreshToken` for a new pair.',
    routes: gatewayRoutes({} as GatewayDeps),
    problems: gatewayProblems,
  });
}

/** `/openapi.json` and Swagger UI at `/docs`. */
export function documentationRouter(): Router {
  const document = gatewayOpenApi();
  const text = Buffer.from(JSON.stringify(document));
  const router = Router({ caseSensitive: true, strict: true });
  mountGet(router, '/openapi.json', (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Content-Type', 'application/json').send(text);
  });
  mountGet(router, '/docs', (_request, response) => response.redirect(301, '/docs/'));
  router.use('/docs', swaggerRouter(document));
  return router;
}

/** What the page of Swagger UI loads. Its package holds more, such as a page of its own that shows another API. */
const swaggerFiles = [
  'favicon-16x16.png',
  'favicon-32x32.png',
  'swagger-ui-bundle.js',
  'swagger-ui-init.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui.css',
];

/** What was put into *Authorize* outlives a reload. */
const swaggerOptions = { customSiteTitle: 'Pika API', swaggerOptions: { persistAuthorization: true } };

function swaggerRouter(document: OpenApiDocument): Router {
  const router = Router({ caseSensitive: true, strict: true });
  mountGet(router, '/', swaggerUi.setup(document, swaggerOptions));
  for (const file of swaggerFiles) mountGet(router, `/${file}`, ...swaggerUi.serve);
  return router;
}

/** Swagger UI brings its own script, styles inside the page, and pictures as data. */
export const documentationPolicy: HelmetOptions = {
  frameguard: { action: 'deny' },
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
};
