/** Prints the newest root of the hash chain of the audit log, as one line of JSON: npm run --silent audit:root >> FILE. */
import { exportAuditRoot, isStartError, startDatabase } from '@pika/database';

try {
  const database = await startDatabase({ migrate: 'required', onProgress: (text) => console.error(`  ${text}`) });
  try {
    console.log(JSON.stringify(await exportAuditRoot(database.url)));
  } finally {
    await database.stop();
  }
} catch (error) {
  console.error(isStartError(error) && error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
