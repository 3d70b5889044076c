import { z } from 'zod';
import { fieldErrorsOf } from './field-errors.ts';
import { createMessages } from './messages.ts';
import { readText } from './read-text.ts';

/** Says in one text every setting that is wrong and what is expected of it. Values are never repeated. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const heading = 'The configuration is not valid:';

/** Makes every check, and throws one `ConfigError` with all that they found, each line once. */
export function refuseTogether(...checks: readonly (() => void)[]): void {
  const lines = new Set<string>();
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of error.message.split('\n')) lines.add(line);
    }
  }
  lines.delete(heading);
  if (lines.size > 0) throw new ConfigError([heading, ...lines].join('\n'));
}

/** Reads the declared settings; an empty value counts as absent. Throws `ConfigError` naming all bad keys together. */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const names = Object.keys(schema.shape);
  const texts: Record<string, string> = {};
  for (const name of names) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== '') texts[name] = text;
  }
  const values = readText(schema)(texts);
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw new ConfigError(describe(schema, fieldErrorsOf(result.error, values, names)));
}

function describe(schema: z.ZodObject, errors: ReturnType<typeof fieldErrorsOf>): string {
  const messages = createMessages();
  const lines = errors.map(({ field, code, params }) => {
    const purpose = descriptionOf(schema.shape[field]);
    const expected = messages.text('en', `field.${code}`, params) ?? messages.text('en', 'field.invalid');
    return `  ${field}: ${expected}${purpose === undefined ? '' : ` (${purpose})`}`;
  });
  return `${heading}\n${lines.join('\n')}`;
}

function descriptionOf(schema: z.core.$ZodType | undefined): string | undefined {
  return schema === undefined ? undefined : z.globalRegistry.get(schema)?.description;
}
