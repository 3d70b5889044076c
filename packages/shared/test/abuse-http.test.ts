import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLogger, createMessages, createServer, mountRoutes, route, type PikaServer } from '../src/index.ts';
import { market } from './harness.ts';

const shared = { tags: ['Tests'], summary: 'For tests', access: 'public' } as const;
const responses = { 200: { description: 'What came.', content: { 'application/json': z.unknown() } } };
const anyText = z.string().max(1_000);

const routes = [
  route({
    ...shared,
    method: 'post',
    path: '/notes',
    operationId: 'notes',
    body: z.strictObject({
      text: anyText.optional(),
      number: z.number().optional(),
      nested: z.strictObject({ list: z.array(anyText).max(10) }).optional(),
    }),
    responses,
    handler: ({ body }) => ({ body: { body, polluted: ({} as Record<string, unknown>)['polluted'] ?? null } }),
  }),
  route({
    ...shared,
    method: 'post',
    path: '/small',
    operationId: 'small',
    body: z.strictObject({ text: anyText.optional() }),
    bodyBytesMax: 100,
    responses,
    handler: ({ body }) => ({ body }),
  }),
  route({
    ...shared,
    method: 'get',
    path: '/find/{name}',
    operationId: 'find',
    params: z.strictObject({ name: z.string() }),
    query: z.strictObject({ q: z.string().optional(), latitude: z.number().optional() }),
    responses,
    handler: ({ params, query }) => ({ body: { ...params, ...query } }),
  }),
];

let server: PikaServer;
let port: number;
const statuses = new Set<number>();

beforeAll(async () => {
  server = createServer({
    routers: [mountRoutes(routes)],
    languages: () => market,
    logger: createLogger({ level: 'silent', name: 'test' }),
    messages: createMessages(),
    httpLimits: { headersMs: 400, requestMs: 800, checkEveryMs: 50 },
  });
  ({ port } = await server.listen({ port: 0, host: '127.0.0.1' }));
});
afterAll(() => server.close(0));

interface RawAnswer {
  /** 0 where the connection ended without one. */
  status: number;
  text: string;
}

/** Writes the pieces one after the other, and gives back what came until the connection ended. */
function exchange(pieces: readonly (string | Buffer)[], betweenMs = 0): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    const waiting = [...pieces];
    const write = () => {
      const piece = waiting.shift();
      if (piece === undefined || !socket.writable) return;
      socket.write(piece);
      if (betweenMs > 0) setTimeout(write, betweenMs);
      else write();
    };
    socket.on('connect', write).setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    // Who is cut off while sending sees a reset.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      statuses.add(status);
      resolve({ status, text });
    });
  });
}

const head = (length: number | string, path = '/notes', type = 'application/json') =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

