import { z } from 'zod';
import { fieldErrorsOf, firstPerField } from './field-errors.ts';
import { isKnownLanguageTag, isRequestableLanguageTag, isWellFormedLanguageTag } from './language.ts';
import { invalidRequest, type FieldError } from './problem.ts';
import { readText } from './read-text.ts';
import { isStorable, type ReadBody } from './read-body.ts';
import type { RequestContext } from './request-context.ts';
import type { Route } from './route.ts';

/** The texts of a request as they came. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ValidInput {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: Record<string, unknown>;
}

type Checked = { readonly value: Record<string, unknown>; readonly errors: readonly FieldError[] };

/** Builds, once per route, what validates its requests: it throws `request.invalid` naming every wrong field. */
export function inputReader(
  route: Route,
): (params: RawInput['params'], body: ReadBody | null, context: RequestContext) => Promise<ValidInput> {
  const checkParams = checker(route.params);
  const checkQuery = checker(route.query);
  const checkBody = bodyChecker(route.body);
  const takesLanguage = route.query !== undefined && 'language' in route.query.shape;
  return async (rawParams, rawBody, context) => {
    const { values, repeated } = context.query;
    const params = checkParams(rawParams);
    const query = checkQuery(values);
    const body = checkBody(rawBody);
    const errors = [
      ...params.errors,
      ...repeated.map((field): FieldError => ({ field, code: 'repeated' })),
      ...query.errors,
      ...body.errors,
      ...(takesLanguage ? languageErrors(values['language'], context) : []),
      ...(route.crossChecks?.(values) ?? []),
      ...unstorable(rawParams),
      ...unstorable(values),
    ];
    if (errors.length === 0) return { params: params.value, query: query.value, body: body.value };
    const raw = { params: rawParams, query: values, body: rawBody?.value ?? {}, language: context.language };
    throw invalidRequest(firstPerField([...errors, ...((await route.invalid?.(raw)) ?? [])]));
  };
}

function unstorable(texts: Readonly<Record<string, string>>): FieldError[] {
  const errors: FieldError[] = [];
  for (const name in texts) {
    if (!isStorable(texts[name] ?? '')) errors.push({ field: name, code: 'unstorable' });
  }
  return errors;
}

function checker(schema: z.ZodObject = z.strictObject({})): (texts: Readonly<Record<string, string>>) => Checked {
  const names = Object.keys(schema.shape);
  const read = readText(schema);
  return (texts) => {
    const values = read(texts);
    const result = schema.safeParse(values);
    if (result.success) return { value: result.data, errors: [] };
    return { value: {}, errors: fieldErrorsOf(result.error, values, names) };
  };
}

const noBody: Checked = { value: {}, errors: [] };

function bodyChecker(schema: z.ZodObject | undefined): (body: ReadBody | null) => Checked {
  if (schema === undefined) return () => noBody;
  const names = Object.keys(schema.shape);
  return (body) => {
    const { value, errors } = body ?? { value: {}, errors: [] };
    const result = schema.safeParse(value);
    if (result.success && errors.length === 0) return { value: result.data, errors };
    return { value: {}, errors: result.success ? errors : [...errors, ...fieldErrorsOf(result.error, value, names)] };
  };
}

function languageErrors(tag: string | undefined, context: RequestContext): FieldError[] {
  if (tag === undefined || !isWellFormedLanguageTag(tag)) return [];
  const { languages } = context.edge.languages();
  if (isKnownLanguageTag(tag, languages)) return [];
  const known = languages.map(({ code }) => code).filter(isRequestableLanguageTag);
  return [{ field: 'language', code: 'unknownLanguage', params: { known } }];
}
