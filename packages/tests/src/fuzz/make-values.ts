import fc from 'fast-check';
import { faultOf, valueOf, type JsonSchema } from './schemas.ts';

/** Values of rows that are there, by the name of a field or of the collection before a path parameter. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

type Arbitrary = fc.Arbitrary<unknown>;

/** Values that a schema allows, of the harmless kind: texts without white space around them. */
export function validValues(schema: JsonSchema, known: KnownValues = {}, names: readonly string[] = []): Arbitrary {
  const made = make(schema, { root: schema, known });
  const usable = names.flatMap((name) => known[name] ?? []);
  return preferring(usable, made).filter((value) => faultOf(schema, value) === null);
}

interface Whole {
  readonly root: JsonSchema;
  readonly known: KnownValues;
}

function preferring(known: readonly string[], made: Arbitrary): Arbitrary {
  if (known.length === 0) return made;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: made });
}

function make(schema: JsonSchema, whole: Whole): Arbitrary {
  const reference = schema['$ref'];
  if (typeof reference === 'string') return make(definitionOf(reference, whole.root), whole);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return fc.oneof(...alternatives.map((each: JsonSchema) => make(each, whole)));
  const parts = schema['allOf'];
  if (Array.isArray(parts)) return make(Object.assign({}, ...parts, { ...schema, allOf: undefined }), whole);
  const types = [schema['type']].flat();
  if (types.length > 1) return fc.oneof(...types.map((type) => make({ ...schema, type }, whole)));
  switch (types[0]) {
    case 'string':
      return texts(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrays(schema, whole);
    case 'object':
      return 'example' in schema
        ? fc.oneof({ weight: 3, arbitrary: fc.constant(schema['example']) }, objects(schema, whole))
        : objects(schema, whole);
    default:
      return fc.jsonValue();
  }
}

function definitionOf(reference: string, root: JsonSchema): JsonSchema {
  const definitions = root['$defs'] as Readonly<Record<string, JsonSchema>> | undefined;
  const found = definitions?.[reference.slice('#/$defs/'.length)];
  if (found === undefined) throw new Error(`${reference} is not in the schema.`);
  return found;
}

const numberOf = (schema: JsonSchema, name: string) => (typeof schema[name] === 'number' ? schema[name] : undefined);

const letters = Array.from('abcdefgxyzABCÑñáéíóúãẽĩõũỹĝʼقهوةβж漢🎉0123456789');

function texts(schema: JsonSchema): Arbitrary {
  const { format, pattern, example } = schema;
  const made = formatted[String(format)];
  if (made !== undefined) return made;
  if (typeof pattern === 'string') {
    const matching = fc.stringMatching(new RegExp(pattern, 'u'), { size: '-1' });
    return typeof example === 'string' ? fc.oneof(fc.constant(example), matching) : matching;
  }
  const minLength = numberOf(schema, 'minLength') ?? 0;
  const maxLength = Math.max(minLength, Math.min(numberOf(schema, 'maxLength') ?? 40, 400));
  const free = fc.string({ minLength, maxLength, unit: fc.constantFrom(...letters), size: 'medium' });
  return typeof example === 'string' ? fc.oneof(fc.constant(example), free) : free;
}

const formatted: Readonly<Record<string, Arbitrary>> = {
  uuid: fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] }),
  'date-time': fc
    .tuple(fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }), fc.boolean())
    .map(([date, hasOffset]) => (hasOffset ? date.toISOString().replace('Z', '+05:45') : date.toISOString())),
  date: fc
    .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  email: fc.stringMatching(/^[a-z0-9]{1,12}@[a-z]{1,8}\.example$/),
  uri: fc.stringMatching(/^https:\/\/[a-z]{1,10}\.example\/[a-z0-9]{0,10}$/),
};

function integers(schema: JsonSchema): Arbitrary {
  const min = numberOf(schema, 'minimum') ?? (numberOf(schema, 'exclusiveMinimum') ?? -1_000_001) + 1;
  const max = numberOf(schema, 'maximum') ?? (numberOf(schema, 'exclusiveMaximum') ?? 1_000_001) - 1;
  const within = fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) });
  return fc.oneof(within, fc.constantFrom(min, max).filter(Number.isSafeInteger));
}

