import { request, type IncomingMessage } from 'node:http';
import { mountRoutes, route } from '../src/index.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startServer, type RunningServer } from './harness.ts';

const partsMax = 20_000;
const part = `${'x'.repeat(4_999)}\n`;

let made = 0;
let isOver = false;

async function* parts(failsAfter: number): AsyncGenerator<string> {
  made = 0;
  isOver = false;
  try {
    for (; made < partsMax; made += 1) {
      if (made === failsAfter) throw new Error('the database is gone');
      yield part;
      // A page that is read takes a turn of the loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    isOver = true;
  }
}

const streamed = route({
  method: 'get',
  path: '/export',
  operationId: 'export',
  tags: ['Tests'],
  summary: 'For tests',
  access: 'public',
  query: z.strictObject({ failsAfter: z.string().optional() }),
  responses: { 200: { description: 'Lines.', content: { 'text/csv': z.string() } } },
  handler: ({ query }) => ({ stream: parts(Number(query.failsAfter ?? -1)), cacheControl: 'no-store' }),
});

const open = () => startServer({}, mountRoutes([streamed]));

function ask({ port }: RunningServer, path = '/export', method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, method }, resolve).on('error', reject).end();
  });
}

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setImmediate(resolve));
}

afterEach(() => {
  made = 0;
});

describe('an answer in parts', () => {
  it('is all there, with no length', async () => {
    const answer = await ask(await open());
    let bytes = 0;
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(partsMax * part.length);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/csv', 'transfer-encoding': 'chunked' });
    expect(answer.headers['content-length']).toBeUndefined();
  });

  it('is made no faster than it is read: what waits is bounded', async () => {
    const answer = await ask(await open());
    answer.pause();
    // Until nothing more is made for five hundred turns of the loop: each part takes one.
    let [before, turns] = [0, 0];
    await until(() => {
      turns = made === before ? turns + 1 : 0;
      before = made;
      return made > 0 && turns > 500;
    });
    expect(made).toBeLessThan(partsMax / 2);
    answer.destroy();
    await until(() => isOver);
    expect(made).toBeLessThan(partsMax / 2);
  });

  it('is cut off where it fails, and logged', async () => {
    const server = await open();
    const answer = await ask(server, '/export?failsAfter=3');
    await expect(
      (async () => {
        for await (const chunk of answer) expect(chunk).toBeDefined();
      })(),
    ).rejects.toThrow('aborted');
    await until(() => server.logs.some(({ msg }) => msg === 'server.internal'));
  });

  it('has no body for HEAD', async () => {
    const answer = await ask(await open(), '/export', 'HEAD');
    let bytes = 0;
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
    expect([answer.statusCode, bytes, made]).toEqual([200, 0, 0]);
    expect(answer.headers['content-type']).toBe('text/csv');
  });
});
