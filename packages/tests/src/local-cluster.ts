import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findPostgresBinaries } from './kind.ts';

type ClusterAnswer = { url?: string; error?: string };

export interface LocalCluster {
  url: string;
  /** As by kill -9 of its postmaster; resolves when it accepts connections again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL of the local binaries, in a temporary folder, that ends with this process at the latest. It waits for no disk
 * unless the settings, as of postgresql.conf, say otherwise.
 */
export async function startLocalCluster(settings: Readonly<Record<string, string>> = {}): Promise<LocalCluster> {
  const binaries = findPostgresBinaries();
  if (!binaries) throw new Error('There are no local PostgreSQL 15 binaries with PostGIS.');
  const file = fileURLToPath(new URL('./local-cluster-process.ts', import.meta.url));
  const child = fork(file, [binaries, JSON.stringify(settings)], {
    detached: true,
    execArgv: ['--conditions=@pika/source', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answered = async (what: string): Promise<string> => {
    const answer = await new Promise<ClusterAnswer>((resolve) => {
      child.once('message', (message: ClusterAnswer) => resolve(message));
      child.once('exit', (code) => resolve({ error: `its process ended with ${code}` }));
    });
    if (!answer.url) throw new Error(`The local PostgreSQL did not ${what}: ${answer.error}`);
    return answer.url;
  };
  const url = await answered('start');
  child.unref();
  child.channel?.unref();
  return {
    url,
    crash: async () => {
      child.channel?.ref();
      const answer = answered('come back');
      child.send('crash');
      await answer;
      child.channel?.unref();
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      child.ref();
      await ended;
    },
  };
}
