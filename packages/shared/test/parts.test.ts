import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  buildOpenApi,
  ConfigError,
  createLogger,
  createMessages,
  numberParameter,
  booleanParameter,
  openCursor,
  readConfig,
  readNumber,
  route,
  sealCursor,
  sharedProblems,
  textParameter,
} from '../src/index.ts';
import { getVoucher, problems, voucherRoutes } from './harness.ts';

function build(routes = voucherRoutes) {
  return buildOpenApi({ title: 'Pika', version: '1', description: 'Test', servers: [{ url: '/' }], routes, problems });
}

function placeholders(text = ''): (string | undefined)[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).toSorted();
}

describe('cursor', () => {
  test('opens to what was sealed, and is deterministic', () => {
    const property = fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.string({ minLength: 1 }),
      (payload, secret) => {
        const text = sealCursor(payload, secret);
        expect(text).toMatch(/^[\w-]+$/);
        expect(text).toBe(sealCursor(payload, secret));
        expect(openCursor(text, secret)).toEqual(JSON.parse(JSON.stringify(payload)));
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  test('any change, another secret, or anything else opens to null', () => {
    const text = sealCursor({ distanceMeters: 12.345, id: 'a' }, 'secret');
    for (let position = 0; position < text.length; position++) {
      const other = text[position] === 'A' ? 'B' : 'A';
      expect(openCursor(text.slice(0, position) + other + text.slice(position + 1), 'secret')).toBeNull();
    }
    for (const wrong of ['', 'A', `${text}=`, `${text}A`, ` ${text}`, text.slice(0, -1), 'x'.repeat(10_000)]) {
      expect(openCursor(wrong, 'secret')).toBeNull();
    }
    expect(openCursor(text, 'other')).toBeNull();
  });
});

describe('readConfig', () => {
  const schema = z.strictObject({
    PORT: numberParameter({ min: 1, max: 65_535, integer: true }).default(3000),
    DATABASE_URL: z.string().min(1).meta({ description: 'address of PostgreSQL' }),
    TRUST: booleanParameter().optional(),
    LOG_LEVEL: z.enum(['info', 'debug']).default('info'),
    CURSOR_SECRET: z.string().min(32),
  });

  test('reads types, defaults, and takes an empty value as absent', () => {
    const secret = 's'.repeat(32);
    const config = readConfig(schema, {
      DATABASE_URL: 'x',
      PORT: '',
      TRUST: 'true',
      CURSOR_SECRET: secret,
      OTHER: '1',
    });
    expect(config).toEqual({ PORT: 3000, DATABASE_URL: 'x', TRUST: true, LOG_LEVEL: 'info', CURSOR_SECRET: secret });
  });

  test('has one zero', () => {
    expect(readConfig(z.strictObject({ OFFSET: numberParameter() }), { OFFSET: '-0' }).OFFSET).toBe(0);
  });

  test('names all bad keys together and repeats no value', () => {
    const env = { PORT: '99999', DATABASE_URL: ' ', TRUST: 'hunter2', LOG_LEVEL: 'loud', CURSOR_SECRET: 'hunter2' };
    const read = () => readConfig(schema, env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      [
        'The configuration is not valid:',
        '  PORT: Must be 65535 or less.',
        '  DATABASE_URL: This value is required. (address of PostgreSQL)',
        '  TRUST: Must be true or false.',
        '  LOG_LEVEL: Must be one of: info, debug.',
        '  CURSOR_SECRET: Minimum length: 32.',
      ].join('\n'),
    );
    expect(read).not.toThrow(/hunter2|loud|99999/);
  });
});

describe('logger', () => {
  test('replaces secrets', () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'info', name: 'test', destination: { write: (line) => void lines.push(line) } });
    log.info({ password: 'hunter2', headers: { authorization: 'hunter2' }, user: { name: 'Ana' } }, 'login');
    log.debug('not told at this level');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('hunter2');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'test', msg: 'login', user: { name: 'Ana' } });
  });
});

describe('readNumber', () => {
  test.each([
    ['-25.2867', -25.2867],
    ['1e-7', 1e-7],
    ['2E3', 2000],
    ['-0', 0],
    ['007', 7],
  ])('%s', (text, number) => {
    expect(readNumber(text)).toBe(number);
  });

  test.each(['', ' 1', '1 ', '+1', '1_000', '1,5', '.5', '5.', '0x10', '١', '１', '1e400', 'NaN', 'Infinity'])(
    '%j is none',
    (text) => {
      expect(readNumber(text)).toBeNull();
    },
  );
});

describe('textParameter', () => {
  test.each(['a\0b', '\ud800', 'a\udc00'])('refuses %j', (text) => {
    expect(textParameter({ max: 9 }).safeParse(text).success).toBe(false);
  });

  test('takes any other text, pairs of surrogates included', () => {
    expect(textParameter({ max: 9 }).parse(' ñ😀 ')).toBe('ñ😀');
  });
});

