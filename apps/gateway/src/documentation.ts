import { businessesRoutes, businessProblems, type BusinessDeps } from '@pika/business';
import { buildOpenApi, type HelmetOptions, type OpenApiDocument } from '@pika/shared';
import { voucherProblems, vouchersRoutes, type VouchersDeps } from '@pika/vouchers';
import { Router } from 'express';
import swaggerUi from 'swagger-ui-express';

/** The OpenAPI document of all apps together. Nothing is called, so no dependency is needed. */
export function gatewayOpenApi(): OpenApiDocument {
  return buildOpenApi({
    title: 'Pika',
    version: '0.1.0',
    description: 'What offers near me can I use right now, in my language?',
    routes: [...vouchersRoutes({} as VouchersDeps), ...businessesRoutes({} as BusinessDeps)],
    problems: { ...voucherProblems, ...businessProblems },
  });
}

/** `/openapi.json`, Swagger UI at `/docs`, and the way there from `/`. */
export function documentationRouter(): Router {
  const document = gatewayOpenApi();
  const text = JSON.stringify(document);
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end(text);
  });
  router.get('/', (_request, response) => response.redirect(302, '/docs/'));
  router.use('/docs', swaggerUi.serve, swaggerUi.setup(document, { customSiteTitle: 'Pika API' }));
  return router;
}

/** Swagger UI brings its own script, styles inside the page, and pictures as data. */
export const documentationPolicy: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
    },
  },
};
