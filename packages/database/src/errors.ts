/** What pg, Prisma and the network say when the database cannot be reached now; a later attempt may succeed. */
const unavailableCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|08\w{3}|57P0[123]|53300|P1001|P1002|P1008|P1017|P2024)$/;
const unavailableMessages =
  /timeout exceeded when trying to connect|Connection terminated|not queryable|Can't reach database/;

/** Whether a failure means "the database is away" rather than "the statement is wrong". */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (unavailableCodes.test(code) || unavailableMessages.test(error.message)) return true;
  return error.cause !== undefined && isDatabaseUnavailable(error.cause);
}
