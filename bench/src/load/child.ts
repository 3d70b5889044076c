import { fork, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HttpLoadAnswer, HttpLoadOrder } from './http-load-process.ts';
import type { RedeemOrder } from '../redeem/redeem-load-process.ts';
import type { LoadPart } from './measure.ts';

/** Runs a TypeScript file of the repository in a process of its own. Its standard output is thrown away. */
export function startChild(file: string, environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execArgv: ['--conditions=@pika/source', '--import', 'tsx'],
    env: { ...process.env, ...environment },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Ends it as an operator would, and waits until it has ended. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Waits until a path answers 200, for at most a minute. */
export async function waitFor(port: number, path: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    if (answer?.status === 200) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${path} of port ${port}`);
}

export async function orderLoad(child: ChildProcess, order: HttpLoadOrder | RedeemOrder): Promise<LoadPart> {
  const answered = new Promise<HttpLoadAnswer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as HttpLoadAnswer));
    child.once('exit', () => reject(new Error('the load generator ended')));
  });
  child.send(order);
  const answer = await answered;
  child.removeAllListeners('exit');
  if ('error' in answer) throw new Error(answer.error);
  return answer.part;
}
