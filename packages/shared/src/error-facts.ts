import { isNativeError } from 'node:util/types';

interface ErrorFacts {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: ErrorFacts;
}

const causesMax = 5;

/**
 * What the log keeps of an error: no properties but its code, because those of a database hold rows (`detail`) and those
 * of a mail server addresses; no e-mail address; and where a message repeats what somebody sent, no quoted text.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts | string {
  if (!isNativeError(error)) return typeof error;
  const message = told(error, error.message);
  const stack = error.stack ?? '';
  const frames = stack.indexOf('\n    at ');
  const cause = depth < causesMax && isNativeError(error.cause) ? errorFacts(error.cause, depth + 1) : undefined;
  return {
    type: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    message,
    stack: frames === -1 ? message : `${error.name}: ${message}${stack.slice(frames)}`,
    ...(typeof cause === 'object' && { cause }),
  };
}

const address = /[^\s/"'`<>()=,;:]+@[^\s/"'`<>()=,;:]+/g;
const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|“[^”]*”/gs;
const rowOrKey = /(=|contains )\([\s\S]*?\)(?=$|[\s.`])/g;

function told(error: Error, message: string): string {
  const withoutAddresses = message.replaceAll(address, '…@…');
  return repeatsInput(error)
    ? withoutAddresses.replaceAll(rowOrKey, '$1(…)').replaceAll(quoted, '"…"')
    : withoutAddresses;
}

/** Errors of PostgreSQL and Prisma, and of parsers. */
function repeatsInput(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(?:P\d{4}|[\dA-Z]{5})$/.test(code) ||
    /^(?:Prisma|DriverAdapter|SyntaxError|URIError|ZodError)/.test(error.name) ||
    'severity' in error
  );
}
