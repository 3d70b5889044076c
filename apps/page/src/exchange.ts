export interface WrongField {
  field: string;
  code: string;
  /** What a text may not be shorter than. */
  minimum?: number;
  /** What `invalidFormat` is about. */
  format?: string;
  /** In the reader's language. */
  message: string;
}

/** A rule that says no. */
export interface Violation {
  code: string;
  /** In the reader's language. */
  message: string;
  /** Its figures: `limit`, `used`, `redeemedAt`, … */
  [figure: string]: unknown;
}

export interface Problem {
  code: string | null;
  /** Both in the reader's language, from the API itself. */
  title: string | null;
  detail: string | null;
  errors: readonly WrongField[];
  violations: readonly Violation[];
  retryAfterSeconds: number | null;
}

const noProblem: Problem = {
  code: null,
  title: null,
  detail: null,
  errors: [],
  violations: [],
  retryAfterSeconds: null,
};

/** The API answered with a problem (RFC 9457), or not at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem = noProblem, cause?: unknown) {
    super(problem.detail ?? `HTTP ${status}`, { cause });
    this.status = status;
    this.problem = problem;
  }
}

export interface Question {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  body?: Readonly<Record<string, unknown>>;
  /** The ETag that a change is meant for. */
  ifMatch?: string | null;
  idempotencyKey?: string;
  /** JSON, unless said. */
  accept?: string;
  /** The access token. */
  token?: string | null;
  signal?: AbortSignal | null;
}

export interface Answer<T> {
  body: T;
  etag: string | null;
}

/** One request and its answer; `body` is null where the answer has none. Throws `ApiError`, and what the signal gives. */
export async function exchange<T>(path: string, question: Question = {}): Promise<Answer<T>> {
  const { response, text } = await send(path, question);
  const body = parse(text);
  const isWhole = body !== null || text === '';
  if (response.ok && isWhole) return { body: body as T, etag: response.headers.get('ETag') };
  throw new ApiError(response.status, problemOf(body, response.headers.get('Retry-After')));
}

/** As `exchange`, for what is no JSON, such as a picture. */
export async function exchangeText(path: string, question: Question = {}): Promise<{ text: string; headers: Headers }> {
  const { response, text } = await send(path, question);
  if (response.ok) return { text, headers: response.headers };
  throw new ApiError(response.status, problemOf(parse(text), response.headers.get('Retry-After')));
}

async function send(path: string, question: Question): Promise<{ response: Response; text: string }> {
  const { signal } = question;
  try {
    const response = await fetch(addressOf(path, question), {
      method: question.method ?? 'GET',
      headers: headersOf(question),
      ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
      signal: signal ?? null,
    });
    return { response, text: await response.text() };
  } catch (error) {
    if (signal?.aborted === true && signal.reason?.name !== 'TimeoutError') throw error;
    throw new ApiError(0, noProblem, error);
  }
}

function addressOf(path: string, { query = {} }: Question): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== false) search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

function headersOf({
  method,
  accept = 'application/json',
  body,
  ifMatch,
  idempotencyKey,
  token,
}: Question): Record<string, string> {
  return {
    Accept: accept,
    'Accept-Language': document.documentElement.lang,
    ...(body !== undefined && {
      'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    }),
    ...(typeof ifMatch === 'string' && { 'If-Match': ifMatch }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': `"${idempotencyKey}"` }),
    ...(typeof token === 'string' && { Authorization: `Bearer ${token}` }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problemOf(body: unknown, retryAfter: string | null): Problem {
  const { code, title, detail, errors, violations } = (typeof body === 'object' ? (body ?? {}) : {}) as Record<
    string,
    unknown
  >;
  const seconds = Number(retryAfter ?? Number.NaN);
  return {
    code: typeof code === 'string' ? code : null,
    title: typeof title === 'string' ? title : null,
    detail: typeof detail === 'string' ? detail : null,
    errors: Array.isArray(errors) ? (errors as WrongField[]) : [],
    violations: Array.isArray(violations) ? (violations as Violation[]) : [],
    retryAfterSeconds: seconds > 0 ? Math.ceil(seconds) : null,
  };
}
