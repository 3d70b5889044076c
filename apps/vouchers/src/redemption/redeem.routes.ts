import { callerContext, inTransaction, type Database } from '@pika/database';
import { route, sharedProblems, type FieldError, type LanguageChain, type Route, contextOf } from '@pika/shared';
import type { Request } from 'express';
import { insertEvents } from '../analytics/event.repository.ts';
import { voucherProblems } from '../problems.ts';
import type { VoucherKeys } from '../voucher-key/open-voucher-keys.ts';
import { openRedeemFront, type RedeemFront } from './redeem.front.ts';
import { mapValidation } from './redemption.mapper.ts';
import {
  redeemInOrder,
  validateRedemption,
  type AskedRedemption,
  type Target,
  type Validation,
} from './redemption.repository.ts';
import {
  codeBody,
  redeemBody,
  redeemParams,
  redemptionAnswer,
  validateQuery,
  validation,
  type Circumstances,
} from './redemption.schemas.ts';
import { askedRedemption, redeemOnce, targetOfCode, type Redeemer } from './redemption.service.ts';

export interface RedeemDeps {
  database: Database;
  voucherKeys: Pick<VoucherKeys, 'published'>;
  now: () => Date;
}

const access = { persons: 'all', scope: 'redemptions.write' } as const;
const tags = ['Counter'];
const who =
  'Members of the business and its keys act as staff, and the limits are those of the claim’s owner; everybody else acts ' +
  'for herself.';
const notFound = voucherProblems['redemption.notFound'];
const refused = voucherProblems['redemption.refused'];

const validResponses = {
  200: { description: 'What redeeming would say.', content: { 'application/json': validation } },
};
const redeemResponses = { 201: { description: 'It is redeemed.', content: { 'application/json': redemptionAnswer } } };

export function redeemRoutes(deps: RedeemDeps): Route[] {
  const front = openRedeemFront((asked) => redeemInOrder(deps.database, asked));
  return [
    validateRoute(deps, 'vouchers', 'validateVoucher', 'Would redeeming this voucher be refused?'),
    redeemRoute(deps, front, 'vouchers', 'redeemVoucher', 'Redeem a voucher'),
    validateRoute(deps, 'claims', 'validateClaim', 'Would redeeming this claim be refused?'),
    redeemRoute(deps, front, 'claims', 'redeemClaim', 'Redeem a claim'),
    validateCodeRoute(deps),
    redeemCodeRoute(deps, front),
  ];
}

type Kind = 'vouchers' | 'claims';

const targetOf = (kind: Kind, id: string): Target => (kind === 'vouchers' ? { voucherId: id } : { claimId: id });

function validateRoute(deps: RedeemDeps, kind: Kind, operationId: string, summary: string): Route {
  return route({
    method: 'post',
    path: `/v1/${kind}/{id}/validate`,
    operationId,
    tags,
    summary,
    description: `${who} Nothing is written; whatever this says, redeeming does if nothing changed between.`,
    access,
    idempotency: 'none',
    params: redeemParams,
    query: validateQuery,
    body: redeemBody,
    responses: validResponses,
    problems: [notFound.code],
    handler: (input) => validate(deps, input, targetOf(kind, input.params.id), input.body, { isScan: false }),
  });
}

function redeemRoute(deps: RedeemDeps, front: RedeemFront, kind: Kind, operationId: string, summary: string): Route {
  return route({
    method: 'post',
    path: `/v1/${kind}/{id}/redeem`,
    operationId,
    tags,
    summary,
    description: `${who} Done exactly once per Idempotency-Key; a refusal says every reason and is kept too.`,
    access,
    idempotency: 'required',
    params: redeemParams,
    body: redeemBody,
    responses: redeemResponses,
    problems: [notFound.code, refused.code],
    handler: (input) => {
      const { params, body, caller } = input;
      assertWhole(body);
      return redeemOnce(front, askedRedemption(caller, targetOf(kind, params.id), body, deps.now()), input);
    },
  });
}

function validateCodeRoute(deps: RedeemDeps): Route {
  return route({
    method: 'post',
    path: '/v1/codes/validate',
    operationId: 'validateCode',
    tags,
    summary: 'Would redeeming what this code stands for be refused?',
    description: `${who} Nothing is redeemed; the business sees in its figures that somebody looked.`,
    access,
    idempotency: 'none',
    query: validateQuery,
    body: codeBody,
    responses: validResponses,
    problems: [notFound.code],
    handler: async (input) => {
      const { code, ...circumstances } = input.body;
      const target = await targetOfCode(code, deps.voucherKeys.published());
      if (target === null) throw notFound();
      return validate(deps, input, target, circumstances, { isScan: true });
    },
  });
}

function redeemCodeRoute(deps: RedeemDeps, front: RedeemFront): Route {
  return route({
    method: 'post',
    path: '/v1/codes/redeem',
    operationId: 'redeemCode',
    tags,
    summary: 'Redeem what a code stands for',
    description:
      'The content of a QR code, the short code of a claim, or a printed code. It stands in the body, for paths are ' +
      `written to logs. ${who}`,
    access,
    idempotency: 'required',
    body: codeBody,
    responses: redeemResponses,
    problems: [notFound.code, refused.code],
    handler: async (input) => {
      const { code, ...circumstances } = input.body;
      assertWhole(circumstances);
      const target = await targetOfCode(code, deps.voucherKeys.published());
      if (target === null) throw notFound();
      return redeemOnce(front, askedRedemption(input.caller, target, circumstances, deps.now()), input);
    },
  });
}

async function validate(
  { database, now }: RedeemDeps,
  input: { caller: Redeemer; requestId: string; clientAddress: string; language: LanguageChain; request: Request },
  target: Target,
  circumstances: Circumstances,
  { isScan }: { isScan: boolean },
) {
  assertWhole(circumstances);
  const { caller, requestId, clientAddress, language, request } = input;
  const asked = askedRedemption(caller, target, circumstances, now());
  const found = await inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) => {
    const validated = await validateRedemption(tx, asked, language);
    if (validated.isKnown && isScan) await insertEvents(tx, [scanned(validated, asked, language)]);
    return validated;
  });
  if (!found.isKnown) throw notFound();
  const { edge, messageLanguage } = contextOf(request);
  return {
    body: mapValidation(found, (violation) => edge.messages.violation(messageLanguage, violation)),
    contentLanguages: [...new Set([...found.voucher[2], messageLanguage])],
    cacheControl: 'no-store',
  };
}

const scanned = ({ voucherId, locationId }: Validation, { channel, at }: AskedRedemption, { chain }: LanguageChain) =>
  ({ type: 'scanned', voucherId, locationId, channel, language: chain[0], occurredAt: at }) as const;

/** What belongs together in the body. */
function assertWhole({ latitude, longitude, amountMinor, currency }: Circumstances): void {
  const errors: FieldError[] = [];
  if ((latitude === undefined) !== (longitude === undefined)) {
    errors.push({ field: latitude === undefined ? 'latitude' : 'longitude', code: 'coordinatePair' });
  }
  if (amountMinor !== undefined && currency === undefined) errors.push({ field: 'currency', code: 'required' });
  if (errors.length > 0) throw sharedProblems['request.invalid']({ errors });
}
