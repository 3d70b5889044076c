import { z } from 'zod';

const decimal = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;

/** A finite number as every parameter writes it (`-25.3`, `1e-7`): digits 0–9, no `+` in front, no white space; else null. */
export function readNumber(text: string): number | null {
  const number = decimal.test(text) ? Number(text) + 0 : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

type ReadValue = (text: string) => unknown;

const readers: Readonly<Partial<Record<Kind, ReadValue>>> = {
  number: (text) => readNumber(text) ?? text,
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

/**
 * Builds, once per schema, the function that turns named texts into the declared types. A text that is not of its type
 * stays as it is, for the schema to refuse.
 */
export function readText(schema: z.ZodObject): (texts: Readonly<Record<string, string>>) => Record<string, unknown> {
  const typed = Object.entries(schema.shape).flatMap(([name, field]) => {
    const read = readers[kindOf(field)];
    return read === undefined ? [] : [[name, read] as const];
  });
  return (texts) => {
    const values: Record<string, unknown> = Object.assign(Object.create(null), texts);
    for (const [name, read] of typed) {
      const text = texts[name];
      if (text !== undefined) values[name] = read(text);
    }
    return values;
  };
}

type Kind = 'number' | 'boolean' | 'text';

function kindOf(schema: unknown): Kind {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodPipe) return kindOf(schema.in);
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapper ? kindOf(schema.unwrap()) : 'text';
}
