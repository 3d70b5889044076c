import { stableId } from '@pika/database';
import type { MatrixObject, RequestExample } from '@pika/tests';
import { claimedVoucherId, type People } from './gateway-people.ts';

type Asked = Parameters<Extract<RequestExample['answer'], (...asked: never[]) => unknown>>[0];

/** Requests of who claims, holds and redeems: published vouchers are everybody's there, drafts nobody's. */
export function redeemExamples({
  businessId,
  otherBusinessId,
  vouchers,
  claimIds,
  redemptionIds,
}: People): Readonly<Record<string, RequestExample>> {
  const shown: MatrixObject[] = [
    { id: claimedVoucherId, owner: 'everybody' },
    { id: vouchers[0].published, owner: 'everybody' },
    { id: stableId('test:absent'), owner: null },
  ];
  const drafts: MatrixObject[] = [{ id: vouchers[0].draft, owner: null }];
  /** A key redeems for its own business alone. */
  const keyOfAnother = ({ caller, ids }: Asked) =>
    caller.kind === 'apiKey' && (caller.businessId !== businessId || ids['id'] === claimedVoucherId)
      ? ['404 redemption.notFound']
      : null;
  const isShown = ({ ids }: Asked) => shown.some(({ id, owner }) => id === ids['id'] && owner !== null);
  /** It is valid at several places, and none is named. */
  const isOwn = ({ callerName, ids }: Asked) =>
    Object.entries(claimIds).some(([name, id]) => name === callerName && id === ids['id']);
  const isStaff = ({ caller, ids }: Asked) => {
    const of = [businessId, otherBusinessId][redemptionIds.findIndex((id) => id === ids['id'])] ?? '';
    return caller.kind === 'apiKey'
      ? caller.businessId === of
      : caller.kind === 'user' && Object.hasOwn(caller.businesses, of);
  };
  const refused = ['201 undefined', '409 redemption.refused'];
  return {
    claimVoucher: { objects: { vouchers: [...shown, ...drafts] } },
    holdVoucher: { objects: { vouchers: [...shown, ...drafts] } },
    releaseHold: {
      objects: {
        vouchers: [
          { id: claimedVoucherId, owner: 'everybody' },
          { id: stableId('test:absent'), owner: null },
        ],
      },
    },
    validateVoucher: { objects: { vouchers: shown }, answer: keyOfAnother },
    redeemVoucher: {
      objects: { vouchers: shown },
      answer: (asked) => keyOfAnother(asked) ?? (isShown(asked) ? refused : null),
    },
    redeemClaim: { answer: (asked) => (isOwn(asked) ? ['409 redemption.refused'] : null) },
    explainVoucher: {
      objects: { vouchers: [...shown, ...drafts, { id: vouchers[0].suspended, owner: 'everybody' }] },
    },
    insertCodes: { body: { kind: 'qr', count: 1 } },
    validateCode: { answer: ['404 redemption.notFound'] },
    redeemCode: { answer: ['404 redemption.notFound'] },
    // The ledger cannot be put back: the second who may is told so.
    rollbackRedemption: {
      answer: (asked) => (isStaff(asked) ? ['201 undefined', '409 redemption.alreadyRolledBack'] : null),
    },
  };
}
