import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';
import { Router } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { bearerTokenOf } from './caller.ts';
import { sharedProblems } from './problem.ts';
import { endWith } from './reply.ts';
import { mountGet } from './mount-routes.ts';

export interface Metrics {
  /** `route` is a template, never a path: every label value is kept for ever. */
  countRequest(method: string, route: string | undefined, status: number, seconds: number): void;
  /** Shows numbers that are asked for when somebody looks, by the value of one label. */
  watch(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
  /** In the format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

const bucketSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of this process: requests, event loop, memory, garbage collection, and what is watched. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the head of the request to the end of the answer, by route template.',
    labelNames: ['method', 'route', 'status'],
    buckets: bucketSeconds,
    registers: [registry],
  });
  return {
    countRequest(method, route, status, seconds) {
      requests.observe({ method, route: route ?? 'none', status: `${Math.floor(status / 100)}xx` }, seconds);
    },
    watch(name, help, label, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        collect: () => {
          for (const [value, number] of Object.entries(read())) gauge.set({ [label]: value }, number);
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

export interface MetricsOptions {
  readonly metrics: Metrics;
  /** Who sends it as a bearer token may look; without one, whoever is on this machine and came through no proxy. */
  readonly token: string | undefined;
}

/** `/metrics`; for whom it is not, there is nothing at this address. */
export function metricsRouter({ metrics, token }: MetricsOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const mayLook = token === undefined ? isFromHere : (request: IncomingMessage) => bears(request, token);
  mountGet(router, '/metrics', async (request, response) => {
    if (!mayLook(request)) throw sharedProblems['route.notFound']();
    response.setHeader('Content-Type', metrics.contentType);
    response.setHeader('Cache-Control', 'no-store');
    endWith(response, await metrics.text());
  });
  return router;
}

const thisMachine = new BlockList();
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4');
thisMachine.addAddress('::1', 'ipv6');

const proxyHeaders = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];

function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  return (
    thisMachine.check(address, address.includes(':') ? 'ipv6' : 'ipv4') &&
    proxyHeaders.every((name) => headers[name] === undefined)
  );
}

function bears({ headers }: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digest(bearerTokenOf(headers.authorization) ?? ''), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
