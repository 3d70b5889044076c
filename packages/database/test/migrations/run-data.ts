import { runDataMigrations } from '@pika/database/tooling';

const [url = '', folder = '', batchSize = '', pauseMs = ''] = process.argv.slice(2);
console.log(await runDataMigrations(url, { folder, batchSize: Number(batchSize), pauseMs: Number(pauseMs) }));
