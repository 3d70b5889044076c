import { badToken } from './callers.ts';
import type { CheckSources, Finding } from './check-answer.ts';
import type { FuzzCase } from './make-requests.ts';
import type { FuzzAnswer, FuzzRequest, Sender } from './send-request.ts';

interface FollowUpSources extends CheckSources {
  /** Whether to ask once more as nobody: not after each of many successes of one operation. */
  readonly isNewCaller: boolean;
  readonly leaveRecord?: readonly string[];
}

/** What follows from a success: nobody else gets it without a token, what was made is there, what was deleted is gone. */
export async function followUp(
  request: FuzzCase,
  answer: FuzzAnswer,
  sender: Sender,
  sources: FollowUpSources,
): Promise<Finding[]> {
  return [
    ...(sources.isNewCaller ? await checkWithoutToken(request, sender) : []),
    ...(await checkMade(request, answer, sender, sources)),
    ...(await checkGone(request, sender, sources)),
  ];
}

async function checkWithoutToken(request: FuzzCase, sender: Sender): Promise<Finding[]> {
  const { authorization, ...headers } = request.headers;
  const tries: [string, FuzzRequest['headers']][] = [
    ['with a token that is none', { ...headers, authorization: `Bearer ${badToken}` }],
    ['with another scheme', { ...headers, authorization: 'Basic dTpw' }],
    ...(request.operation.access === 'public' || authorization === undefined
      ? []
      : ([['without a token', headers]] as [string, FuzzRequest['headers']][])),
  ];
  const findings: Finding[] = [];
  for (const [how, tried] of tries) {
    const { status } = await sender.send({ ...request, headers: tried });
    if (status !== 401) findings.push({ check: 'ignored_auth', detail: `${how}: ${status} instead of 401` });
  }
  return findings;
}

async function checkMade(
  request: FuzzCase,
  answer: FuzzAnswer,
  sender: Sender,
  { operations }: CheckSources,
): Promise<Finding[]> {
  const [path = ''] = request.path.split('?', 1);
  if (request.method !== 'POST' || answer.status !== 201) return [];
  const isReadable = operations.some(
    (each) =>
      each.method === 'GET' &&
      each.path.startsWith(request.operation.path) &&
      /^\/\{\w+\}$/.test(each.path.slice(request.operation.path.length)),
  );
  const id = (JSON.parse(answer.text === '' ? '{}' : answer.text) as { id?: string }).id;
  const made = isReadable && id !== undefined ? `${path}/${id}` : undefined;
  if (made === undefined) return [];
  const { status } = await sender.send({ method: 'GET', path: made, headers: tokenOf(request) });
  if (status === 200) return [];
  return [{ check: 'ensure_resource_availability', detail: `${made} was made and then answered ${status}` }];
}

async function checkGone(
  request: FuzzCase,
  sender: Sender,
  { operations, leaveRecord = [] }: FollowUpSources,
): Promise<Finding[]> {
  const { path, operationId } = request.operation;
  const isReadable = operations.some((each) => each.method === 'GET' && each.path === path);
  if (request.method !== 'DELETE' || !isReadable || leaveRecord.includes(operationId)) return [];
  const { status } = await sender.send({ method: 'GET', path: request.path, headers: tokenOf(request) });
  if ([401, 404, 410].includes(status)) return [];
  return [{ check: 'use_after_free', detail: `${request.path} was deleted and then answered ${status}` }];
}

function tokenOf({ headers: { authorization } }: FuzzRequest): FuzzRequest['headers'] {
  return authorization === undefined ? {} : { authorization };
}
