import { Router, type Response } from 'express';
import { contextOf } from './request-context.ts';

export type Readiness = () => Promise<Readonly<Record<string, string>>>;

/**
 * `/health/live`: the process answers. `/health/ready`: every check says `ok` and no shutdown has begun; else 503 with
 * what is wrong. A readiness that throws is not ready, and its reason is logged only.
 */
export function healthRouter(readiness: Readiness, isStopping: () => boolean): Router {
  const router = Router();
  router.get('/health/live', (request, response) => {
    contextOf(request).route = '/health/live';
    writeHealth(response, 200, { status: 'ok' });
  });
  router.get('/health/ready', async (request, response) => {
    const context = contextOf(request);
    context.route = '/health/ready';
    if (isStopping()) return writeHealth(response, 503, { status: 'stopping' });
    try {
      const checks = await readiness();
      const isReady = Object.values(checks).every((check) => check === 'ok');
      writeHealth(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks });
    } catch (error) {
      context.log.warn({ err: error }, 'readiness');
      writeHealth(response, 503, { status: 'unavailable' });
    }
  });
  return router;
}

function writeHealth(response: Response, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify(body));
}
