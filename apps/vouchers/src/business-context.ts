import { callerContext, type TransactionContext } from '@pika/database';
import type { Caller, HandlerInput, IdempotencyRule } from '@pika/shared';

type BusinessInput = Pick<
  HandlerInput<unknown, unknown, unknown, Caller, IdempotencyRule, string>,
  'caller' | 'businessId' | 'requestId' | 'clientAddress'
>;

export const businessContext = ({ caller, businessId, requestId, clientAddress }: BusinessInput): TransactionContext =>
  callerContext(caller, { businessId, requestId, clientAddress });

/** What names a record of a business in a change of it. */
export interface ChangeAsking {
  businessId: string;
  id: string;
  ifMatch: string | undefined;
}

export const changeAsking = ({
  businessId,
  params,
  request,
}: Pick<
  HandlerInput<{ id: string }, unknown, unknown, Caller, IdempotencyRule, string>,
  'businessId' | 'params' | 'request'
>): ChangeAsking => ({
  businessId,
  id: params.id,
  ifMatch: request.headers['if-match'],
});
