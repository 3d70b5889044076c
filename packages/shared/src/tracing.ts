import { z } from 'zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from './request-context.ts';

/** Told when a statement begins; what it gives is told when it ends. */
export type OnStatement = (statement: () => string) => (error?: unknown) => void;

export interface Tracing {
  /** Runs `next` inside a span that ends with the answer. Takes over the caller's `traceparent`. */
  traceRequest(request: IncomingMessage, response: ServerResponse, context: RequestContext, next: () => void): void;
  readonly onStatement: OnStatement;
  /** For requests of our own: they go on in the trace of the request that is served. */
  outgoingHeaders(): Record<string, string>;
  /** Sends what is left. Never throws, because losing spans is no failure. */
  close(): Promise<void>;
}

/** Named as OpenTelemetry names them. `OTEL_EXPORTER_OTLP_HEADERS` is read by its exporter. */
export const tracingSettings = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Collector of traces over OTLP/HTTP, such as http://localhost:4318; without it there is no tracing'),
  OTEL_TRACES_SAMPLER_ARG: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of traces that are kept, where the caller has not decided'),
});

export interface TracingOptions {
  /** Without one nothing of OpenTelemetry is even loaded. */
  readonly endpoint: string | undefined;
  readonly share: number;
  readonly serviceName: string;
  readonly onError: (error: unknown) => void;
}

export async function openTracing(options: TracingOptions): Promise<Tracing | null> {
  if (options.endpoint === undefined) return null;
  const { openTelemetry } = await import('./telemetry.ts');
  return openTelemetry({ ...options, endpoint: options.endpoint });
}
