import { Router, type RequestHandler } from 'express';
import { answerer } from './answer-request.ts';
import { answerPreflight } from './cors.ts';
import { sharedProblems } from './problem.ts';
import { contextOf } from './request-context.ts';
import type { Route } from './route.ts';

/**
 * Mounts routes on one flat router: literal paths before those with parameters, whatever their order here; each known
 * path answers OPTIONS with 204 and any other method with 405, both naming what is allowed.
 */
export function mountRoutes(routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const paths = [...new Set(routes.map((each) => each.path))];
  paths.sort((one, other) => one.split('{').length - other.split('{').length);
  for (const path of paths) {
    const mounted = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const own = routes.filter((each) => each.path === path);
    for (const each of own) mounted[each.method](answerer(each));
    mounted.all(named(path), otherMethods(allowedMethods(own)));
  }
  return router;
}

/** Mounts what is no part of the API's contract, such as health: GET and HEAD, all other methods as `mountRoutes` does. */
export function mountGet(router: Router, path: string, ...handlers: RequestHandler[]): void {
  router.route(path).all(named(path)).get(handlers).all(otherMethods('GET, HEAD, OPTIONS'));
}

/** Tells the access log which path answers. */
function named(path: string): RequestHandler {
  return (request, _response, next) => {
    contextOf(request).route = request.baseUrl + path;
    next();
  };
}

function otherMethods(allowed: string): RequestHandler {
  return (request, response) => {
    if (request.method !== 'OPTIONS') throw methodNotAllowed(allowed);
    answerPreflight(request, response, allowed);
    response.setHeader('Allow', allowed).status(204).end();
  };
}

function methodNotAllowed(allowed: string) {
  return sharedProblems['route.methodNotAllowed']({ params: { allowed }, headers: { Allow: allowed } });
}

function allowedMethods(routes: readonly Route[]): string {
  const methods = routes.map((each) => each.method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
