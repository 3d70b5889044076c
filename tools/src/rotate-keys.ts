/** Publishes the next key of access tokens: npm run keys:rotate, or, for a key that was stolen, npm run keys:rotate -- --at-once. */
import {
  jobContext,
  isStartError,
  openStartedDatabase,
  databaseSettings,
  singleStatements,
  startDatabase,
} from '@pika/database';
import { identitySettings, refuseDevelopmentIdentitySecrets, rotateSigningKeys } from '@pika/identity';
import { ConfigError, readConfig } from '@pika/shared';
import { z } from 'zod';

const settings = z.object({
  ...databaseSettings.shape,
  ...identitySettings.shape,
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
});

async function rotate(atOnce: boolean): Promise<string> {
  const config = readConfig(settings, process.env);
  refuseDevelopmentIdentitySecrets(config);
  const started = await startDatabase({ migrate: 'required', onProgress: (text) => console.error(`  ${text}`) });
  const database = openStartedDatabase(started, config);
  try {
    const db = singleStatements(database, jobContext('keys:rotate'));
    const rotation = await rotateSigningKeys(db, { secret: config.IDENTITY_SECRET, now: new Date(), atOnce });
    const from = rotation.activeFrom.toISOString();
    return rotation.outcome === 'pending'
      ? `The next key is published already and signs from ${from} on.`
      : `Key ${rotation.kid} is published and signs from ${from} on.`;
  } finally {
    await database.close();
    await started.stop();
  }
}

try {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--at-once');
  if (unknown.length > 0) throw new ConfigError(`Not understood: ${unknown.join(' ')}. There is --at-once.`);
  console.log(await rotate(process.argv.includes('--at-once')));
} catch (error) {
  const isExpected = error instanceof ConfigError || isStartError(error);
  console.error(isExpected && error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
