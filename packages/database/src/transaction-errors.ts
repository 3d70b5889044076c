/** A statement was rejected, the code went on, and its transaction was taken back at the end. `cause` is the rejection. */
export class PoisonedTransactionError extends Error {
  override readonly name = 'PoisonedTransactionError';

  constructor(cause: unknown) {
    super('A statement of this transaction was rejected and the code went on: nothing was committed.', { cause });
  }
}

/** PostgreSQL answered COMMIT with ROLLBACK. */
export class CommitRefusedError extends Error {
  override readonly name = 'CommitRefusedError';

  constructor() {
    super('PostgreSQL answered COMMIT with ROLLBACK: nothing was committed.');
  }
}

/** The connection was lost during COMMIT: nobody knows here whether the transaction took effect. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';

  constructor(cause: unknown) {
    super('The connection was lost during COMMIT: the transaction may have taken effect or not.', { cause });
  }
}

/** `inTransaction` or a read of `database.public` inside another transaction's work. */
export class NestedTransactionError extends Error {
  override readonly name = 'NestedTransactionError';

  constructor(what: string) {
    super(
      `${what} inside the work of another transaction: hand its tx on instead. A second connection would not see what ` +
        'the first has written, and on the embedded engine it would wait for it for ever.',
    );
  }
}
