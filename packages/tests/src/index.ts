export {
  openTestDatabase,
  seededDatabase,
  startApi,
  testClock,
  type Api,
  type ApiAnswer,
  type ApiHeaders,
  type ApiOptions,
  type OpenTestDatabase,
  type TestClock,
} from './api.ts';
export { exactly } from './exact.ts';
export * from './fixtures.ts';
export { freePort } from './free-port.ts';
export { createTestDatabase, isServer, requireServer, type TestDatabase } from './test-database.ts';
export { findPostgresBinaries, type DatabaseKind } from './kind.ts';
export { startLocalCluster } from './local-cluster.ts';
export { startLocalReplica, type TestReplica } from './local-replica.ts';
export { canReplicate, openReplicatedDatabase, type ReplicatedDatabase } from './replicated-database.ts';
export { hasPgBouncer, startPgBouncer, type TestPgBouncer } from './pgbouncer.ts';
export { startTraceCollector, type CollectedSpan, type TraceCollector } from './trace-collector.ts';
export { readTexts, resolveTexts, type TextEntity, type TextReader, type Texts } from './texts.ts';
export { mayEverCall, type TestCaller, type TestCallers } from './fuzz/callers.ts';
export type { KnownValues } from './fuzz/make-values.ts';
export { runFuzz, type FuzzOptions, type FuzzReport } from './fuzz/run-fuzz.ts';
export { readOperations, type Operation } from './fuzz/operations.ts';
export type { MatrixObject } from './matrix/expected-verdict.ts';
export { makeCells, type MatrixCell, type MatrixSources, type RequestExample } from './matrix/make-cells.ts';
export { runMatrix } from './matrix/run-matrix.ts';
export { injections } from './injection/payloads.ts';
export { runInjections, type InjectionReport } from './injection/run-injections.ts';
