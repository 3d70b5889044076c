import { isRecord } from './place.ts';

/** Whether the database refused a value (SQLSTATE classes 22 and 23) rather than the statement or the connection. */
export function isDataError(error: unknown): boolean {
  return sqlStates(error).some((code) => /^2[23]/.test(code));
}

/** Prisma keeps the SQLSTATE at different depths of its errors. */
function sqlStates(error: unknown, depth = 0): string[] {
  if (depth > 5 || typeof error !== 'object' || error === null) return [];
  const own = 'originalCode' in error ? error.originalCode : 'code' in error ? error.code : undefined;
  const inner = [
    'meta' in error ? error.meta : undefined,
    'cause' in error ? error.cause : undefined,
    isRecord(error) ? error['driverAdapterError'] : undefined,
  ];
  return [...(typeof own === 'string' ? [own] : []), ...inner.flatMap((each) => sqlStates(each, depth + 1))];
}
