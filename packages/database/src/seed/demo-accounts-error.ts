/** Production must not run with log-ins whose password stands here. */
export class DemoAccountsError extends Error {
  override readonly name = 'DemoAccountsError';
}
