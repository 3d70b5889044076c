import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { mountRoutes, route } from '../src/index.ts';
import { jsonFaultAt } from '../src/json-fault.ts';
import { problemIn, startServer } from './harness.ts';

const routes = mountRoutes([
  route({
    method: 'post',
    path: '/notes',
    operationId: 'notes',
    tags: ['Tests'],
    summary: 'For tests',
    access: 'public',
    body: z.strictObject({ email: z.string().optional() }),
    query: z.strictObject({ q: z.string().optional() }),
    responses: { 200: { description: 'Done.', content: { 'application/json': z.looseObject({}) } } },
    handler: ({ body }) => ({ body }),
  }),
]);

async function post(body: BodyInit, headers: Record<string, string> = {}, address = '/notes') {
  const { port } = await startServer({ routers: [routes] });
  return fetch(`http://127.0.0.1:${port}${address}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en', ...headers },
    body,
  });
}

const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('400 request.malformed', () => {
  test.each([
    ['{"email":', 'The body is JSON that ends too early.'],
    ['{"email":"ñ😀" "x"}', 'The body is not JSON from character 15 on.'],
    ["{'email':1}", 'The body is not JSON from character 2 on.'],
    ['[]', 'The body must be a JSON object, such as {}.'],
    ['null', 'The body must be a JSON object, such as {}.'],
    ['"x"', 'The body must be a JSON object, such as {}.'],
    [nested(17), 'The body nests deeper than 16 levels.'],
    [new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'The body must be in UTF-8.'],
  ])('%s: %s', async (body, detail) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await problemIn(response)).toMatchObject({ code: 'request.malformed', detail });
  });

  test.each(['es', 'gn', 'ar'])('says so in %s', async (language) => {
    const response = await post('{"email":x}', { 'Accept-Language': language });
    expect(response.headers.get('content-language')).toBe(language);
    expect((await problemIn(response)).detail).toMatch(/JSON.*10/);
  });
});

describe('415', () => {
  test('tells who packs the body that it is taken as it is', async () => {
    const response = await post(gzipSync('{"email":"a"}'), { 'Content-Encoding': 'gzip' });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('identity');
    expect(await problemIn(response)).toMatchObject({
      code: 'request.unsupportedMediaType',
      detail: 'Send the content as it is, without Content-Encoding: nothing packed is taken.',
    });
  });

  test('tells who sends another type which one to send', async () => {
    const response = await post('email=a', { 'Content-Type': 'text/plain' });
    expect(response.headers.get('accept-encoding')).toBeNull();
    expect((await problemIn(response)).detail).toBe('Send the content as application/json.');
  });
});

describe('the name of an unknown field', () => {
  test.each([
    ['half of a pair', '\\udc00', '\u{FFFD}'],
    ['half of a pair within', 'a\\ud800b', 'a\u{FFFD}b'],
    ['a NUL', 'a\\u0000', 'a\u{FFFD}'],
    ['a whole pair', '\\ud83d\\ude00', '😀'],
    ['5,000 letters', 'x'.repeat(5_000), `${'x'.repeat(100)}…`],
    ['a pair at the cut', `${'x'.repeat(99)}😀`, `${'x'.repeat(99)}…`],
  ])('with %s is told well-formed and cut', async (_what, name, told) => {
    const text = await (await post(`{"${name}":1}`)).text();
    expect(text).not.toMatch(/\\u(?:d[89a-f]|0000)/i);
    const problem: { errors: { field: string }[] } = JSON.parse(text);
    expect(problem.errors.map(({ field }) => field)).toEqual([told]);
  });

  test('is cut in the query too', async () => {
    const response = await post('{}', {}, `/notes?${'y'.repeat(500)}=1`);
    expect((await problemIn(response)).errors).toMatchObject([{ field: `${'y'.repeat(100)}…`, code: 'unknown' }]);
  });
});

describe('where a text stops being JSON', () => {
  test.each([
    ['{"a":1,}', 8],
    ['[1,]', 4],
    ['{,}', 2],
    ['{"a" 1}', 6],
    ['{"a":01}', 6],
    ['{"a":NaN}', 6],
    ['{"a":truex}', 6],
    ['[1}', 3],
    ['{"a":1]', 7],
    ['{} {}', 4],
    ['{"a":"\\x"}', 6],
    ['{1:2}', 2],
    ['', null],
    ['[1', null],
    ['{"a"', null],
    ['{"a":1,', null],
  ])('%s: %s', (text, at) => {
    expect(jsonFaultAt(text)).toBe(at);
  });

  test('is nowhere in what Node takes', () => {
    const texts = fc.tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'));
    fc.assert(fc.property(texts, ([value, space]) => jsonFaultAt(JSON.stringify(value, null, space)) === null));
  });

  test('is in the text, and only where Node refuses it', () => {
    const changed = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'x', '0'));
    fc.assert(
      fc.property(changed, ([json, place, sign]) => {
        const at = place % (json.length + 1);
        const text = json.slice(0, at) + sign + json.slice(at);
        const fault = jsonFaultAt(text);
        try {
          JSON.parse(text);
          return fault === null;
        } catch {
          return fault === null || fault <= Array.from(text).length;
        }
      }),
    );
  });
});
