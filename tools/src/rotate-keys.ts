/** Publishes the next keys of access tokens and of voucher tokens: npm run keys:rotate, or, for a key that was stolen, npm run keys:rotate -- --at-once. */
import {
  jobContext,
  isStartError,
  openStartedDatabase,
  databaseSettings,
  singleStatements,
  startDatabase,
} from '@pika/database';
import { identitySettings, refuseDevelopmentIdentitySecrets, signingKeyRing } from '@pika/identity';
import { ConfigError, readConfig, refuseTogether, rotateKeys, type KeyRing } from '@pika/shared';
import { refuseDevelopmentSecrets, voucherKeyRing, vouchersSettings } from '@pika/vouchers';
import { z } from 'zod';

const settings = z.object({
  ...databaseSettings.shape,
  ...identitySettings.shape,
  ...vouchersSettings.shape,
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
});

async function rotate(atOnce: boolean): Promise<string> {
  const config = readConfig(settings, process.env);
  refuseTogether(
    () => refuseDevelopmentIdentitySecrets(config),
    () => refuseDevelopmentSecrets(config),
  );
  const started = await startDatabase({ migrate: 'required', onProgress: (text) => console.error(`  ${text}`) });
  const database = openStartedDatabase(started, config);
  try {
    const db = singleStatements(database, jobContext('keys:rotate'));
    return [
      await rotateRing(signingKeyRing(db, config.IDENTITY_SECRET), atOnce),
      await rotateRing(voucherKeyRing(db, config.VOUCHER_SECRET), atOnce),
    ].join('\n');
  } finally {
    await database.close();
    await started.stop();
  }
}

async function rotateRing(ring: KeyRing, atOnce: boolean): Promise<string> {
  const rotation = await rotateKeys(ring, { now: new Date(), atOnce });
  const from = rotation.activeFrom.toISOString();
  return rotation.outcome === 'pending'
    ? `The next key of ${ring.signs} is published already and signs from ${from} on.`
    : `Key ${rotation.kid} of ${ring.signs} is published and signs from ${from} on.`;
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
