import type { ErrorRequestHandler } from 'express';
import { Problem, problemOf, type FieldError } from './problem.ts';
import { addVary, endWith } from './reply.ts';
import { contextOf, type RequestContext } from './request-context.ts';

const retryAfterSeconds = '5';

/** The one place where anything thrown becomes an answer (RFC 9457). Causes are logged and never told. */
export const errorWriter: ErrorRequestHandler = (thrown, request, response, _next) => {
  const context = contextOf(request);
  const problem = thrown instanceof Problem ? thrown : (context.edge.problemFor(thrown) ?? problemOf(thrown));
  if (problem.status >= 500) context.log.error({ err: problem.cause ?? problem }, problem.code);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { headers, body } = problemAnswer(problem, context);
  response.statusCode = problem.status;
  const { Vary, ...others } = headers;
  for (const name in others) response.setHeader(name, others[name] ?? '');
  if (Vary !== undefined) addVary(response, Vary);
  endWith(response, body);
};

/** Whose words and whose number an answer has: those of the request, or of an earlier one that it repeats. */
export type Teller = Pick<RequestContext, 'id' | 'messageLanguage'>;

/** All that tells a problem, but for its status and length. */
export function problemAnswer(
  problem: Problem,
  context: RequestContext,
  { id, messageLanguage }: Teller = context,
): { headers: Readonly<Record<string, string>>; body: string } {
  const text = context.edge.messages.problem(messageLanguage, problem, id);
  const body = JSON.stringify({
    type: `/problems/${problem.code}`,
    title: text.title,
    status: problem.status,
    detail: text.detail,
    instance: context.path,
    code: problem.code,
    requestId: id,
    errors: problem.errors?.map((error, position) => toldError(error, text.errors?.[position] ?? error.code)),
    violations: problem.violations?.map(({ code, ...figures }, position) => ({
      code,
      message: text.violations?.[position] ?? code,
      ...figures,
    })),
  });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Language': text.languages.join(', '),
    Vary: 'Accept-Language',
    'Cache-Control': 'no-store',
    ...(problem.status === 503 && { 'Retry-After': retryAfterSeconds }),
    ...problem.headers,
  };
  return { headers, body };
}

function toldError({ field, code, params }: FieldError, message: string) {
  return { ...params, field: toldName(field), code, message };
}

const nameLengthMax = 100;

/** The caller's own name of a field, as a text that every reader takes. */
function toldName(name: string): string {
  const isLong = name.length > nameLengthMax;
  const text = isLong ? `${name.slice(0, nameLengthMax).replace(/[\uD800-\uDBFF]$/, '')}…` : name;
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}');
}
