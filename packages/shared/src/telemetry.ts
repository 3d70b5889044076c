import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Tracing, TracingOptions } from './tracing.ts';

const exportTimeoutMs = 1_500;

/**
 * Spans of requests and statements, sent in batches. Made by hand instead of by instrumentation that patches modules: we
 * have one place for each. Nothing of a request but its method, route template and status is in a span.
 */
export function openTelemetry({
  endpoint,
  share,
  serviceName,
  onError,
}: TracingOptions & { endpoint: string }): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportTimeoutMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer('pika');
  const running = new AsyncLocalStorage<Span>();

  return {
    traceRequest(request, response, context, next) {
      const method = request.method ?? 'GET';
      const attributes = { 'http.request.method': method };
      const parent = parentOf(request.headers['traceparent']);
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      response.once('close', () => {
        const status = response.statusCode;
        if (context.route !== undefined) {
          span.updateName(`${method} ${context.route}`);
          span.setAttribute('http.route', context.route);
        }
        span.setAttribute('http.response.status_code', status);
        span.setAttribute('pika.request_id', context.id);
        if (status >= 500 || !response.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      running.run(span, next);
    },
    onStatement(statement) {
      const parent = running.getStore();
      if (parent === undefined || !parent.isRecording()) return ignore;
      const text = statement();
      const operation = /^\s*(?:--.*\n\s*)*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
      const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation, 'db.query.text': text };
      const span = tracer.startSpan(
        operation,
        { kind: SpanKind.CLIENT, attributes },
        trace.setSpan(ROOT_CONTEXT, parent),
      );
      return (error) => {
        if (error !== undefined && error !== null) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    outgoingHeaders() {
      const span = running.getStore()?.spanContext();
      if (span === undefined) return {};
      const flags = span.traceFlags.toString(16).padStart(2, '0');
      return { traceparent: `00-${span.traceId}-${span.spanId}-${flags}` };
    },
    close: () => provider.shutdown().catch(onError),
  };
}

const ignore = () => undefined;

const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/;

/** What the caller's header says (W3C Trace Context); whatever is wrong with it begins a trace of its own. */
function parentOf(header: string | string[] | undefined): Context {
  const [, traceId, spanId, flags] = (typeof header === 'string' && traceparent.exec(header)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
