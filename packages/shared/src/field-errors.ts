import type { z } from 'zod';
import type { FieldError, ProblemParams } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Reason = Omit<FieldError, 'field'>;

/** One error per wrong field: the first that zod found. Every unknown key is a field of its own. */
export function fieldErrorsOf(error: z.ZodError, input: unknown, knownNames: readonly string[]): FieldError[] {
  const errors = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      const params = issue.path.length === 0 ? { params: { known: knownNames } } : {};
      return issue.keys.map((key) => ({ field: nameOf([...issue.path, key]), code: 'unknown', ...params }));
    }
    return [{ field: nameOf(issue.path), ...reasonOf(issue, valueAt(input, issue.path)) }];
  });
  return firstPerField(errors);
}

export function firstPerField(errors: readonly FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ field }) => !seen.has(field) && seen.add(field));
}

const typeCodes: Readonly<Record<string, string>> = {
  number: 'notANumber',
  int: 'notAnInteger',
  boolean: 'notABoolean',
  date: 'notADate',
  string: 'notAText',
  array: 'notAList',
  object: 'notAnObject',
  record: 'notAnObject',
};

function reasonOf(issue: Issue, value: unknown): Reason {
  if (value === undefined) return { code: 'required' };
  switch (issue.code) {
    case 'invalid_type':
      return { code: typeCodes[issue.expected] ?? 'invalid' };
    case 'too_small':
      return boundReason(sizeCodes[issue.origin] ?? valueCodes, issue.inclusive !== false, 'minimum', issue.minimum);
    case 'too_big':
      return boundReason(sizeCodes[issue.origin] ?? valueCodes, issue.inclusive !== false, 'maximum', issue.maximum);
    case 'invalid_value':
      return { code: 'notOneOf', params: { options: issue.values.map(String) } };
    case 'invalid_format':
      return issue.format === 'datetime'
        ? { code: 'notADate' }
        : {
            code: 'invalidFormat',
            params: { format: issue.format === 'regex' ? (issue.pattern ?? '') : issue.format },
          };
    case 'custom':
      return customReason(issue.params);
    default:
      return { code: 'invalid' };
  }
}

interface BoundCodes {
  readonly minimum: string;
  readonly maximum: string;
}

const valueCodes: BoundCodes = { minimum: 'tooSmall', maximum: 'tooBig' };
const openValueCodes: BoundCodes = { minimum: 'notAbove', maximum: 'notBelow' };
const countCodes: BoundCodes = { minimum: 'tooFew', maximum: 'tooMany' };
const sizeCodes: Readonly<Record<string, BoundCodes>> = {
  string: { minimum: 'tooShort', maximum: 'tooLong' },
  array: countCodes,
  set: countCodes,
  map: countCodes,
};

function boundReason(
  codes: BoundCodes,
  inclusive: boolean,
  side: 'minimum' | 'maximum',
  bound: number | bigint,
): Reason {
  const code = (codes === valueCodes && !inclusive ? openValueCodes : codes)[side];
  return { code, params: { [side]: Number(bound) } };
}

/** A refinement states its reason as `{ params: { code: 'invalidFormat', format: 'language' } }`. */
function customReason(params: Record<string, unknown> = {}): Reason {
  const { code, ...rest } = params;
  return typeof code === 'string' && isProblemParams(rest) ? { code, params: rest } : { code: 'invalid' };
}

function isProblemParams(params: Record<string, unknown>): params is ProblemParams {
  return Object.values(params).every(
    (value) => typeof value === 'string' || typeof value === 'number' || isTexts(value),
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
