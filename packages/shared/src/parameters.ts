import { z } from 'zod';
import { isWellFormedLanguageTag, languageTagShape } from './language-tag.ts';

/**
 * Parameters describe the value a handler receives. The text of a query, a path or an environment variable is turned
 * into it by {@link readText} according to the declared type, so the same schema also documents and checks JSON.
 */

/** A finite decimal number; '', ' ', 'NaN', 'Infinity', '0x10' and '1e400' are refused. */
export function numberParameter(bounds: { min?: number; max?: number; integer?: boolean } = {}): z.ZodNumber {
  let schema = z.number();
  if (bounds.min !== undefined) schema = schema.min(bounds.min);
  if (bounds.max !== undefined) schema = schema.max(bounds.max);
  // Last, because it brings bounds of its own, those of exact integers, and the first that fails is told.
  return bounds.integer === true ? schema.int() : schema;
}

/** `true` or `false`. */
export function booleanParameter(): z.ZodBoolean {
  return z.boolean();
}

/** A UUID, given to the handler in lower case. */
export function uuidParameter(): z.ZodUUID {
  return z.uuid().toLowerCase();
}

/** Lower-case words joined by hyphens, at most 100 characters. */
export function slugParameter() {
  return z.stringFormat('slug', /^[a-z0-9]+(?:-[a-z0-9]+)*$/).max(100);
}

/** Given to the handler in lower case, as it is stored. */
export function emailField() {
  return z.string().trim().toLowerCase().max(254).pipe(z.email()).meta({
    description: 'An e-mail address.',
    format: 'email',
    pattern: z.regexes.email.source,
    example: 'ramona@example.com',
  });
}

const unstorable = /[\0\p{Surrogate}]/u;

/** Text without surrounding white space, NUL and lone surrogates. */
export function textParameter(bounds: { min?: number; max: number }): z.ZodString {
  return z
    .string()
    .trim()
    .min(bounds.min ?? 1)
    .max(bounds.max)
    .refine((text) => !unstorable.test(text), { params: { code: 'invalidFormat', format: 'text' } });
}

const moreThanALine = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/** `textParameter` on one line, without control characters and without those that turn the direction of what follows. */
export function nameParameter(bounds: { min?: number; max: number }): z.ZodString {
  return textParameter(bounds).refine((text) => !moreThanALine.test(text), {
    params: { code: 'invalidFormat', format: 'name' },
  });
}

/** An RFC 3339 date and time with seconds and offset; the handler receives a `Date`. */
export function instantParameter() {
  return z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .meta({ example: '2026-01-31T18:30:00Z' });
}

/**
 * The caller's language. A query parameter named `language` always means this: the edge reads it before anything else
 * and refuses a tag that leads to no known language.
 */
export function languageParameter() {
  return z
    .string()
    .refine(isWellFormedLanguageTag, { params: { code: 'invalidFormat', format: 'language' } })
    .optional()
    .meta({
      description:
        'Language of the answer as a BCP 47 tag; wins over the stored preference and over `Accept-Language`. ' +
        'Regional and related languages follow by themselves: `es-PY` also finds `es`.',
      example: 'es-PY',
      ...languageTagShape,
    });
}
