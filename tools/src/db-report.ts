/** What the database spends its time and space on, for a person: npm run db:report [-- --older-than SECONDS]. */
import { parseArgs } from 'node:util';
import { isStartError, startDatabase } from '@pika/database';
import { reportDatabase } from './db-report/report.ts';

try {
  const { values } = parseArgs({ options: { 'older-than': { type: 'string', default: '60' } } });
  const olderThanSeconds = Number(values['older-than']);
  if (!Number.isInteger(olderThanSeconds) || olderThanSeconds < 0)
    throw new TypeError('--older-than wants whole seconds.');
  const database = await startDatabase({ migrate: false, existing: true });
  try {
    console.log(`${database.description}\n`);
    console.log(await reportDatabase(database.url, { olderThanSeconds }));
  } finally {
    await database.stop();
  }
} catch (error) {
  const isPlain = error instanceof TypeError || isStartError(error);
  console.error(isPlain && error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
