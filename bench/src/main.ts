import { say } from './console.ts';
import { openDataset, openServer } from './datasets.ts';
import { readOptions, UsageError } from './options.ts';

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const server = await openServer({ durable: options.command === 'redeem' });
  try {
    const datasets: { scale: (typeof options.scales)[number]; url: string }[] = [];
    for (const scale of options.scales) datasets.push({ scale, url: await openDataset(server, scale) });
    if (options.command === 'nearby') await (await import('./nearby.ts')).benchNearby(datasets, server, options);
    if (options.command === 'upkeep') await (await import('./card-upkeep.ts')).benchUpkeep(datasets, server, options);
    if (options.command === 'redeem') await (await import('./redeem.ts')).benchRedeem(server, options);
    if (options.command === 'edge') await (await import('./edge.ts')).benchEdge(server, options);
    if (options.command === 'transactions') {
      await (await import('./transactions.ts')).benchTransactions(server, options);
    }
  } finally {
    await server.stop();
  }
}

run().then(
  () => say('done'),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = 1;
  },
);
