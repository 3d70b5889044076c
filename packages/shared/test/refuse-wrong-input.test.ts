import { Router } from 'express';
import { describe, expect, test } from 'vitest';
import { market, problemIn, sendRaw, startServer, type ProblemBody } from './harness.ts';

const allWrong =
  '/v1/vouchers/search?latitude=91&limit=1.5&openNow=1&sort=nearest&business=12&category=no-such&q=%00' +
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
    ['en', 'q=%00', 'Holds a character that no text can have, such as NUL.'],
    ['es', 'business=12', 'Debe ser un UUID, como 01941f29-7c00-742e-8d2f-6d010638d381.'],
    ['gn', 'language=es_PY', 'Ha’eva’erã peteĩ ñe’ẽ etiqueta (BCP 47), péicha: es térã es-PY.'],
    [
      'ar',
      'category=A',
      'يجب أن تتكون القيمة من حروف لاتينية صغيرة (a–z) وأرقام، مع شرطة بين الكلمات، مثل food-and-drink.',
    ],
  ])('tells a format in the words of %s: %s', async (language, query, message) => {
    const { get } = await startServer();
    const response = await get(`/v1/vouchers/search?${query}`, { 'Accept-Language': language });
    expect((await problemIn(response)).errors).toMatchObject([{ code: 'invalidFormat', message }]);
    expect(response.headers.get('content-language')).toBe(language);
  });

  test.each(['2026-01-01T10:00:00', '2026-01-01T10:00Z', '+275760-09-13T00:00:00Z', '2026-02-30T10:00:00Z'])(
    'says all that is expected of a date for %s',
    async (openAt) => {
      const { get } = await startServer();
      const response = await get(`/v1/vouchers/search?openAt=${encodeURIComponent(openAt)}&language=en`);
      const [error] = (await problemIn(response)).errors ?? [];
      expect(error).toMatchObject({ field: 'openAt', code: 'notADate' });
      for (const part of ['that exists', 'a year of four digits', 'seconds', 'offset', '2026-01-31T15:30:00-03:00']) {
        expect(error?.message).toContain(part);
      }
    },
  );

  test.each([
    ['en', 'This parameter does not exist; nothing can be given here.'],
    ['es', 'Este parámetro no existe; aquí no se puede indicar ninguno.'],
    ['gn', 'Ndaipóri ko parámetro; ko’ápe ndaikatúi oñemoĩ mba’eve.'],
    ['ar', 'هذه المَعلَمة غير موجودة، ولا يمكن تحديد أي مَعلَمة هنا.'],
  ])('says in %s that no parameter is known', async (language, message) => {
    const { get } = await startServer();
    const response = await get('/v1/vouchers/a?verbose=1', { 'Accept-Language': language });
    expect((await problemIn(response)).errors).toMatchObject([{ code: 'unknown', known: [], message }]);
  });

  test.each(['limit=1e300', 'limit=9007199254740993'])('names the limit of the parameter for %s', async (query) => {
    const { get } = await startServer();
    const { errors } = await problemIn(await get(`/v1/vouchers/search?${query}`));
    expect(errors).toMatchObject([{ field: 'limit', code: 'tooBig', maximum: 100 }]);
  });

  test.each([
    ['/v1/vouchers/search?limit=0', 'fr', 'es'],
    ['/v1/vouchers/search?limit=0', 'fr-FR, en;q=0.5', 'en'],
    ['/v1/vouchers/search?limit=0&language=fr', 'ar', 'ar'],
    ['/v1/vouchers/search?limit=0&language=fr', '', 'es'],
  ])('%s with “%s” is told in %s, because no message exists in French', async (path, acceptLanguage, told) => {
    const languages = [...market.languages, { code: 'fr', fallbackCode: null }];
    const { get } = await startServer({ languages: () => ({ ...market, languages }) });
    const response = await get(path, { 'Accept-Language': acceptLanguage });
    expect(response.headers.get('content-language')).toBe(told);
    const titles = { es: 'La solicitud no es válida', en: 'The request is not valid', ar: 'الطلب غير صالح' };
    expect(await problemIn(response)).toMatchObject({
      title: titles[told as keyof typeof titles],
      errors: [{ field: 'limit' }],
    });
  });

  test.each(['und', 'UND', 'und-PY'])('nobody can ask for the language %s', async (language) => {
    const languages = [...market.languages, { code: 'und', fallbackCode: null }];
    const { get } = await startServer({ languages: () => ({ ...market, languages }) });
    const { errors } = await problemIn(await get(`/v1/vouchers/search?language=${language}`));
    expect(errors).toMatchObject([{ code: 'unknownLanguage', known: ['es', 'en', 'gn'] }]);
    const answer = await get('/v1/vouchers/search', { 'Accept-Language': `${language}, gn;q=0.5` });
    expect(answer.headers.get('content-language')).toBe('gn');
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

describe('what the parser of HTTP refuses', () => {
  test.each([
    ['GET /v1/vouchers/search?q=ñandutí HTTP/1.1\r\nHost: x\r\nAccept-Language: gn', 'gn', '/v1/vouchers/search'],
    ['GET /v1/vouchers/a?language=en&q=á HTTP/1.1\r\nHost: x\r\naccept-language: ar', 'en', '/v1/vouchers/a'],
    ['GET /v1/vouchers/a b HTTP/1.1\r\nHost: x', 'es', '/v1/vouchers/a'],
    ['get /v1/vouchers/a HTTP/1.1\r\nHost: x', 'es', '/v1/vouchers/a'],
    ['GET /v1/vouchers/a HTTP/1.1\r\nHost', 'es', '/v1/vouchers/a'],
    ['hello', 'es', '/'],
  ])('%j is a problem all the same', async (head, language, instance) => {
    const { port, logs } = await startServer();
    const [answer = '', body = ''] = (await sendRaw(port, `${head}\r\n\r\n`)).split('\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('\r\nContent-Type: application/problem+json\r\n');
    expect(answer).toContain(`\r\nContent-Language: ${language}\r\n`);
    const problem: ProblemBody = JSON.parse(body);
    expect(problem).toMatchObject({ status: 400, code: 'request.malformed', instance });
    expect(answer).toContain(`\r\nX-Request-Id: ${problem.requestId}\r\n`);
    expect(logs).toMatchObject([{ requestId: problem.requestId, status: 400, route: null }]);
  });

  test('431 says how long the headers may be', async () => {
    const { port } = await startServer();
    const raw = await sendRaw(port, `GET /v1/vouchers/a HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 431 /);
    expect(raw).toContain('"code":"request.headersTooLarge"');
  });

  test('408 says that the rest did not come', async () => {
    const { port, server } = await startServer();
    const timedOut = Object.assign(new Error('timed out'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.http.once('connection', (socket) => setTimeout(() => server.http.emit('clientError', timedOut, socket), 50));
    const raw = await sendRaw(port, 'GET /v1/vou');
    expect(raw).toMatch(/^HTTP\/1\.1 408 /);
    expect(raw).toContain('"code":"request.timeout"');
  });

  test('never writes into an answer that is under way', async () => {
    const extra = Router().get('/half', (_request, response) => void response.write('half'));
    const { port } = await startServer({}, extra);
    const raw = await sendRaw(port, 'GET /half HTTP/1.1\r\nHost: x\r\n\r\nhello\r\n\r\n');
    expect(raw).not.toContain('request.malformed');
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
