import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet, { type HelmetOptions } from 'helmet';

export type { HelmetOptions };

type Header = readonly [name: string, value: string];

const apiOptions: HelmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  frameguard: { action: 'deny' },
};

/**
 * Sets helmet's headers, which never vary between requests and are therefore taken from helmet once. Pages under the
 * given path prefixes get helmet with their own options instead of the API's.
 */
export function securityHeaders(pages: Readonly<Record<string, HelmetOptions>> = {}) {
  const api = headersOf(apiOptions);
  const prefixes = Object.entries(pages).map(([prefix, options]) => [prefix, headersOf(options)] as const);
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const url = request.url ?? '/';
    const headers = prefixes.find(([prefix]) => isUnder(url, prefix))?.[1] ?? api;
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function isUnder(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const following = url[prefix.length];
  return prefix.endsWith('/') || following === undefined || following === '/' || following === '?';
}

function headersOf(options: HelmetOptions): Header[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, (error) => {
    if (error !== undefined) throw error;
  });
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}
