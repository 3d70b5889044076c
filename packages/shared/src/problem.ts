export type ProblemParams = Readonly<Record<string, string | number | readonly string[]>>;

/** One wrong field. `code` names a message (`field.<code>` in the locales), `params` fill it. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly params?: ProblemParams;
}

/** One rule that says no. `code` names a message (`violation.<code>` in the locales); the figures fill it and are told. */
export interface Violation {
  readonly code: string;
  readonly [figure: string]: string | number | null;
}

export interface ProblemDetails {
  /** Fill the translated title and detail. They are told to the caller. */
  readonly params?: ProblemParams;
  readonly errors?: readonly FieldError[];
  readonly violations?: readonly Violation[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An expected failure: the error writer answers it as RFC 9457 in the caller's language. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly params: ProblemParams;
  readonly errors: readonly FieldError[] | undefined;
  readonly violations: readonly Violation[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, details: ProblemDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = status;
    this.params = details.params ?? {};
    this.errors = details.errors;
    this.violations = details.violations;
    this.headers = details.headers ?? {};
  }
}

export interface ProblemCreator {
  (details?: ProblemDetails): Problem;
  readonly code: string;
  readonly status: number;
}

export type ProblemCatalogue = Readonly<Record<string, ProblemCreator>>;

/** A catalogue of creators from code → status: `problems['voucher.notFound']()`. */
export function defineProblems<const Statuses extends Readonly<Record<string, number>>>(
  statuses: Statuses,
): { readonly [Code in keyof Statuses & string]: ProblemCreator };
export function defineProblems(statuses: Readonly<Record<string, number>>): ProblemCatalogue {
  return Object.fromEntries(Object.entries(statuses).map(([code, status]) => [code, creatorOf(code, status)]));
}

function creatorOf(code: string, status: number): ProblemCreator {
  return Object.assign((details?: ProblemDetails) => new Problem(code, status, details), { code, status });
}

export const sharedProblems = defineProblems({
  'request.invalid': 400,
  'request.malformed': 400,
  'route.notFound': 404,
  'route.methodNotAllowed': 405,
  'request.notAcceptable': 406,
  'request.timeout': 408,
  'request.conditionFailed': 412,
  'request.conditionRequired': 428,
  'request.tooMany': 429,
  'request.tooLarge': 413,
  'request.unsupportedMediaType': 415,
  'request.rangeNotSatisfiable': 416,
  'request.headersTooLarge': 431,
  'record.unknownReference': 400,
  'idempotency.keyMissing': 400,
  'auth.required': 401,
  'auth.invalidToken': 401,
  'access.denied': 403,
  'record.notFound': 404,
  'record.duplicate': 409,
  'record.inUse': 409,
  'record.busy': 409,
  'idempotency.inFlight': 409,
  'record.changed': 412,
  'record.refused': 422,
  'idempotency.keyReused': 422,
  'server.internal': 500,
  'server.unavailable': 503,
  'server.outcomeUnknown': 503,
});

/** More are not told: a small request of nothing but mistakes would be answered with megabytes. */
const errorsMax = 50;

/** `request.invalid` with every wrong field named, up to 50. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  return sharedProblems['request.invalid']({ errors: errors.slice(0, errorsMax) });
}

/** `server.unavailable` that tells when to come back. */
export function unavailable(retryAfterSeconds: number, cause?: unknown): Problem {
  return sharedProblems['server.unavailable']({ headers: { 'Retry-After': String(retryAfterSeconds) }, cause });
}

const problemsByStatus: Readonly<Record<number, ProblemCreator>> = {
  400: sharedProblems['request.malformed'],
  404: sharedProblems['route.notFound'],
  408: sharedProblems['request.timeout'],
  412: sharedProblems['request.conditionFailed'],
  413: sharedProblems['request.tooLarge'],
  415: sharedProblems['request.unsupportedMediaType'],
  416: sharedProblems['request.rangeNotSatisfiable'],
};

/**
 * What is answered for anything thrown. Only a `Problem`, and what Express itself found wrong with the request
 * (undecodable path, a body that cannot be read, a file that is not there or not as asked), are the caller's business.
 */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const status = requestErrorStatus(thrown);
  const create = status === undefined ? undefined : problemsByStatus[status];
  return (create ?? sharedProblems['server.internal'])({ cause: thrown });
}

function requestErrorStatus(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown) || typeof thrown.status !== 'number') return undefined;
  const isFromExpress = thrown instanceof URIError || ('expose' in thrown && thrown.expose === true);
  return isFromExpress ? thrown.status : undefined;
}
