import { Router, type Response } from 'express';
import { endWith } from './reply.ts';
import { contextOf } from './request-context.ts';
import { mountGet } from './mount-routes.ts';

export type Readiness = () => Promise<Readonly<Record<string, string>>>;

/**
 * `/health/live`: the process answers. `/health/ready`: every check says `ok` and no shutdown has begun; else 503 with
 * what is wrong. A readiness that throws is not ready, and its reason is logged only.
 */
export function healthRouter(readiness: Readiness, isStopping: () => boolean): Router {
  const router = Router({ caseSensitive: true, strict: true });
  mountGet(router, '/health/live', (_request, response) => writeHealth(response, 200, { status: 'ok' }));
  mountGet(router, '/health/ready', async (request, response) => {
    if (isStopping()) return writeHealth(response, 503, { status: 'stopping' });
    try {
      const checks = await readiness();
      const isReady = Object.values(checks).every((check) => check === 'ok');
      writeHealth(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks });
    } catch (error) {
      contextOf(request).log.warn({ err: error }, 'readiness');
      writeHealth(response, 503, { status: 'unavailable' });
    }
  });
  return router;
}

function writeHealth(response: Response, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  endWith(response, JSON.stringify(body));
}
