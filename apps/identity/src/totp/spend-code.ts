import type { Db } from '@pika/database';
import type { AccountKeys } from '../account-keys.ts';
import { backupCodeHash, bareCode, openTotpSecret, stepOfCode } from './totp-code.ts';
import { findTotpFactor, spendBackupCode, spendTotpStep } from './totp.repository.ts';

/** Whether the code is right and was never used, in a transaction of that person; it is used then. */
export async function spendCode(
  tx: Db,
  keys: Pick<AccountKeys, 'totpSecret' | 'backupCode'>,
  { userId, code, now }: { userId: string; code: string; now: Date },
): Promise<boolean> {
  const bare = bareCode(code);
  if (!/^\d{6}$/.test(bare)) return spendBackupCode(tx, { userId, hash: backupCodeHash(keys, userId, bare), now });
  const factor = await findTotpFactor(tx, userId);
  if (factor === null || !factor.isConfirmed) return false;
  const step = stepOfCode(openTotpSecret(keys, userId, factor.encryptedSecret), bare, now);
  return step !== null && (await spendTotpStep(tx, { userId, step }));
}
