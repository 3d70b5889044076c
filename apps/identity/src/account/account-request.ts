import { insertOutboxEvent, type Db, type OutboxEvent } from '@pika/database';
import { seal, unseal } from '@pika/shared';
import { z } from 'zod';
import type { AccountKeys } from '../account-keys.ts';
import { emailHash } from '../login/email-hash.ts';

export const accountRegistered = 'account.registered';
export const passwordForgotten = 'account.passwordForgotten';

type RequestKeys = Pick<AccountKeys, 'request' | 'loginEmail'>;

/**
 * Writes down what somebody wants who may be known or not. Nobody is looked up before the answer, so it takes the same
 * time and the same work for both; `account.delivery.ts` does it a moment later, in the order in which it was asked.
 */
export async function insertAccountRequest(
  db: Db,
  keys: RequestKeys,
  { type, email, content, requestId }: { type: string; email: string; content: object; requestId: string },
): Promise<void> {
  const sealed = seal(keys.request, Buffer.from(JSON.stringify({ email, ...content })), type);
  await insertOutboxEvent(db, {
    aggregateType: 'account',
    aggregateId: emailHash(keys, email).toString('hex'),
    type,
    payload: { sealed: sealed.toString('base64url') },
    requestId,
  });
}

const payload = z.object({ sealed: z.string() });

export function readAccountRequest<Content>(
  keys: Pick<AccountKeys, 'request'>,
  event: OutboxEvent,
  schema: { parse(value: unknown): Content },
): Content {
  const sealed = Buffer.from(payload.parse(event.payload).sealed, 'base64url');
  return schema.parse(JSON.parse(unseal(keys.request, sealed, event.type).toString()));
}