const post = (body: string | Buffer, path?: string) => exchange([head(Buffer.byteLength(body), path), body]);
const get = (path: string) => exchange([`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
const codeOf = ({ text }: RawAnswer) => /"code":"([\w.]+)","requestId/.exec(text)?.[1];

describe('slow and unfinished requests', () => {
  test('a head that comes byte by byte is ended with 408', async () => {
    const dripping = 'GET /find/a HTTP/1.1\r\nHost: x\r\n'.split('');
    const slow = await Promise.all([1, 2, 3, 4, 5].map(() => exchange(dripping, 100)));
    expect(slow.map(({ status }) => status)).toEqual([408, 408, 408, 408, 408]);
  });

  test('a connection that says nothing is ended', async () => {
    expect((await exchange([])).status).toBe(408);
  });

  test('a body that comes byte by byte is ended', async () => {
    const { status } = await exchange([head(1_000), ...'{"text":"slowly'.split('')], 150);
    expect([0, 408]).toContain(status);
  });

  test('less body than announced is ended', async () => {
    const { status } = await exchange([head(500), '{}']);
    expect([0, 408]).toContain(status);
  });
});

describe('wrong frames', () => {
  const chunked = 'POST /notes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n';

  test.each([
    ['two lengths', 'POST /notes HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['a length and chunks', `${chunked}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a length that is none', head('2x')],
    ['a negative length', head('-1')],
    ['a length beyond counting', head('9'.repeat(40))],
    ['an unknown coding', `${chunked}Transfer-Encoding: gzip, chunked, x\r\n\r\n0\r\n\r\n`],
    ['a bare NUL in the path', 'GET /find/\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a NUL in a header', 'GET /find/a HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n'],
    ['no host', 'GET /find/a HTTP/1.1\r\n\r\n'],
    ['another protocol', '\u0016\u0003\u0001\u0002'],
    ['a line that folds', 'GET /find/a HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n'],
  ])('%s: 4xx', async (_name, text) => {
    const { status } = await exchange([text]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test('a chunk size that is none ends the connection', async () => {
    const { status } = await exchange([`${chunked}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`]);
    expect([0, 400]).toContain(status);
  });

  test('chunk extensions without end are refused', async () => {
    const { status } = await exchange([
      `${chunked}Transfer-Encoding: chunked\r\n\r\n2;${'a'.repeat(50_000)}\r\n{}\r\n0\r\n\r\n`,
    ]);
    expect([0, 413]).toContain(status);
  });

  test('headers of 20 KB, or 20,000 small ones, are refused', async () => {
    expect((await exchange([`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`])).status).toBe(431);
    expect((await exchange([`GET / HTTP/1.1\r\nHost: x\r\n${'a:b\r\n'.repeat(20_000)}\r\n`])).status).toBe(431);
  });

  test('a request smuggled behind a body is one of its own, or none', async () => {
    const { text } = await exchange([`${head(2)}{}GET /find/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`]);
    expect(text).not.toContain('smuggled');
  });
});

describe('bodies', () => {
  test('are read up to 100,000 bytes, or as the route says', async () => {
    const filled = (size: number) => JSON.stringify({ text: '' }).replace('""', `"${'a'.repeat(size - 11)}"`);
    expect((await post(filled(100_000))).status).toBe(400);
    expect(codeOf(await post(filled(100_001)))).toBe('request.tooLarge');
    expect((await post(filled(100), '/small')).status).toBe(200);
    expect((await post(filled(101), '/small')).status).toBe(413);
  });

  test('of 50 MB are refused before they came, with a length and in chunks', async () => {
    const megabyte = Buffer.alloc(1 << 20, 97);
    const announced = await exchange([head(50 << 20), ...Array.from({ length: 50 }, () => megabyte)]);
    expect([0, 413]).toContain(announced.status);
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]);
    const inChunks = await exchange([
      'POST /notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
      ...Array.from({ length: 50 }, () => chunk),
    ]);
    expect([0, 413]).toContain(inChunks.status);
  });

  test.each(['gzip', 'deflate', 'br', 'x-unknown'])('packed with %s are refused with 415', async (coding) => {
    const bomb = gzipSync(Buffer.alloc(20 << 20, 32));
    const packed = `${head(bomb.length).trimEnd()}\r\nContent-Encoding: ${coding}\r\n\r\n`;
    expect((await exchange([packed, bomb])).status).toBe(415);
  });

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('nested 15,000 deep in %s are refused', async (_name, open, close) => {
    const deep = open.repeat(15_000) + (open === '[' ? '' : '1') + close.repeat(15_000);
    expect(codeOf(await post(`{"text":${deep}}`))).toBe('request.malformed');
    expect(codeOf(await post(open.repeat(15_000)))).toBe('request.malformed');
  });

  test.each([
    '{"number":NaN}',
    '{"number":Infinity}',
    '{"number":0x10}',
    "{'text':1}",
    '{"text":1,}',
    '[]',
    '1',
    '"a"',
    'null',
  ])('%s is no JSON object', async (body) => {
    expect(codeOf(await post(body))).toBe('request.malformed');
  });

  test('a number too large to be one is refused', async () => {
    expect(codeOf(await post('{"number":1e400}'))).toBe('request.invalid');
  });

  test('that are not UTF-8 are refused', async () => {
    expect(codeOf(await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])))).toBe('request.malformed');
  });

  test.each([
    ['{"text":"a\\u0000b"}', 'text'],
    ['{"text":"\\ud800"}', 'text'],
    ['{"text":"\\udc00\\ud800"}', 'text'],
    ['{"nested":{"list":["ok","\\u0000"]}}', 'nested.list.1'],
  ])('%s is refused, with %s named', async (body, field) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`"field":"${field}","code":"unstorable"`);
  });

  test('whole surrogate pairs pass', async () => {
    expect((await post('{"text":"\\ud83d\\ude00"}')).status).toBe(200);
  });

  test.each(['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"toString":1}'])(
    '%s is an unknown field, and nothing else',
    async (body) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('"code":"unknown"');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  test('of a name given twice the last one counts, for everybody who looks', async () => {
    const { text } = await post('{"text":"first","text":"last"}');
    expect(text).toContain('"body":{"text":"last"}');
    expect(codeOf(await post('{"text":"fine","text":1}'))).toBe('request.invalid');
  });

  test('of nothing but mistakes are answered with 50 of them', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 8_000 }, (_, number) => [`k${number}`, 1]));
    const wrong = { nested: { list: Array.from({ length: 20_000 }, () => 1) } };
    for (const body of [unknown, wrong]) {
      const { status, text } = await post(JSON.stringify(body));
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(20_000);
      expect(text.match(/"field":/g)?.length).toBeLessThanOrEqual(50);
    }
    const { status, text } = await get(
      `/find/a?${Array.from({ length: 1_800 }, (_, number) => `k${number}`).join('&')}`,
    );
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(20_000);
  });
});

