import { badCaller, callerOf, noCaller, successOf, type FuzzCase } from './make-requests.ts';
import { mayEverCall, type TestCallers } from './callers.ts';
import { methodsOf, type Answer, type Operation } from './operations.ts';
import { faultOf } from './schemas.ts';
import type { FuzzAnswer } from './send-request.ts';

/** A check that an answer did not pass, and why. */
export interface Finding {
  readonly check:
    | 'not_a_server_error'
    | 'status_code_conformance'
    | 'content_type_conformance'
    | 'response_schema_conformance'
    | 'response_headers_conformance'
    | 'negative_data_rejection'
    | 'positive_data_acceptance'
    | 'unsupported_method'
    | 'ignored_auth'
    | 'ensure_resource_availability'
    | 'use_after_free';
  readonly detail: string;
}

export interface CheckSources {
  readonly operations: readonly Operation[];
  readonly callers: TestCallers;
  /**
   * Codes of wrong fields (`code`, or `field: code`) that stand for rules which the document cannot say, such as two fields
   * that exclude each other. Places in a list count for nothing.
   */
  readonly rules: readonly string[];
}

/** Every check that one answer by itself can fail. */
export function checkAnswer(request: FuzzCase, answer: FuzzAnswer, sources: CheckSources): Finding[] {
  if (answer.status >= 500) return [{ check: 'not_a_server_error', detail: `${answer.status} ${answer.text}` }];
  if (request.kind === 'method') return checkMethod(request, answer, sources);
  const documented = request.operation.answers.get(answer.status);
  if (documented === undefined)
    return [{ check: 'status_code_conformance', detail: `${answer.status} ${answer.text}` }];
  return [
    ...checkConformance(documented, answer),
    ...checkCaller(request, answer, sources),
    ...(request.kind === 'invalid' && answer.status < 400
      ? [{ check: 'negative_data_rejection' as const, detail: `${request.wrong} was answered with ${answer.status}` }]
      : []),
    ...(request.kind === 'valid' ? checkAccepted(answer, sources) : []),
  ];
}

function checkMethod({ method, operation }: FuzzCase, answer: FuzzAnswer, { operations }: CheckSources): Finding[] {
  const allowed = methodsOf(operations, operation.path).join(', ');
  const told = (answer.headers.allow ?? '').split(', ').toSorted().join(', ');
  const status = method === 'OPTIONS' ? 204 : 405;
  const isRefusedFirst = answer.status === 401 && method !== 'OPTIONS';
  if (isRefusedFirst || (answer.status === status && told === allowed)) return [];
  return [{ check: 'unsupported_method', detail: `${method}: ${answer.status}, Allow: ${told}; expected ${allowed}` }];
}

const bodyless = new Set([204, 304]);

function checkConformance(documented: Answer, { status, headers, text }: FuzzAnswer): Finding[] {
  const findings: Finding[] = [];
  for (const { name, required, schema } of documented.headers) {
    const value = headers[name.toLowerCase()];
    const fault = value === undefined ? (required ? 'is missing' : null) : faultOf(schema, String(value));
    if (fault !== null) findings.push({ check: 'response_headers_conformance', detail: `${status}: ${name} ${fault}` });
  }
  const mediaTypes = Object.keys(documented.content);
  const mediaType = headers['content-type'];
  if (bodyless.has(status) || mediaTypes.length === 0) {
    if (text === '') return findings;
    return [...findings, { check: 'content_type_conformance', detail: `${status} has a body that nothing describes` }];
  }
  const schema = documented.content[mediaType ?? ''];
  if (schema === undefined) {
    const detail = `${status}: ${mediaType}; documented are ${mediaTypes.join(', ')}`;
    return [...findings, { check: 'content_type_conformance', detail }];
  }
  const fault = faultOf(schema, mediaType?.includes('json') === true ? parsed(text) : text);
  if (fault !== null) findings.push({ check: 'response_schema_conformance', detail: `${status}: ${fault}` });
  return findings;
}

const noJson = Symbol('no JSON');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return noJson;
  }
}

/** Nobody, or somebody who never may, has no success; without a caller, and with a token that is none, it is 401. */
function checkCaller(
  { callerName, kind, operation }: FuzzCase,
  answer: FuzzAnswer,
  { callers }: CheckSources,
): Finding[] {
  const { caller } = callerOf(callers, callerName);
  const isNobody = callerName === badCaller || (callerName === noCaller && operation.access !== 'public');
  if (isNobody && kind !== 'hostile' && answer.status !== 401) {
    return [{ check: 'ignored_auth', detail: `${callerName}: ${answer.status} instead of 401` }];
  }
  if (answer.status < 400 && (isNobody || !mayEverCall(operation, caller))) {
    return [{ check: 'ignored_auth', detail: `${callerName} was answered with ${answer.status}` }];
  }
  return [];
}

/** What the document allows is not refused for its form. */
function checkAccepted({ status, text }: FuzzAnswer, { rules }: CheckSources): Finding[] {
  if (![400, 404, 405, 406, 413, 414, 415, 431].includes(status)) return [];
  const { code, errors = [] }: { code: string; errors?: { field: string; code: string }[] } = JSON.parse(text);
  if (status === 404 && code !== 'route.notFound') return [];
  const broken = errors.filter(
    ({ field, code: each }) => !rules.includes(each) && !rules.includes(`${field.replaceAll(/\.\d+/g, '')}: ${each}`),
  );
  // A problem of the operation's own, such as a link that is no longer good, is no fault of form.
  if (status === 400 && code !== 'request.malformed' && broken.length === 0) return [];
  const reasons = broken.map((error) => `${error.field}: ${error.code}`).join(', ');
  return [{ check: 'positive_data_acceptance', detail: `${status} ${code} ${reasons}` }];
}

export const isSuccess = (request: FuzzCase, answer: FuzzAnswer) =>
  request.kind !== 'method' && (answer.status === successOf(request.operation) || answer.status === 304);
