export {
  openTestDatabase,
  seededDatabase,
  startApi,
  testClock,
  type Api,
  type ApiAnswer,
  type OpenTestDatabase,
  type TestClock,
} from './api.ts';
export { exactly } from './exact.ts';
export * from './fixtures.ts';
export {
  addBusiness,
  addMember,
  addPerson,
  authenticatePeople,
  emailOf,
  foodCategory,
  jsonType,
  tokenOf,
  tokenOfKey,
  withKey,
} from './people.ts';
export { freePort } from './free-port.ts';
export { createTestDatabase, isServer, requireServer, type TestDatabase } from './test-database.ts';
export { findPostgresBinaries } from './kind.ts';
export { startLocalCluster, type LocalCluster } from './local-cluster.ts';
export { canReplicate, openReplicatedDatabase, type ReplicatedDatabase } from './replicated-database.ts';
export { hasPgBouncer, startPgBouncer, type TestPgBouncer } from './pgbouncer.ts';
export { startTraceCollector, type TraceCollector } from './trace-collector.ts';
export { readTexts, resolveTexts, type TextReader, type Texts } from './texts.ts';
export type { TestCallers } from './fuzz/callers.ts';
export type { KnownValues } from './fuzz/make-values.ts';
export { runFuzz } from './fuzz/run-fuzz.ts';
export { readOperations } from './fuzz/operations.ts';
export type { MatrixObject } from './matrix/expected-verdict.ts';
export { makeCells, type MatrixCell, type RequestExample } from './matrix/make-cells.ts';
export { runMatrix } from './matrix/run-matrix.ts';
export { injections } from './injection/payloads.ts';
export { runInjections } from './injection/run-injections.ts';
