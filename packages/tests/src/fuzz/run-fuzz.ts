import type { OpenApiDocument, Route } from '@pika/shared';
import fc from 'fast-check';
import type { TestCallers } from './callers.ts';
import { checkAnswer, isSuccess, type CheckSources, type Finding } from './check-answer.ts';
import { followUp } from './follow-up.ts';
import { arbitraryCase, type FuzzCase } from './make-requests.ts';
import type { KnownValues } from './make-values.ts';
import { readOperations, type Operation } from './operations.ts';
import { curlOf, openSender, type FuzzAnswer, type Sender } from './send-request.ts';

interface FuzzOptions {
  readonly url: string;
  readonly document: OpenApiDocument;
  readonly routes: readonly Route[];
  readonly callers: TestCallers;
  readonly known: KnownValues;
  /** Those of `known` that are a caller's own, by the caller's name. */
  readonly owned?: Readonly<Record<string, KnownValues>>;
  /** Called before each operation, to make good what those before it have ended. */
  readonly restore?: () => Promise<void>;
  readonly rules: readonly string[];
  /** Deletions after which there is a record to be read. */
  readonly leaveRecord?: readonly string[];
  /** How many are made altogether; those that follow from an answer, and those of shrinking, come on top. */
  readonly requests: number;
  readonly seed: number;
}

interface FuzzReport {
  /** How many were really sent. */
  readonly sent: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Successes of valid requests, by operation. */
  readonly successes: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

/** Those that destroy come last, so that the others find what they ask for. */
const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Tries every operation of the document. A failure tells the smallest request that shows it, as a line for a shell. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const read = readOperations(options.document, options.routes);
  const operations = read.toSorted((one, other) => order.indexOf(one.method) - order.indexOf(other.method));
  const sources = { ...options, operations, owned: options.owned ?? {} };
  const numRuns = Math.ceil(options.requests / operations.length);
  const byStatus: Record<string, number> = {};
  const successes: Record<string, number> = {};
  let sent = 0;
  const sender = openSender(options.url);
  const counting: Sender = {
    close: () => sender.close(),
    send: async (request) => {
      sent += 1;
      const answer = await sender.send(request);
      byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
      return answer;
    },
  };
  const failures: string[] = [];
  for (const operation of operations) {
    const { operationId } = operation;
    successes[operationId] = 0;
    await options.restore?.();
    let count = 0;
    const onSuccess = (isOfValid: boolean) => {
      if (isOfValid) successes[operationId] = (successes[operationId] ?? 0) + 1;
      return ++count;
    };
    const failure = await tryOperation(operation, { ...sources, numRuns, onSuccess }, counting);
    if (failure !== null) failures.push(failure);
  }
  sender.close();
  return { sent, byStatus, successes, failures };
}

interface Trial extends FuzzOptions, CheckSources {
  readonly operations: readonly Operation[];
  readonly owned: NonNullable<FuzzOptions['owned']>;
  readonly numRuns: number;
  /** Gives back how many there were. */
  readonly onSuccess: (isOfValid: boolean) => number;
}

async function tryOperation(operation: Operation, trial: Trial, sender: Sender): Promise<string | null> {
  const property = fc.asyncProperty(arbitraryCase(operation, trial), async (request) => {
    const findings = await findingsOf(request, trial, sender);
    if (findings.length > 0) throw new Error(findings.map(({ check, detail }) => `${check}: ${detail}`).join('\n'));
  });
  const result = await fc.check(property, { seed: trial.seed, numRuns: trial.numRuns });
  if (!result.failed) return null;
  const request = result.counterexample?.[0];
  const line = request === undefined ? 'no request' : curlOf(trial.url, request);
  const reason = String(result.errorInstance).slice(0, 3_000);
  return (
    `${operation.operationId}, a ${request?.kind} request of ${request?.callerName}: ${reason}\n  ${line}\n` +
    `  PIKA_TEST_SEED=${trial.seed}, after ${result.numRuns} requests and ${result.numShrinks} shrinks`
  );
}

async function findingsOf(request: FuzzCase, trial: Trial, sender: Sender): Promise<Finding[]> {
  let answer: FuzzAnswer;
  try {
    answer = await sender.send(request);
  } catch (error) {
    return [{ check: 'not_a_server_error', detail: `no answer: ${String(error)}` }];
  }
  const findings = checkAnswer(request, answer, trial);
  if (findings.length > 0 || !isSuccess(request, answer)) return findings;
  const count = trial.onSuccess(request.kind === 'valid');
  return followUp(request, answer, sender, { ...trial, isNewCaller: count <= 20 || count % 10 === 0 });
}