function numbers(schema: JsonSchema): Arbitrary {
  const min = numberOf(schema, 'minimum') ?? numberOf(schema, 'exclusiveMinimum') ?? -1e9;
  const max = numberOf(schema, 'maximum') ?? numberOf(schema, 'exclusiveMaximum') ?? 1e9;
  const { example } = schema;
  const edges = [min, max, ...(typeof example === 'number' ? [example] : [])];
  return fc.oneof(fc.double({ min, max, noNaN: true, noDefaultInfinity: true }), fc.constantFrom(...edges));
}

function arrays(schema: JsonSchema, whole: Whole): Arbitrary {
  const places = schema['prefixItems'];
  if (Array.isArray(places)) return fc.tuple(...places.map((each: JsonSchema) => make(each, whole)));
  const items = (schema['items'] ?? {}) as JsonSchema;
  const minLength = numberOf(schema, 'minItems') ?? 0;
  const maxLength = Math.max(minLength, Math.min(numberOf(schema, 'maxItems') ?? 4, 8));
  const options = { minLength, maxLength };
  return schema['uniqueItems'] === true
    ? fc.uniqueArray(make(items, whole), options)
    : fc.array(make(items, whole), options);
}

function objects(schema: JsonSchema, whole: Whole): Arbitrary {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = (schema['required'] ?? []) as string[];
  const others = schema['additionalProperties'];
  if (properties.length === 0 && typeof others === 'object' && others !== null) {
    const names = make((schema['propertyNames'] ?? { type: 'string' }) as JsonSchema, whole).map(String);
    return fc.dictionary(names, make(others as JsonSchema, whole), { maxKeys: 4 });
  }
  const fields = Object.fromEntries(
    properties.map(([name, field]) => [name, preferring(whole.known[name] ?? [], make(field, whole))]),
  );
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields), noNullPrototype: true });
}

/** Texts that have broken servers before. None is refused by the parser of HTTP once it is encoded. */
const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  '\0',
  'a\0b',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '-0',
  '0x10',
  '1_000',
  '١٢٣',
  '+1',
  ' 1',
  '9007199254740993',
  '99999999999999999999999999',
  '2147483648',
  '-2147483649',
  '1e-320',
  'true',
  'TRUE',
  '[]',
  '{}',
  '[object Object]',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '..',
  '%00',
  '%',
  "'",
  '"',
  "' OR 1=1 --",
  '$1',
  '\\',
  '\\x',
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  '\u{202E}right to left',
  'e\u{301}',
  '\u{FEFF}',
  '\u{FFFF}',
  '🏴‍☠️',
  'ß'.repeat(300),
  'x'.repeat(5_000),
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
  '2016-12-31T23:59:60Z',
  '2026-02-29T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '-90.0000001',
  '180.0000001',
  'es-',
  'x-x',
  'und',
  'en-US-x-' + 'a'.repeat(40),
];

/** Any text at all: the known nasty ones, and ones nobody thought of. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.double().map(String),
  fc.bigInt().map(String),
);

/** Texts that do not stand for a value of the schema; null where every text does. */
export function invalidTexts(schema: JsonSchema): fc.Arbitrary<string> | null {
  const isWrong = (text: string) => faultOf(schema, valueOf(schema, text)) !== null;
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap((name) => {
    const bound = numberOf(schema, name);
    return bound === undefined ? [] : [String(bound - 1), String(bound + 1), String(bound * 2 + 1)];
  });
  const maxLength = numberOf(schema, 'maxLength');
  const long = maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)];
  const wrong = [...hostileTexts, ...bounds, ...long].filter(isWrong);
  if (wrong.length === 0) return null;
  return fc.oneof(fc.constantFrom(...wrong), anyText.filter(isWrong));
}

/** Values of other types, and texts beyond the bounds, that a schema does not allow; null where it allows everything. */
export function invalidValues(schema: JsonSchema): Arbitrary | null {
  const candidates = [null, true, 0, -1, 1.5, 1e308, 'x', '', [], [null], {}, { a: { b: 1 } }, ...hostileTexts];
  const wrong = candidates.filter((value) => faultOf(schema, value) !== null);
  return wrong.length === 0 ? null : fc.constantFrom(...wrong);
}
