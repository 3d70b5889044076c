import type { ErrorRequestHandler } from 'express';
import { Problem, problemOf, sharedProblems, type FieldError } from './problem.ts';
import { endWith } from './reply.ts';
import { contextOf, type RequestContext } from './request-context.ts';

const retryAfterSeconds = '5';

/** The one place where anything thrown becomes an answer (RFC 9457). Causes are logged and never told. */
export const errorWriter: ErrorRequestHandler = (thrown, request, response, _next) => {
  const context = contextOf(request);
  const isAway = !(thrown instanceof Problem) && context.edge.isUnavailable(thrown);
  const problem = isAway ? sharedProblems['server.unavailable']({ cause: thrown }) : problemOf(thrown);
  if (problem.status >= 500) context.log.error({ err: problem.cause ?? problem }, problem.code);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { body, languages } = problemBody(problem, context);
  response.statusCode = problem.status;
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Content-Language', languages.join(', '));
  response.setHeader('Vary', 'Accept-Language');
  response.setHeader('Cache-Control', 'no-store');
  if (problem.status === 503) response.setHeader('Retry-After', retryAfterSeconds);
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  endWith(response, body);
};

function problemBody(problem: Problem, context: RequestContext): { body: string; languages: readonly string[] } {
  const text = context.edge.messages.problem(context.messageLanguage, problem, context.id);
  const body = JSON.stringify({
    type: `/problems/${problem.code}`,
    title: text.title,
    status: problem.status,
    detail: text.detail,
    instance: context.path,
    code: problem.code,
    requestId: context.id,
    errors: problem.errors?.map((error, position) => toldError(error, text.errors?.[position] ?? error.code)),
  });
  return { body, languages: text.languages };
}

function toldError({ field, code, params }: FieldError, message: string) {
  return { ...params, field, code, message };
}
