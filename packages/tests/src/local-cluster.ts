import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findPostgresBinaries } from './kind.ts';

type ClusterAnswer = { url?: string; error?: string };

/** A PostgreSQL of the local binaries, in a temporary folder, that ends with this process at the latest. */
export async function startLocalCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
  const binaries = findPostgresBinaries();
  if (!binaries) throw new Error('There are no local PostgreSQL 15 binaries with PostGIS.');
  const child = fork(fileURLToPath(new URL('./local-cluster-process.ts', import.meta.url)), [binaries], {
    detached: true,
    execArgv: ['--conditions=@pika/source', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answer = await new Promise<ClusterAnswer>((resolve) => {
    child.once('message', (message: ClusterAnswer) => resolve(message));
    child.once('exit', (code) => resolve({ error: `its process ended with ${code}` }));
  });
  if (!answer.url) throw new Error(`The local PostgreSQL did not start: ${answer.error}`);
  child.unref();
  child.channel?.unref();
  return {
    url: answer.url,
    stop: async () => {
      if (child.connected) child.disconnect();
      child.ref();
      await ended;
    },
  };
}
