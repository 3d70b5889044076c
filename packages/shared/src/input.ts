import { z } from 'zod';
import { fieldErrorsOf, firstPerField } from './field-errors.ts';
import { isKnownLanguageTag, isRequestableLanguageTag, isWellFormedLanguageTag } from './language.ts';
import { invalidRequest, type FieldError } from './problem.ts';
import { readText } from './read-text.ts';
import type { RequestContext } from './request-context.ts';
import type { Route } from './route.ts';

/** The texts of a request as they came. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface ValidInput {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
}

type Checked = { readonly value: Record<string, unknown>; readonly errors: readonly FieldError[] };

/** Builds, once per route, what validates its requests: it throws `request.invalid` naming every wrong field. */
export function inputReader(
  route: Route,
): (request: Pick<RawInput, 'params'>, context: RequestContext) => Promise<ValidInput> {
  const checkParams = checker(route.params);
  const checkQuery = checker(route.query);
  const takesLanguage = route.query !== undefined && 'language' in route.query.shape;
  return async (request, context) => {
    const { values, repeated } = context.query;
    const params = checkParams(request.params);
    const query = checkQuery(values);
    const errors = [
      ...params.errors,
      ...repeated.map((field): FieldError => ({ field, code: 'repeated' })),
      ...query.errors,
      ...(takesLanguage ? languageErrors(values['language'], context) : []),
      ...(route.crossChecks?.(values) ?? []),
    ];
    if (errors.length === 0) return { params: params.value, query: query.value };
    const raw = { params: request.params, query: values, language: context.language };
    throw invalidRequest(firstPerField([...errors, ...((await route.invalid?.(raw)) ?? [])]));
  };
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

function languageErrors(tag: string | undefined, context: RequestContext): FieldError[] {
  if (tag === undefined || !isWellFormedLanguageTag(tag)) return [];
  const { languages } = context.edge.languages();
  if (isKnownLanguageTag(tag, languages)) return [];
  const known = languages.map(({ code }) => code).filter(isRequestableLanguageTag);
  return [{ field: 'language', code: 'unknownLanguage', params: { known } }];
}