describe('locales', () => {
  const locales = ['en', 'es', 'gn', 'ar'].map((code) => {
    const text = readFileSync(new URL(`../src/locales/${code}.json`, import.meta.url), 'utf8');
    const texts: Record<string, string> = JSON.parse(text);
    return [code, texts] as const;
  });
  const english = locales[0]?.[1] ?? {};

  test.each(locales)('%s has every message with the same placeholders', (_code, texts) => {
    expect(Object.keys(texts)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(texts)) expect(placeholders(text)).toEqual(placeholders(english[key]));
  });

  test('every shared problem has a title and a detail', () => {
    for (const code of Object.keys(sharedProblems)) {
      expect(english).toHaveProperty([`${code}.title`]);
      expect(english).toHaveProperty([`${code}.detail`]);
    }
  });

  test('gn falls back to es and then en; a text that no language has is undefined', () => {
    const messages = createMessages({ en: { both: 'en', only: 'en' }, es: { both: 'es' }, gn: {} });
    expect(messages.text('gn', 'both')).toBe('es');
    expect(messages.text('gn', 'only')).toBe('en');
    expect(messages.text('ar', 'both')).toBe('en');
    expect(messages.text('gn', 'none')).toBeUndefined();
  });

  test('a format or an empty list picks a text of its own where there is one', () => {
    const messages = createMessages({ en: { say: 'plain {{format}}{{known}}', say_uuid: 'a UUID', say_none: 'none' } });
    expect(messages.text('en', 'say', { format: 'uuid' })).toBe('a UUID');
    expect(messages.text('en', 'say', { format: '^x$', known: ['a'] })).toBe('plain ^x$a');
    expect(messages.text('en', 'say', { known: [] })).toBe('none');
    expect(messages.text('en', 'say', { known: ['a', 'b'], format: '' })).toBe('plain a, b');
  });

  test('a value cannot smuggle in another placeholder', () => {
    const messages = createMessages({ en: { say: '{{value}}', other: 'secret' } });
    expect(messages.text('en', 'say', { value: '{{requestId}} $t(other)' })).toBe('{{requestId}} $t(other)');
  });
});

describe('buildOpenApi', () => {
  type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any

  test('documents parameters with types, bounds, defaults, descriptions and examples', () => {
    const document: Json = build();
    const parameters: Json[] = document['paths']['/v1/vouchers/search'].get.parameters;
    const named = (name: string) => parameters.find((parameter) => parameter['name'] === name);
    expect(named('latitude')).toMatchObject({
      in: 'query',
      description: 'Degrees north.',
      schema: { type: 'number', minimum: -90, maximum: 90, example: -25.28 },
    });
    expect(named('latitude')?.['required']).toBeUndefined();
    expect(named('limit')?.['schema']).toMatchObject({ type: 'integer', default: 20, minimum: 1, maximum: 100 });
    expect(named('openNow')?.['schema']).toEqual({ type: 'boolean', default: false });
    expect(named('sort')?.['schema']).toMatchObject({ enum: ['distance', 'newest'] });
    expect(named('openAt')?.['schema']).toMatchObject({ type: 'string', format: 'date-time' });
    expect(named('language')?.['description']).toContain('BCP 47');
    const id = document['paths']['/v1/vouchers/{id}'].get.parameters[0];
    expect(id).toMatchObject({ in: 'path', name: 'id', required: true });
  });

  test('documents answers, problems and headers', () => {
    const { paths, components, openapi }: Json = build();
    expect(openapi).toBe('3.1.0');
    const { responses } = paths['/v1/vouchers/{id}'].get;
    expect(Object.keys(responses).toSorted()).toEqual([
      '200',
      '304',
      '400',
      '401',
      '404',
      '405',
      '406',
      '429',
      '500',
      '503',
    ]);
    expect(Object.keys(responses[200].content)).toEqual(['application/json', 'application/geo+json']);
    expect(Object.keys(responses[200].headers)).toEqual(
      expect.arrayContaining(['Content-Language', 'ETag', 'Vary', 'X-Request-Id', 'X-Served-By']),
    );
    expect(responses[404].description).toBe('Not Found: `voucher.notFound`, `route.notFound`.');
    expect(responses[404].content['application/problem+json'].schema.$ref).toBe('#/components/schemas/Problem');
    expect(responses[503].headers).toHaveProperty('Retry-After');
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['FieldError', 'Problem', 'Voucher']));
    expect(paths['/v1/vouchers/{id}'].delete.responses[204].content).toBeUndefined();
  });

  test('every reference leads somewhere and every path parameter is declared', () => {
    const document: Json = build();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      expect(reference.split('/').reduce((node: Json | undefined, key) => node?.[key], document)).toBeDefined();
    }
    for (const [path, item] of Object.entries<Json>(document['paths'])) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values<Json>(item)) {
        const declared = operation['parameters'].filter((parameter: Json) => parameter['in'] === 'path');
        expect(declared.map((parameter: Json) => parameter['name'])).toEqual(names);
      }
    }
  });

  test('refuses unknown problems, repeated operations and schemas that let unknown parameters pass', () => {
    expect(() => build([{ ...getVoucher, problems: ['no.such'] }])).toThrow('no.such');
    expect(() => build([getVoucher, { ...getVoucher, path: '/other/{id}' }])).toThrow('getVoucher');
    expect(() => route({ ...getVoucher, query: z.object({}) })).toThrow('strictObject');
  });
});
