import { randomUUID } from 'node:crypto';

/** A request of somebody new to redeem a voucher, as marketplace.redeem reads it. */
export function askedRow(voucherId: string, ordinal: number): object {
  const [userId, id] = [randomUUID(), randomUUID()];
  return {
    ordinal,
    voucherId,
    userId,
    channel: 'app',
    at: new Date().toISOString(),
    redemptionId: id,
    attemptId: randomUUID(),
    actor: `user:${userId}`,
    clientAddress: '127.0.0.1',
    requestId: id,
    operation: 'redeemVoucher',
    key: id,
    fingerprint: 'ab'.repeat(32),
    context: { language: 'es', requestId: id },
  };
}
