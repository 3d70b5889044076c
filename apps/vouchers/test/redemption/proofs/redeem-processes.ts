import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '@pika/tests';
import type { RedeemMessage } from './redeem-process.ts';

const file = fileURLToPath(new URL('./redeem-process.ts', import.meta.url));

export interface RedeemProcess {
  url: string;
  /** What it logged as errors, oldest first. */
  failures: readonly string[];
  isAlive: () => boolean;
  /** How it ended: 'SIGKILL' where it was killed. */
  ended: Promise<NodeJS.Signals | number | null>;
  kill: () => void;
}

const children = new Set<ChildProcess>();

/** Resolves when it listens. */
export async function startRedeemProcess({ url, kind }: Pick<TestDatabase, 'url' | 'kind'>): Promise<RedeemProcess> {
  const args = ['--conditions=@pika/source', '--import', 'tsx', file, url, kind];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.add(child);
  const failures: string[] = [];
  const ended = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).then(([code, signal]) => {
    children.delete(child);
    return signal ?? code;
  });
  const listens = new Promise<string>((resolve) => {
    child.on('message', (message: RedeemMessage) => {
      if ('url' in message) resolve(message.url);
      else failures.push(message.failure);
    });
  });
  const first = await Promise.race([listens, ended.then((how) => ({ how }))]);
  if (typeof first === 'object')
    throw new Error(`The server ended before it listened: ${first.how}. ${failures.join(' ')}`);
  return {
    url: first,
    failures,
    isAlive: () => children.has(child),
    ended,
    kill: () => child.kill('SIGKILL'),
  };
}

export async function endRedeemProcesses(): Promise<void> {
  await Promise.all(
    [...children].map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
}
