import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Words of OpenAPI that say nothing about validity, and formats of ours whose pattern stands beside them. */
const silentWords = ['example', 'xml', 'externalDocs'];
const patternedFormats = ['slug', 'regex'];

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
for (const word of silentWords) ajv.addKeyword(word);
ajvFormats.default(ajv);
for (const format of patternedFormats) ajv.addFormat(format, true);

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** What is wrong with a value, in words; null where nothing is. */
export function faultOf(schema: JsonSchema, value: unknown): string | null {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  return validate(value) ? null : ajv.errorsText(validate.errors, { dataVar: 'value' });
}

const decimal = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;

/** The value that the text of a parameter stands for. */
export function valueOf(schema: JsonSchema, text: string): unknown {
  const types = [schema['type']].flat();
  const isNumeric = types.includes('number') || types.includes('integer');
  if (isNumeric) return decimal.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
  if (types.includes('boolean')) return text === 'true' || (text === 'false' ? false : text);
  return text;
}

const componentPrefix = '#/components/schemas/';

/** Puts what a schema refers to into the schema itself, and only that. */
export function localReferences(components: Readonly<Record<string, JsonSchema>>): (schema: JsonSchema) => JsonSchema {
  const move = (schema: JsonSchema): JsonSchema =>
    JSON.parse(JSON.stringify(schema).replaceAll(componentPrefix, '#/$defs/'));
  const known = new Map<string, JsonSchema>();
  return (schema) => {
    const key = JSON.stringify(schema);
    const found = known.get(key);
    if (found !== undefined) return found;
    const names = new Set<string>();
    collect(schema, components, names);
    const definitions = [...names].map((name) => [name, move(components[name] ?? {})] as const);
    const local = names.size === 0 ? schema : { ...move(schema), $defs: Object.fromEntries(definitions) };
    known.set(key, local);
    return local;
  };
}

function collect(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>, names: Set<string>): void {
  for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (names.has(name)) continue;
    const component = components[name];
    if (component === undefined) throw new Error(`The document refers to ${name}, which it does not hold.`);
    names.add(name);
    collect(component, components, names);
  }
}
