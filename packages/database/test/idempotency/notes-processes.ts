import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '@pika/tests';

const file = fileURLToPath(new URL('./notes-process.ts', import.meta.url));

export interface NotesProcess {
  url: string;
  /** How the process ended: 'SIGKILL' where it was killed. */
  ended: Promise<NodeJS.Signals | number | null>;
  kill: () => void;
}

const children = new Set<ChildProcess>();

/** Resolves when it listens. */
export async function startNotesProcess({ url, kind }: Pick<TestDatabase, 'url' | 'kind'>): Promise<NotesProcess> {
  const args = ['--conditions=@pika/source', '--import', 'tsx', file, url, kind];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.add(child);
  const ended = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).then(([code, signal]) => {
    children.delete(child);
    return signal ?? code;
  });
  const started = once(child, 'message') as Promise<[string]>;
  const first = await Promise.race([started, ended]);
  if (!Array.isArray(first)) throw new Error(`The server of notes ended before it listened: ${first}.`);
  return { url: first[0], ended, kill: () => child.kill('SIGKILL') };
}

export async function endNotesProcesses(): Promise<void> {
  await Promise.all(
    [...children].map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
}
