export type EngineErrorCode = 'in_use' | 'absent' | 'unwritable' | 'foreign' | 'failed';

/** Every failure to open an embedded engine; `message` is one sentence fit for a terminal. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
