import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'vitest';
import { freePort } from './free-port.ts';

export interface TestRedis {
  url: string;
  /** The throw-away server, to be ended and begun again at will; null for the one of TEST_REDIS_URL. */
  server: LocalRedis | null;
  stop(): Promise<void>;
}

export interface LocalRedis {
  /** On the same port, empty. Resolves when it answers. */
  start(): Promise<void>;
  /** At once, as by a crash. */
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing until it goes on. */
  pause(): void;
  resume(): void;
}

/** TEST_REDIS_URL, else a local redis-server in a temporary folder, else null. Says which. Stop it in `afterAll`. */
export async function openTestRedis(environment = process.env): Promise<TestRedis | null> {
  const url = environment['TEST_REDIS_URL'];
  if (url) {
    say('TEST_REDIS_URL: skips what ends Redis');
    return { url, server: null, stop: async () => {} };
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'pika-redis-'));
  const server = localRedis(port, folder);
  const stop = async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    if (!isMissingProgram(error)) throw error;
    say('none (no TEST_REDIS_URL, no redis-server): skips what needs one');
    return null;
  }
  say('local redis-server, in a temporary folder');
  return { url: `redis://127.0.0.1:${port}`, server, stop };
}

/** Skips the running test, with the reason in the report, where there is no Redis. */
export function requireRedis(redis: TestRedis | null, context: TestContext): asserts redis is TestRedis {
  if (redis === null) context.skip('needs Redis: TEST_REDIS_URL or a local redis-server');
}

/** The throw-away server; skips the running test where Redis is someone else's. */
export function requireLocalRedis(redis: TestRedis | null, context: TestContext): LocalRedis {
  requireRedis(redis, context);
  return redis.server ?? context.skip('ends Redis: needs a local redis-server, without TEST_REDIS_URL');
}

const say = (text: string) => console.log(`[test redis] ${text}`);

function localRedis(port: number, folder: string): LocalRedis {
  const flags = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
  let child: ChildProcess | null = null;
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    async start() {
      child = spawn(
        'redis-server',
        Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
      await untilReady(child);
    },
    async kill() {
      const ending = child;
      child = null;
      if (ending === null || ending.pid === undefined || ending.exitCode !== null) return;
      const ended = once(ending, 'exit');
      ending.kill('SIGKILL');
      await ended;
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server did not start: ${log}`)));
    if (child.stdout === null) return reject(new Error('redis-server has no output'));
    createInterface(child.stdout).on('line', (line) => {
      log += `${line}\n`;
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
}

function isMissingProgram(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
