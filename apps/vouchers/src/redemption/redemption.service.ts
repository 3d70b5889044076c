import {
  sharedProblems,
  newId,
  type IdempotentRequest,
  type OnceReply,
  type ApiKeyCaller,
  type UserCaller,
} from '@pika/shared';
import { readShortCode, verifyVoucherToken, type VoucherKey } from '@pika/shared/voucher-token';
import { voucherProblems } from '../problems.ts';
import type { RedeemFront } from './redeem.front.ts';
import type { AskedRedemption, KeyedRedemption, Redeemed, Target } from './redemption.repository.ts';
import type { Circumstances } from './redemption.schemas.ts';

export type Redeemer = UserCaller | ApiKeyCaller;

/** Who asks, as the database takes it. */
export function askedBy(caller: Redeemer): Pick<AskedRedemption, 'userId' | 'apiKeyId' | 'keyBusinessId' | 'channel'> {
  return caller.kind === 'user'
    ? { userId: caller.userId, channel: 'app' }
    : { apiKeyId: caller.keyId, keyBusinessId: caller.businessId, channel: 'api' };
}

/**
 * What a code stands for: a token is read by our keys, everything else is looked up. A token that has expired is read too,
 * for the database to say so; null for one that we did not sign.
 */
export async function targetOfCode(
  text: string,
  keys: readonly VoucherKey[],
): Promise<Pick<Target, 'claimId' | 'voucherId' | 'code' | 'shownUntil'> | null> {
  const typed = text.trim().toUpperCase();
  const shortCode = readShortCode(typed);
  if (shortCode !== null) return { code: shortCode };
  // Its expiry is for the database to judge, by the clock of the request.
  const verdict = await verifyVoucherToken(typed, keys, { now: new Date(0) });
  if (verdict.isGood) {
    return {
      [verdict.kind === 'claim' ? 'claimId' : 'voucherId']: verdict.id,
      shownUntil: verdict.expiresAt.toISOString(),
    };
  }
  return verdict.reason === 'malformed' ? { code: typed } : null;
}

export function askedRedemption(
  caller: Redeemer,
  target: Target,
  circumstances: Circumstances,
  at: Date,
): AskedRedemption {
  return { ...target, ...askedBy(caller), ...circumstances, at: at.toISOString() };
}

/**
 * Redeems, once per key: the ids are drawn here, the rest is the database's. A refusal is an answer like any other: it is
 * kept, and repeated in the words of the first time. Throws `redemption.notFound`, `idempotency.keyReused` and
 * `idempotency.inFlight`.
 */
export async function redeemOnce(
  front: RedeemFront,
  asked: AskedRedemption,
  request: { idempotency: IdempotentRequest; requestId: string; clientAddress: string },
): Promise<OnceReply> {
  const { idempotency, requestId, clientAddress } = request;
  const { key, operation, fingerprint, teller } = idempotency;
  if (key === null) throw new Error(`${operation} asks for no Idempotency-Key`);
  const at = new Date(asked.at);
  const keyed: KeyedRedemption = {
    ...asked,
    redemptionId: newId(at),
    attemptId: newId(at),
    actor: asked.userId === undefined ? `api-key:${asked.apiKeyId}` : `user:${asked.userId}`,
    clientAddress,
    requestId,
    operation,
    key,
    fingerprint: Buffer.from(fingerprint).toString('hex'),
    context: { language: teller.messageLanguage, requestId },
  };
  const redeemed = await front.redeem(keyed);
  return idempotency.reply(idempotency.freeze(answerOf(redeemed), tellerOf(redeemed)).now, redeemed.verdict === 'kept');
}

function answerOf({ verdict, outcome }: Redeemed) {
  if (verdict === 'reused') throw sharedProblems['idempotency.keyReused']();
  if (verdict === 'inFlight') throw sharedProblems['idempotency.inFlight']({ headers: { 'Retry-After': '1' } });
  if (outcome === null) throw voucherProblems['redemption.notFound']();
  const { violations } = outcome;
  if (Array.isArray(violations)) return voucherProblems['redemption.refused']({ violations });
  return { status: 201, body: outcome, cacheControl: 'no-store' };
}

function tellerOf({ context }: Redeemed) {
  if (context === null) throw new Error('An outcome without its context');
  return { id: context.requestId, messageLanguage: context.language };
}
