import { Problem, sharedProblems, unavailable, type ProblemCreator } from '@pika/shared';
import { factsOf, type ErrorFacts } from './error-facts.ts';
import { NestedTransactionError, PoisonedTransactionError, UnknownOutcomeError } from './transaction-errors.ts';

export type DatabaseFailure =
  /** Another row has that already; also two periods that overlap. */
  | { kind: 'duplicate'; constraint: string | null }
  /** `isInUse`: the row that was to go is still pointed to. */
  | { kind: 'foreignKey'; constraint: string | null; isInUse: boolean }
  | { kind: 'check'; constraint: string | null }
  | { kind: 'notFound' }
  | { kind: 'denied' }
  | { kind: 'writeConflict' }
  | { kind: 'timeout' }
  | { kind: 'unavailable' }
  /** The connection was lost during COMMIT: it may have taken effect. */
  | { kind: 'unknownOutcome' }
  | { kind: 'schemaBehind' }
  | { kind: 'bug' };

/**
 * What a failure of pg, of Prisma (ORM or raw) or of the way to the server means. Anything else is a bug, and so is a
 * rejection that the code swallowed, unless waiting or migrating mends it.
 */
export function classifyDatabaseError(error: unknown): DatabaseFailure {
  if (error instanceof UnknownOutcomeError) return { kind: 'unknownOutcome' };
  if (error instanceof NestedTransactionError) return { kind: 'bug' };
  if (error instanceof PoisonedTransactionError) {
    const swallowed = classifyDatabaseError(error.cause);
    return passing.has(swallowed.kind) ? swallowed : { kind: 'bug' };
  }
  const facts = factsOf(error);
  return failureOf(facts) ?? wordlessFailureOf(facts) ?? { kind: 'bug' };
}

const passing = new Set(['writeConflict', 'timeout', 'unavailable', 'schemaBehind']);

/** The one switch: SQLSTATE, else Prisma's code, else the network's. */
function failureOf({ code, constraint, names, text }: ErrorFacts): DatabaseFailure | null {
  switch (code) {
    case '23505':
    case '23P01':
    case 'P2002':
      return { kind: 'duplicate', constraint };
    case '23001':
      return { kind: 'foreignKey', constraint, isInUse: true };
    case '23503':
    case 'P2003':
    case 'P2014':
      return { kind: 'foreignKey', constraint, isInUse: names.length >= inUseNames };
    case '23514':
    case 'P0001':
      return { kind: 'check', constraint };
    case 'P2001':
    case 'P2015':
    case 'P2018':
    case 'P2025':
      return { kind: 'notFound' };
    case '42501':
      return { kind: 'denied' };
    case '40001':
    case '40P01':
    case 'P2034':
      return { kind: 'writeConflict' };
    case '08007':
    case '40003':
      return { kind: 'unknownOutcome' };
    case '25P03':
    case '25P04':
    case '55P03':
    case '57014':
    case 'P2028':
      return { kind: 'timeout' };
    case '3F000':
    case '42P01':
    case '42703':
    case '42883':
    case 'P2021':
    case 'P2022':
      return { kind: 'schemaBehind' };
    case '22023':
    case '42704':
      return /"pika_\w+"/.test(text) ? { kind: 'schemaBehind' } : null;
    default:
      return unavailableCodes.test(code) ? { kind: 'unavailable' } : null;
  }
}

/**
 * Before PostgreSQL 18 says 23001, the two cases differ in no field but in the sentence, whose language is `lc_messages`:
 * one names the table, the key and the table that still points to it, the other the table and the key.
 */
const inUseNames = 3;

/** The network, connections (08), log-in (28), no such database (3D), resources (53), shutdown (57P), Prisma's own. */
const unavailableCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|08\w{3}|28\w{3}|3D000|53\w{3}|57P0\d|P1000|P1001|P1002|P1003|P1008|P1017|P2024)$/;

/** Plain errors of pg and pg-pool, which carry no code. */
const unavailableTexts =
  /timeout exceeded when trying to connect|Connection terminated|not queryable|Query read timeout|Can't reach database/;

function wordlessFailureOf({ text }: ErrorFacts): DatabaseFailure | null {
  return unavailableTexts.test(text) ? { kind: 'unavailable' } : null;
}

export function isWriteConflict(error: unknown): boolean {
  return classifyDatabaseError(error).kind === 'writeConflict';
}

/** Whether PostgreSQL refused a value (SQLSTATE classes 22 and 23) rather than the statement or the connection. */
export function isValueRefused(error: unknown): boolean {
  return /^2[23]/.test(factsOf(error).code);
}

const retryAfterSeconds = 5;

/**
 * What the caller is told of a failure of the database, or null where it is none or ours alone (500). `byConstraint` are
 * the app's own words for what a named constraint refuses. Nothing of SQL, names or codes is in it.
 */
export function databaseProblem(
  error: unknown,
  byConstraint: Readonly<Record<string, ProblemCreator>> = {},
): Problem | null {
  if (error instanceof Problem) return error;
  const failure = classifyDatabaseError(error);
  const cause = { cause: error };
  const own = 'constraint' in failure && failure.constraint !== null ? byConstraint[failure.constraint] : undefined;
  if (own !== undefined) return own(cause);
  switch (failure.kind) {
    case 'duplicate':
      return sharedProblems['record.duplicate'](cause);
    case 'foreignKey':
      return sharedProblems[failure.isInUse ? 'record.inUse' : 'record.unknownReference'](cause);
    case 'check':
      return sharedProblems['record.refused'](cause);
    case 'notFound':
      return sharedProblems['record.notFound'](cause);
    case 'denied':
      return sharedProblems['access.denied'](cause);
    case 'writeConflict':
      return sharedProblems['record.busy'](cause);
    case 'timeout':
    case 'unavailable':
      return unavailable(retryAfterSeconds, error);
    case 'unknownOutcome':
      return sharedProblems['server.outcomeUnknown']({
        ...cause,
        headers: { 'Retry-After': String(retryAfterSeconds) },
      });
    case 'schemaBehind':
      return sharedProblems['server.internal']({
        cause: new Error('The schema is not migrated: npx nx run @pika/database:prisma:migrate:deploy', cause),
      });
    default:
      return null;
  }
}
