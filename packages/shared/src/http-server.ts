import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { Server as TcpServer } from 'node:net';
import type { Express } from 'express';

/** Milliseconds, but for the last two. */
export interface HttpLimits {
  /** How long an idle connection is kept: longer than the clients in front of us keep it, who would else race its end. */
  readonly keepAliveMs: number;
  /** From the first byte, or from the connection, to the end of the head. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** How long an answer may stand still because nobody reads it. */
  readonly stalledMs: number;
  /** How often the first ones are looked at. */
  readonly checkEveryMs: number;
  readonly headerBytesMax: number;
  readonly headersMax: number;
}

const usualLimits: HttpLimits = {
  keepAliveMs: 65_000,
  headersMs: 10_000,
  requestMs: 30_000,
  stalledMs: 120_000,
  checkEveryMs: 2_000,
  headerBytesMax: 16_384,
  headersMax: 100,
};

/**
 * An HTTP server whose requests and responses are born with the prototypes that Express sets on every request, so that
 * its two `Object.setPrototypeOf` change nothing. Measured on Node 20: they are three quarters of a small request's
 * processor time (94–107 µs with them, 25–27 µs without). A mounted sub-app would swap them again: mount routers.
 */
export function createHttpServer(app: Express, own: Partial<HttpLimits> = {}): Server {
  const limits = { ...usualLimits, ...own };
  class Incoming extends IncomingMessage {}
  class Outgoing extends ServerResponse {}
  Object.setPrototypeOf(Incoming.prototype, app.request);
  Object.setPrototypeOf(Outgoing.prototype, app.response);
  Object.assign(app, { request: Incoming.prototype, response: Outgoing.prototype });
  const server = createServer(
    {
      IncomingMessage: Incoming,
      ServerResponse: Outgoing,
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytesMax,
    },
    app,
  );
  server.maxHeadersCount = limits.headersMax;
  server.setTimeout(limits.stalledMs);
  return server;
}

/** The port is taken. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly port: number;
  readonly host: string;

  constructor(port: number, host: string, cause: unknown) {
    super(`Port ${port} on ${host} is already in use.`, { cause });
    this.port = port;
    this.host = host;
  }
}

export interface ListenAddress {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
}

/** Resolves to the address really taken. Throws `PortInUseError`. */
export async function listenOn(server: TcpServer, { port, host }: ListenAddress): Promise<ListenAddress> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, host, error) : error);
    };
    const onListening = () => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
  const address = server.address();
  return { host, port: typeof address === 'object' && address !== null ? address.port : port };
}

const idleCheckMs = 25;
/** How long a connection may stay idle for its next request, whose answer says that it is the last. */
const lastRequestMs = 500;

/**
 * Stops accepting, lets running requests finish within the deadline, then cuts what is left. Connections that stand idle
 * are not ended at once, as Node's own `close` does: a client may have sent a request that is on its way.
 */
export async function drain(server: Server, deadlineMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
  const idleFrom = performance.now() + Math.min(lastRequestMs, deadlineMs / 2);
  const idle = setInterval(() => {
    if (performance.now() >= idleFrom) server.closeIdleConnections();
  }, idleCheckMs);
  const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
  // What Node's own close ends besides: the interval that looks for slow requests.
  server.close(() => undefined);
}
