import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import express, { type Express, type RequestHandler, type Router } from 'express';
import { invalidToken, type Authenticate } from './caller.ts';
import { errorWriter } from './error-writer.ts';
import { healthRouter, type Readiness } from './health.ts';
import { createHttpServer, drain, listenOn, type ListenAddress } from './http-server.ts';
import type { Logger } from './logger.ts';
import { createMessages, type Messages } from './messages.ts';
import { sharedProblems, type Problem } from './problem.ts';
import {
  attachContext,
  contextOf,
  RequestContext,
  rememberingNegotiator,
  type Edge,
  type LanguageSettings,
} from './request-context.ts';
import { securityHeaders, type HelmetOptions } from './security-headers.ts';
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
  readonly trustProxy?: boolean | number | string;
  /** How long an idle connection is kept: 65 s, longer than the clients in front of us keep it. */
  readonly keepAliveMs?: number;
}

export interface PikaServer {
  readonly app: Express;
  readonly http: Server;
  /** Resolves to the address really taken. Throws `PortInUseError`. */
  listen(address: ListenAddress): Promise<ListenAddress>;
  /** Not ready any more → no new connections → running requests finish, at most until the deadline. */
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
  };
  let isStopping = false;
  const app = express();
  configure(app, options);
  const http = createHttpServer(app, options.keepAliveMs ?? 65_000);
  answerUnreadable(http, edge);

  app.use(requestContext(edge));
  app.use(accessLog);
  app.use(securityHeaders(options.pages));
  app.use(lastAnswerOnConnection(() => isStopping));
  app.use(healthRouter(options.readiness ?? (async () => ({})), () => isStopping));
  for (const router of options.routers) app.use(router);
  app.use(notFound);
  app.use(errorWriter);

  return {
    app,
    http,
    listen: (address) => listenOn(http, address),
    close: async (deadlineMs = 10_000) => {
      isStopping = true;
      await drain(http, deadlineMs);
    },
  };
}

function configure(app: Express, options: ServerOptions): void {
  app.disable('x-powered-by');
  app.disable('etag');
  app.disable('query parser');
  app.set('trust proxy', options.trustProxy ?? false);
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

const accessLog: RequestHandler = (request, response, next) => {
  response.once('close', () => {
    const { id, route, startedAt, edge } = contextOf(request);
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const line = {
      requestId: id,
      method: request.method,
      route: route ?? null,
      status: response.statusCode,
      durationMs,
    };
    edge.logger.info(response.writableFinished ? line : { ...line, aborted: true }, 'request');
  });
  next();
};

function lastAnswerOnConnection(isStopping: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (isStopping()) response.setHeader('Connection', 'close');
    next();
  };
}

const notFound: RequestHandler = () => {
  throw sharedProblems['route.notFound']();
};
