import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { addVary, readAfterHeader } from './reply.ts';

/** `*`, exact origins, or with `localhost` those of this machine on any port. */
export type AllowedOrigins = '*' | 'localhost' | readonly string[];

/** The text of CORS_ORIGINS: origins separated by commas, or `*`. Undefined where it is not set. */
export function originsSetting() {
  return z
    .string()
    .refine((text) => readOrigins(text) !== null, { params: { code: 'invalidFormat', format: 'origins' } })
    .transform((text): AllowedOrigins => readOrigins(text) ?? [])
    .optional()
    .describe(
      'Origins whose pages may call the API; in development those of this machine, in production none unless set',
    );
}

function readOrigins(text: string): AllowedOrigins | null {
  if (text === '*') return '*';
  const origins = text.split(',').map((each) => each.trim());
  return origins.every((each) => URL.canParse(each) && new URL(each).origin === each) ? origins : null;
}

const exposedHeaders = [
  'ETag',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
  'Idempotency-Replayed',
  readAfterHeader,
  'Deprecation',
  'Sunset',
  'Link',
  'WWW-Authenticate',
].join(', ');

const sentHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  readAfterHeader,
  'X-Request-Id',
  'traceparent',
].join(', ');

const preflightSeconds = '7200';

const localOrigin = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * Lets pages of these origins read answers. Nobody is let in by an origin: there are no cookies, and the origins of an
 * API key are compared where its caller is settled.
 */
export function cors(origins: AllowedOrigins): RequestHandler {
  if (origins.length === 0) return (_request, _response, next) => next();
  const isAny = origins === '*';
  const isAllowed = checkOf(origins);
  return (request, response, next) => {
    if (!isAny) addVary(response, 'Origin');
    const { origin } = request.headers;
    if (origin !== undefined && isAllowed(origin)) {
      response.setHeader('Access-Control-Allow-Origin', isAny ? '*' : origin);
      response.setHeader('Access-Control-Expose-Headers', exposedHeaders);
    }
    next();
  };
}

function checkOf(origins: AllowedOrigins): (origin: string) => boolean {
  if (origins === '*') return () => true;
  if (origins === 'localhost') return (origin) => localOrigin.test(origin);
  const known = new Set(origins);
  return (origin) => known.has(origin);
}

/** Tells a browser that asks before its real request what it may send to this path. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, allowedMethods: string): void {
  const isPreflight = request.headers['access-control-request-method'] !== undefined;
  if (!isPreflight || !response.hasHeader('Access-Control-Allow-Origin')) return;
  response.setHeader('Access-Control-Allow-Methods', allowedMethods);
  response.setHeader('Access-Control-Allow-Headers', sentHeaders);
  response.setHeader('Access-Control-Max-Age', preflightSeconds);
}
