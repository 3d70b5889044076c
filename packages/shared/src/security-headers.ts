import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

export type { HelmetOptions };

const apiOptions: HelmetOptions = {
  // Beside default-src those that do not fall back on it.
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  frameguard: { action: 'deny' },
};

/** Helmet with the API's strict headers, and their own options for pages: under a path prefix, or `/` for that one alone. */
export function securityHeaders(pages: Readonly<Record<string, HelmetOptions>> = {}): RequestHandler {
  const api = helmet(apiOptions);
  const prefixes = Object.entries(pages).map(([prefix, options]) => [prefix, helmet(options)] as const);
  return (request, response, next) => {
    const page = prefixes.find(([prefix]) => isUnder(request.url, prefix));
    (page?.[1] ?? api)(request, response, next);
  };
}

function isUnder(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const following = url[prefix.length];
  return following === undefined || following === '/' || following === '?';
}
