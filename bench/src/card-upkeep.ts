import pg from 'pg';
import { timed } from './console.ts';
import type { Server } from './datasets.ts';
import { machineFacts } from './machine.ts';
import type { Dataset } from './nearby.ts';
import type { Options } from './options.ts';
import { measureDecay } from './upkeep/decay.ts';
import { writeUpkeepReport } from './upkeep/report.ts';
import { measureWrites } from './upkeep/writes.ts';

/** On a copy of a dataset, which is thrown away afterwards: what a write costs, and what writes cost the readers. */
export async function benchUpkeep(datasets: readonly Dataset[], server: Server, options: Options): Promise<void> {
  const dataset = datasets[0];
  if (dataset === undefined) throw new Error('no dataset');
  const name = `bench_${dataset.scale}_upkeep`;
  const source = new URL(dataset.url);
  const copy = new URL(dataset.url);
  copy.pathname = `/${name}`;
  const admin = new URL(dataset.url);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await timed('copied', () =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${source.pathname.slice(1)} STRATEGY file_copy`),
    );
    const pool = new pg.Pool({ connectionString: copy.href, max: 4 });
    try {
      const writes = await measureWrites(copy.href, options);
      const decay = await measureDecay(copy.href, pool, options);
      writeUpkeepReport({
        scale: dataset.scale,
        writes,
        decay,
        options,
        facts: [...(await machineFacts(pool)), `Data in ${server.description}`],
      });
    } finally {
      await pool.end();
    }
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.end();
  }
}