describe('paths and queries', () => {
  test.each([
    ['/find/a%00b', 'name'],
    ['/find/a?q=%00', 'q'],
    ['/find/a?q=a%00b%00', 'q'],
  ])('%s is refused, with %s named', async (path, field) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`"field":"${field}","code":"unstorable"`);
  });

  test.each(['/find/%ED%A0%80', '/find/a?q=%ED%A0%80', '/find/%FF', '/find/a?q=%', '/find/a?q=%C0%80'])(
    '%s is no text',
    async (path) => {
      expect(codeOf(await get(path))).toBe('request.malformed');
    },
  );

  test('are decoded once', async () => {
    const { status, text } = await get('/find/%2541?q=%2527%2500');
    expect(status).toBe(200);
    expect(text).toContain('{"name":"%41","q":"%27%00"}');
  });

  test.each(['NaN', 'Infinity', '1e999', '%D9%A1', '0x1'])('latitude=%s is no number', async (latitude) => {
    expect(codeOf(await get(`/find/a?latitude=${latitude}`))).toBe('request.invalid');
  });

  test.each(['/find/..%2f..%2fetc%2fpasswd', '//evil.example', '/find/a?__proto__=1', '/%2e%2e/', '/find/%E2%80%AE'])(
    '%s harms nobody',
    async (path) => {
      expect((await get(path)).status).toBeLessThan(500);
    },
  );
});

describe('all of it together', () => {
  test('no 5xx, and the event loop is never held up', async () => {
    const requests = [
      () => post(`{"text":${'['.repeat(40_000)}`),
      () => post(JSON.stringify({ nested: { list: Array.from({ length: 20_000 }, () => 1) } })),
      () => post(JSON.stringify(Object.fromEntries(Array.from({ length: 8_000 }, (_, number) => [`k${number}`, 1])))),
      () => post(`{"text":"${'\\u0000'.repeat(15_000)}"}`),
      () => get(`/find/a?${'q=1&'.repeat(3_500)}`),
      () => get(`/find/${'%00'.repeat(4_000)}`),
    ];
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const worst: number[] = [];
    for (let round = 0; round < 10; round++) {
      delay.reset();
      await Promise.all(requests.map((send) => send()));
      worst.push(delay.max / 1e6);
    }
    delay.disable();
    expect((await get('/find/still-here')).status).toBe(200);
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    // What a request does it does in each round; what a busy machine does, in some.
    const held = Math.min(...worst);
    console.log(`[abuse] event loop held up for ${held.toFixed(1)} to ${Math.max(...worst).toFixed(1)} ms`);
    expect(held).toBeLessThan(100);
  });
});
