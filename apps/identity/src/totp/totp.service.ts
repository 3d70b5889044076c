import { callerContext, inTransaction, type Database } from '@pika/database';
import { newId, type UserCaller } from '@pika/shared';
import type { AccountKeys } from '../account-keys.ts';
import { getOwnEmail } from '../account/account.repository.ts';
import type { Asking } from '../account/account.service.ts';
import { checkOwnPassword, settleOwnPassword } from '../login/check-own-password.ts';
import { requestMail } from '../mail/mail.request.ts';
import { identityProblems } from '../problems.ts';
import { spendCode } from './spend-code.ts';
import {
  backupCodeHash,
  bareCode,
  newBackupCodes,
  newTotpSecret,
  openTotpSecret,
  sealTotpSecret,
  stepOfCode,
  totpEnrolment,
} from './totp-code.ts';
import {
  confirmTotpFactor,
  deleteTotpFactor,
  findTotpFactor,
  insertBackupCodes,
  isTotpOn,
  replaceTotpFactor,
} from './totp.repository.ts';

export interface TotpDeps {
  database: Database;
  keys: AccountKeys;
  now: () => Date;
}

export interface PersonAsking extends Asking {
  caller: UserCaller;
  /** Of the request. */
  language: string;
}

/** A new secret, in place of one that was never confirmed. Throws `totp.alreadyOn`, `auth.wrongPassword`, `auth.locked`. */
export async function enrolTotp(
  deps: TotpDeps,
  password: string,
  asking: PersonAsking,
): Promise<{ secret: string; uri: string }> {
  const { userId } = asking.caller;
  const right = await checkOwnPassword(deps, password, asking);
  const secret = newTotpSecret();
  const encryptedSecret = sealTotpSecret(deps.keys, userId, secret);
  return inTransaction(deps.database, callerContext(asking.caller, asking), async (tx) => {
    await settleOwnPassword(tx, right);
    if (!(await replaceTotpFactor(tx, { userId, encryptedSecret, now: deps.now() }))) {
      throw identityProblems['totp.alreadyOn']();
    }
    return totpEnrolment(secret, await getOwnEmail(tx, userId));
  });
}

/** Turns it on, from the next log-in on. Throws `totp.notEnrolled`, `totp.alreadyOn`, `auth.wrongCode`. */
export async function confirmTotp(
  { database, keys, now }: TotpDeps,
  code: string,
  asking: PersonAsking,
): Promise<string[]> {
  const { userId } = asking.caller;
  const codes = newBackupCodes();
  await inTransaction(database, callerContext(asking.caller, asking), async (tx) => {
    const factor = await findTotpFactor(tx, userId);
    if (factor === null) throw identityProblems['totp.notEnrolled']();
    if (factor.isConfirmed) throw identityProblems['totp.alreadyOn']();
    const { encryptedSecret } = factor;
    const step = stepOfCode(openTotpSecret(keys, userId, encryptedSecret), bareCode(code), now());
    if (step === null) throw identityProblems['totp.wrongCode']();
    if (!(await confirmTotpFactor(tx, { userId, encryptedSecret, step, now: now() }))) {
      throw identityProblems['totp.alreadyOn']();
    }
    const hashed = codes.map((each) => ({ id: newId(now()), hash: backupCodeHash(keys, userId, each) }));
    await insertBackupCodes(tx, { userId, codes: hashed, now: now() });
    await requestMail(tx, 'totpEnabled', { userId, ...asking });
  });
  return codes;
}

/** Throws `totp.notEnrolled`, `auth.wrongPassword`, `auth.locked`, `totp.wrongCode`. */
export async function disableTotp(
  deps: TotpDeps,
  { password, code }: { password: string; code: string },
  asking: PersonAsking,
): Promise<void> {
  const { userId } = asking.caller;
  const right = await checkOwnPassword(deps, password, asking);
  const verdict = await inTransaction(deps.database, callerContext(asking.caller, asking), async (tx) => {
    if (!(await isTotpOn(tx, userId))) {
      await settleOwnPassword(tx, right);
      return 'notEnrolled';
    }
    if (!(await spendCode(tx, deps.keys, { userId, code, now: deps.now() }))) {
      await settleOwnPassword(tx, right, 'wrong_code');
      return 'wrongCode';
    }
    await settleOwnPassword(tx, right);
    await deleteTotpFactor(tx, userId);
    await requestMail(tx, 'totpDisabled', { userId, ...asking });
    return 'done';
  });
  // Thrown after the commit, for the try has to count.
  if (verdict !== 'done') throw identityProblems[`totp.${verdict}`]();
}
