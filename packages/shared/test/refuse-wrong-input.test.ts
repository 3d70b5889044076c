import { describe, expect, test } from 'vitest';
import { problemIn, sendRaw, startServer } from './harness.ts';

const allWrong =
  '/v1/vouchers/search?latitude=91&limit=0.5&openNow=1&sort=nearest&business=12&category=no-such&q=%00' +
  '&openAt=2026-02-30T10:00:00Z&language=fr&radius=3&radius=4&__proto__=1&constructor=2';

const everyField = [
  'radius:repeated',
  'latitude:tooBig',
  'limit:notAnInteger',
  'openNow:notABoolean',
  'sort:notOneOf',
  'business:invalidFormat',
  'q:invalidFormat',
  'openAt:notADate',
  '__proto__:unknown',
  'constructor:unknown',
  'language:unknownLanguage',
  'longitude:bothOrNone',
  'category:notOneOf',
];

describe('400 request.invalid', () => {
  test.each([
    ['en', 'The request is not valid', 'en'],
    ['es-PY', 'La solicitud no es válida', 'es'],
    ['gn', 'Pe mba’ejerure ndoikói', 'gn, es'],
    ['ar', 'الطلب غير صالح', 'ar, en'],
  ])('names every wrong field at once in %s', async (language, title, contentLanguage) => {
    const { get } = await startServer();
    const response = await get(allWrong, { 'Accept-Language': language });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-language')).toBe(contentLanguage);
    const problem = await problemIn(response);
    expect(problem.title).toBe(title);
    expect(problem.errors?.map(({ field, code }) => `${field}:${code}`)).toEqual(everyField);
    expect(problem.errors?.every(({ message }) => message.length > 5 && !message.includes('{{'))).toBe(true);
    expect(problem.instance).toBe('/v1/vouchers/search');
  });

  test('states what was expected, in words and as values', async () => {
    const { get } = await startServer();
    const response = await get(allWrong, { 'Accept-Language': 'en' });
    const { errors = [] } = await problemIn(response);
    const byField = Object.fromEntries(errors.map((error) => [error.field, error]));
    expect(byField['latitude']).toMatchObject({ maximum: 90, message: 'Must be 90 or less.' });
    expect(byField['sort']).toMatchObject({
      options: ['distance', 'newest'],
      message: 'Must be one of: distance, newest.',
    });
    expect(byField['constructor']).toMatchObject({ known: expect.arrayContaining(['latitude', 'language']) });
    expect(byField['language']).toMatchObject({ known: ['es', 'en', 'gn'] });
    expect(byField['longitude']).toMatchObject({ message: 'Give latitude and longitude, or neither.' });
  });

  test('an explicit language decides the language of the refusal', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/search?language=en&limit=0', { 'Accept-Language': 'es' });
    expect((await problemIn(response)).errors?.[0]?.message).toBe('Must be 1 or more.');
  });

  test.each([
    'latitude=',
    'latitude=%20',
    'latitude=NaN',
    'latitude=Infinity',
    'latitude=-Infinity',
    'latitude=0x10',
    'latitude=1e400',
    'latitude=1e999',
    'latitude=.5',
    'latitude=5.',
    'latitude=+5',
    'latitude=1,5',
    'latitude=١',
    'latitude=1_0',
    'latitude=true',
    `latitude=${'9'.repeat(400)}`,
  ])('%s is not a number', async (query) => {
    const { get } = await startServer();
    const { errors } = await problemIn(await get(`/v1/vouchers/search?longitude=1&${query}`));
    expect(errors).toMatchObject([{ field: 'latitude', code: 'notANumber' }]);
  });

  test.each([
    ['limit=1e300', 'limit', 'tooBig'],
    ['limit=0', 'limit', 'tooSmall'],
    ['openNow=', 'openNow', 'notABoolean'],
    ['openNow=TRUE', 'openNow', 'notABoolean'],
    ['q=', 'q', 'tooShort'],
    ['q=%20%20', 'q', 'tooShort'],
    ['q=123456789012345678901', 'q', 'tooLong'],
    ['business=0190f5c2-7a1b-7c3d-8e4f-5a6b7c8d9e0f%00', 'business', 'invalidFormat'],
    ['category=Food', 'category', 'invalidFormat'],
    ['category=a%00', 'category', 'invalidFormat'],
    ['openAt=2026-01-01', 'openAt', 'notADate'],
    ['openAt=2026-01-01T10:00:00', 'openAt', 'notADate'],
    ['openAt=2026-01-01T10:00Z', 'openAt', 'notADate'],
    ['openAt=2026-01-01T10:00:00+03:00', 'openAt', 'notADate'],
    ['language=', 'language', 'invalidFormat'],
    ['language=es_PY', 'language', 'invalidFormat'],
    ['language=es%00', 'language', 'invalidFormat'],
    ['language=fr', 'language', 'unknownLanguage'],
    ['=1', '', 'unknown'],
    ['toString=1', 'toString', 'unknown'],
    ['limit=5&limit=x', 'limit', 'repeated'],
    ['latitude=1&latitude=2&longitude=1', 'latitude', 'repeated'],
    ['%6Cimit=0', 'limit', 'tooSmall'],
  ])('%s is refused as %s %s', async (query, field, code) => {
    const { get } = await startServer();
    const response = await get(`/v1/vouchers/search?${query}`);
    expect(response.status).toBe(400);
    expect((await problemIn(response)).errors).toMatchObject([{ field, code }]);
  });

  test('wrong path parameters and unknown query parameters are told together', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/NOT%20A%20SLUG?verbose=1');
    expect((await problemIn(response)).errors).toMatchObject([
      { field: 'id', code: 'invalidFormat', format: 'slug' },
      { field: 'verbose', code: 'unknown', known: [] },
    ]);
  });

  test('the look-up is not asked while everything is right', async () => {
    const { get } = await startServer();
    expect((await get('/v1/vouchers/search?category=no-such')).status).toBe(200);
  });
});

describe('400 request.malformed', () => {
  test.each([
    '/v1/vouchers/search?q=%',
    '/v1/vouchers/search?q=%zz',
    '/v1/vouchers/search?%ff=1',
    '/v1/vouchers/search?q=%ED%A0%80',
    '/v1/vouchers/search?language=%E0',
    '/v1/vouchers/%',
    '/v1/vouchers/%C0%80',
  ])('%s', async (path) => {
    const { port } = await startServer();
    const raw = await sendRaw(
      port,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nConnection: close\r\n\r\n`,
    );
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    expect(raw).toContain('"code":"request.malformed"');
    expect(raw).toContain('\r\nContent-Language: en\r\n');
  });
});

describe('whatever is sent', () => {
  test.each([
    'GET * HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET http://other/v1/vouchers/a?x=1 HTTP/1.1',
    'GET /?? HTTP/1.1',
    'GET /#? HTTP/1.1',
  ])('%s is never our failure', async (line) => {
    const { port } = await startServer();
    const raw = await sendRaw(port, `${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 (2|4)\d\d /);
  });

  test('a 10 KB Accept-Language and Accept are read', async () => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/a', {
      'Accept-Language': 'es,'.repeat(1600),
      Accept: '*/*,'.repeat(1200),
    });
    expect(response.status).toBe(200);
  });
});
