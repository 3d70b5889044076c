import { sharedProblems } from './problem.ts';

export interface ParsedQuery {
  /** The first value of each parameter, by name; without a prototype. */
  readonly values: Readonly<Record<string, string>>;
  readonly repeated: readonly string[];
}

const empty: ParsedQuery = { values: Object.freeze(Object.create(null)), repeated: [] };

/** Reads `name=value` pairs flatly. Throws `request.malformed` when the percent-encoding is broken. */
export function parseQuery(url: string): ParsedQuery {
  const mark = url.indexOf('?');
  if (mark === -1 || mark === url.length - 1) return empty;
  const values: Record<string, string> = Object.create(null);
  const repeated = new Set<string>();
  for (const pair of url.slice(mark + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (name in values) repeated.add(name);
    else values[name] = value;
  }
  return { values, repeated: [...repeated] };
}

const encoded = /[%+]/;

function decode(text: string): string {
  if (!encoded.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw sharedProblems['request.malformed']({ cause });
  }
}
