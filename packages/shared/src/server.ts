import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import express, { type Express, type RequestHandler, type Router } from 'express';
import { invalidToken, type Authenticate } from './caller.ts';
import { callerName } from './caller-key.ts';
import { cors, type AllowedOrigins } from './cors.ts';
import { errorWriter } from './error-writer.ts';
import { healthRouter, type Readiness } from './health.ts';
import { createHttpServer, drain, listenOn, type HttpLimits, type ListenAddress } from './http-server.ts';
import type { Logger } from './logger.ts';
import { createMessages, type Messages } from './messages.ts';
import { metricsRouter, type Metrics, type MetricsOptions } from './metrics.ts';
import { sharedProblems, type Problem } from './problem.ts';
import type { RateLimits } from './rate-limit.ts';
import {
  attachContext,
  contextOf,
  RequestContext,
  rememberingNegotiator,
  type Edge,
  type LanguageSettings,
} from './request-context.ts';
import { securityHeaders, type HelmetOptions } from './security-headers.ts';
import type { Tracing } from './tracing.ts';
import type { TrustedProxies } from './trusted-proxies.ts';
import { answerUnreadable } from './unreadable-request.ts';

export interface ServerOptions {
  /** Routers, never sub-apps. */
  readonly routers: readonly Router[];
  /** Called once per request that needs a language: answer from memory, with the same array until it changes. */
  readonly languages: () => LanguageSettings;
  readonly logger: Logger;
  /** With the apps' own locales; the shared ones alone unless said. */
  readonly messages?: Messages;
  readonly readiness?: Readiness;
  /** Helmet options of pages, by path prefix (`/docs`); everything else gets the API's strict headers. */
  readonly pages?: Readonly<Record<string, HelmetOptions>>;
  /** What is told of failures that others know (the database): null for what they do not know either. */
  readonly problemFor?: (thrown: unknown) => Problem | null;
  /** Settles bearer tokens; without it none is good. */
  readonly authenticate?: Authenticate;
  /** Whose `X-Forwarded-For` tells where a request came from: nobody's unless said. */
  readonly trustedProxies?: TrustedProxies;
  /** Without them nobody is limited. */
  readonly rateLimits?: RateLimits;
  /** Whose pages may read answers: none unless said. */
  readonly origins?: AllowedOrigins;
  /** Served at `/metrics`. */
  readonly metrics?: MetricsOptions;
  readonly tracing?: Tracing;
  readonly httpLimits?: Partial<HttpLimits>;
}

export interface PikaServer {
  readonly app: Express;
  readonly http: Server;
  /** Resolves to the address really taken. Throws `PortInUseError`. */
  listen(address: ListenAddress): Promise<ListenAddress>;
  /** From now on not ready, and every answer is the last of its connection; new ones are still taken. */
  retire(): void;
  /** Retires → no new connections → running requests finish, at most until the deadline. */
  close(deadlineMs?: number): Promise<void>;
}

/** The walk of every request, in order. */
export function createServer(options: ServerOptions): PikaServer {
  const edge: Edge = {
    logger: options.logger,
    messages: options.messages ?? createMessages(),
    languages: options.languages,
    negotiateContent: rememberingNegotiator(),
    negotiateMessages: rememberingNegotiator(),
    problemFor: options.problemFor ?? (() => null),
    authenticate: options.authenticate ?? (() => Promise.reject(invalidToken())),
    rateLimits: options.rateLimits ?? null,
  };
  let isStopping = false;
  const retire = () => {
    isStopping = true;
  };
  const app = express();
  configure(app, options);
  const http = createHttpServer(app, options.httpLimits);
  answerUnreadable(http, edge);

  app.use(requestContext(edge));
  if (options.tracing !== undefined) app.use(traced(options.tracing));
  app.use(accessLog(options.metrics?.metrics));
  app.use(cors(options.origins ?? []));
  app.use(securityHeaders(options.pages));
  app.use(lastAnswerOnConnection(() => isStopping));
  if (options.metrics !== undefined) app.use(metricsRouter(options.metrics));
  app.use(healthRouter(options.readiness ?? (async () => ({})), () => isStopping));
  for (const router of options.routers) app.use(router);
  app.use(notFound);
  app.use(errorWriter);

  return {
    app,
    http,
    listen: (address) => listenOn(http, address),
    retire,
    close: async (deadlineMs = 10_000) => {
      retire();
      await drain(http, deadlineMs);
    },
  };
}

function configure(app: Express, options: ServerOptions): void {
  app.disable('x-powered-by');
  app.disable('etag');
  app.disable('query parser');
  app.set('trust proxy', options.trustedProxies ?? 0);
  app.set('env', 'production');
}

const saneRequestId = /^[\w.:-]{1,64}$/;

function requestContext(edge: Edge): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && saneRequestId.test(given) ? given : randomUUID();
    attachContext(request, new RequestContext(id, request, edge));
    response.setHeader('X-Request-Id', id);
    next();
  };
}

function traced(tracing: Tracing): RequestHandler {
  return (request, response, next) => tracing.traceRequest(request, response, contextOf(request), next);
}

/** One line and one observation per request, when its connection is done with it. */
function accessLog(metrics: Metrics | undefined): RequestHandler {
  return (request, response, next) => {
    response.once('close', () => {
      const { id, route, startedAt, caller, edge } = contextOf(request);
      const elapsedMs = performance.now() - startedAt;
      metrics?.countRequest(request.method, route, response.statusCode, elapsedMs / 1_000);
      const line = {
        requestId: id,
        method: request.method,
        route: route ?? null,
        status: response.statusCode,
        durationMs: Math.round(elapsedMs * 1_000) / 1_000,
        caller: callerName(caller),
      };
      edge.logger.info(response.writableFinished ? line : { ...line, aborted: true }, 'request');
    });
    next();
  };
}

function lastAnswerOnConnection(isStopping: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (isStopping()) response.setHeader('Connection', 'close');
    next();
  };
}

const notFound: RequestHandler = () => {
  throw sharedProblems['route.notFound']();
};
