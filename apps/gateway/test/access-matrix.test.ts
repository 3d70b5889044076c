import { businessIdOf, stableId, voucherIdOf } from '@pika/database';
import { gatewayOpenApi } from '@pika/gateway';
import {
  makeCells,
  readOperations,
  runMatrix,
  type MatrixCell,
  type MatrixObject,
  type RequestExample,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGatewayApi, type GatewayApi } from './gateway-api.ts';
import { fingerprint, restoreRows } from './gateway-rows.ts';

const password = 'a password of nobody';
const wrong = ['403 auth.wrongPassword'];
const notRedeemable = '404 redemption.notFound';
const anyVersion = { 'If-Match': '*' };

type Asked = Parameters<Extract<RequestExample['answer'], (...asked: never[]) => unknown>>[0];

/**
 * Valid requests of operations whose required parts have no example in the document. Where a secret is asked for, it is a
 * wrong one, and to be told so is to have been let pass.
 */
const examples: Readonly<Record<string, RequestExample>> = {
  insertVoucher: {
    body: {
      sourceLanguage: 'es',
      title: { es: 'Sopa' },
      discount: { type: 'free_item', quantity: 1 },
      firstDay: '2026-01-01',
    },
  },
  getVoucher: { answer: (asked) => (mayRead(asked) && stateOf(asked) !== null ? ['200 undefined'] : null) },
  updateVoucher: { headers: anyVersion },
  deleteVoucher: { headers: anyVersion, answer: where('draft', '409 voucher.wrongState') },
  publishVoucher: { headers: anyVersion, answer: where('draft suspended', '409 voucher.wrongState') },
  suspendVoucher: { headers: anyVersion, answer: where('published', '409 voucher.wrongState') },
  resumeVoucher: { headers: anyVersion, answer: where('suspended', '409 voucher.wrongState') },
  archiveVoucher: { headers: anyVersion },
  updateCampaign: { headers: anyVersion },
  deleteCampaign: { headers: anyVersion },
  updateMember: {
    body: { role: 'redeemer' },
    answer: ({ callerName, ids }) =>
      callerName === 'otherOwner' &&
      isOf('otherOwner', ids['userId']) &&
      ids['businessId'] === gateway.people.otherBusinessId
        ? ['409 member.lastOwner']
        : null,
  },
  removeMember: {
    answer: ({ callerName, caller, ids }) => {
      if (caller.kind !== 'user' || caller.businesses[ids['businessId'] ?? ''] === undefined) return null;
      if (caller.userId === ids['userId']) return callerName === 'otherOwner' ? ['409 member.lastOwner'] : null;
      return callerName === 'owner' || callerName === 'otherOwner' ? null : ['403 access.denied'];
    },
  },
  insertInvitation: { body: { role: 'redeemer' } },
  acceptInvitation: { body: { token: 'x' }, answer: ['404 invitation.notFound'] },
  eraseMe: { answer: wrong },
  revokeApiKey: {
    answer: ({ callerName, ids }) =>
      callerName === 'redeemer' && ids['id'] === gateway.people.apiKeyIds[0] ? ['403 access.denied'] : null,
  },
  insertApiKey: { body: { scopes: ['offers.read'] } },
  updateUser: {
    body: { state: 'suspended' },
    answer: ({ callerName, ids }) => {
      if (isOf(callerName, ids['id'])) return ['403 admin.ownAccount'];
      return callerName === 'support' && isOf('admin', ids['id']) ? ['403 access.denied'] : null;
    },
  },
  grantRole: { answer: ({ callerName, ids }) => (isOf(callerName, ids['id']) ? ['403 admin.ownAccount'] : null) },
  withdrawRole: {
    answer: ({ callerName, ids }) => (isOf(callerName, ids['id']) ? ['403 admin.ownAccount'] : hasNoRole(ids)),
  },
  impersonateUser: {
    answer: ({ ids }) => (isOf('support', ids['id']) || isOf('admin', ids['id']) ? ['403 admin.isOperator'] : null),
  },
  insertCodes: { body: { kind: 'qr', count: 1 }, answer: where('draft published suspended', '409 voucher.wrongState') },
  claimVoucher: { answer: claiming },
  holdVoucher: { body: { key: 'order-3' }, answer: claiming },
  explainVoucher: {
    answer: ({ ids }) => {
      const state = stateOf({ ids });
      return state === null ? null : [state === 'draft' ? '404 voucher.notFound' : '200 undefined'];
    },
  },
  releaseClaim: { headers: anyVersion },
  releaseHold: {
    answer: ({ ids }) =>
      gateway.people.vouchers.some(
        (own, at) => own.published === ids['id'] && gateway.people.holdKeys[at] === ids['key'],
      )
        ? null
        : ['404 record.notFound'],
  },
  validateVoucher: {
    answer: ({ ids }) => (stateOf({ ids }) === 'suspended' ? ['200 undefined', notRedeemable] : null),
  },
  redeemVoucher: { answer: redeeming },
  redeemClaim: { answer: (asked) => (isOwnClaim(asked) ? redeemedOrNot : null) },
  validateCode: { answer: [notRedeemable] },
  redeemCode: { answer: [notRedeemable] },
  rollbackRedemption: {
    body: { reason: 'Wrong table' },
    answer: (asked) =>
      gateway.people.redemptionIds.some((id, at) => id === asked.ids['id'] && actsFor(asked, at))
        ? ['409 redemption.windowClosed']
        : null,
  },
  syncRedemptions: {
    body: {
      scans: [
        {
          nonce: stableId('test:scan'),
          code: 'AAAAAAAA',
          locationId: stableId('test:scan'),
          scannedAt: '2026-03-01T12:00:00Z',
        },
      ],
    },
  },
  register: { body: { password } },
  verifyEmail: { body: { token: 'x' }, answer: ['400 auth.invalidLink'] },
  logIn: { body: { password }, answer: ['401 auth.wrongCredentials', '429 auth.locked'] },
  refreshSession: { body: { refreshToken: 'x' }, answer: ['401 auth.invalidRefreshToken'] },
  resetPassword: { body: { token: 'x', newPassword: password }, answer: ['400 auth.invalidLink'] },
  changePassword: { body: { currentPassword: password, newPassword: `${password} new` }, answer: wrong },
  enrolTotp: { body: { password }, answer: wrong },
  confirmTotp: { answer: ['409 totp.notEnrolled'] },
  disableTotp: { body: { password }, answer: wrong },
};

const redeemedOrNot = ['201 undefined', '409 redemption.refused'];

/** Who may ask is told that it is redeemed, or why not: what is no more, or a place that is closed. */
function redeeming(asked: Asked): readonly string[] | null {
  const state = stateOf(asked);
  if (asked.caller.kind === 'apiKey' || state === 'draft')
    return state !== null && mayChange(asked) ? redeemedOrNot : null;
  return state !== null || isSeeded(asked) ? redeemedOrNot : null;
}

const isSeeded = ({ ids }: Pick<Asked, 'ids'>) => ids['id'] === voucherIdOf('farmacia-ysyry', 'dermocosmetica');

const isOwnClaim = (asked: Asked) =>
  gateway.people.claimIds.some(
    (id, at) =>
      id === asked.ids['id'] && (isOf(['consumer', 'otherConsumer'][at]!, userIdOf(asked)) || actsFor(asked, at)),
  );

const userIdOf = ({ caller }: Asked) => (caller.kind === 'user' ? caller.userId : undefined);

/** Drafts are nobody's to claim, and who came first keeps the key of a hold. */
function claiming({ ids, caller }: Asked): readonly string[] | null {
  const state = stateOf({ ids });
  if (caller.kind !== 'user' || (state === null && !isSeeded({ ids }))) return null;
  if (state === 'draft') return ['404 voucher.notFound'];
  if (state === 'suspended') return ['409 claim.refused', '409 hold.refused'];
  return ['200 undefined', '201 undefined', '409 hold.keyTaken'];
}

/** The state of a voucher that one of the two businesses offers; null for others. */
function stateOf({ ids }: Pick<Asked, 'ids'>): string | null {
  const states = gateway.people.vouchers.flatMap((own) => Object.entries(own));
  return states.find(([, id]) => id === ids['id'])?.[0] ?? null;
}

/** Told to who may change a voucher that is in none of these states. */
function where(states: string, told: string) {
  return (asked: Asked) => {
    const state = stateOf(asked);
    return state === null || states.split(' ').includes(state) || !mayChange(asked) ? null : [told];
  };
}

const ownerAt = ({ ids }: Asked) =>
  gateway.people.vouchers.findIndex((own) => Object.values(own).includes(ids['id'] ?? ''));

const mayChange = (asked: Asked) => actsFor(asked, ownerAt(asked));

function actsFor({ caller }: Asked, at: number): boolean {
  const businessId = [gateway.people.businessId, gateway.people.otherBusinessId][at];
  if (caller.kind === 'apiKey') return caller.businessId === businessId;
  return caller.kind === 'user' && caller.businesses[businessId ?? ''] !== undefined;
}

const mayRead = (asked: Asked) =>
  asked.caller.kind === 'apiKey' && asked.caller.scopes.includes('offers.read') && mayChange(asked);

const isOf = (name: string, id: string | undefined) =>
  Object.entries(gateway.people.userIds).some(([each, userId]) => each === name && userId === id);

const hasNoRole = ({ id }: Readonly<Record<string, string>>) => (isOf('consumer', id) ? ['404 record.notFound'] : null);

let gateway: GatewayApi;
let cells: MatrixCell[];

beforeAll(async () => {
  gateway = await startGatewayApi();
  cells = makeCells({
    operations: readOperations(gatewayOpenApi(), gateway.routes),
    callers: gateway.people.callers,
    objects: objects(),
    examples,
  });
});

afterAll(() => gateway?.close());

/** By the collection before an id in a path. */
function objects(): Record<string, MatrixObject[]> {
  const { businessId, otherBusinessId, userIds, sessionIds, addressIds, invitationIds, apiKeyIds } = gateway.people;
  const { vouchers, campaignIds, claimIds, redemptionIds, holdKeys } = gateway.people;
  const absent = { id: stableId('test:absent'), owner: null };
  return {
    businesses: [{ id: businessId, owner: 'everybody' }, { id: otherBusinessId, owner: 'everybody' }, absent],
    sessions: [
      { id: sessionIds.consumer, owner: { userId: userIds.consumer } },
      { id: sessionIds.otherConsumer, owner: { userId: userIds.otherConsumer } },
      absent,
    ],
    addresses: [
      { id: addressIds.consumer, owner: { userId: userIds.consumer } },
      { id: addressIds.otherConsumer, owner: { userId: userIds.otherConsumer } },
      absent,
    ],
    members: [
      { id: userIds.redeemer, owner: { businessId } },
      { id: userIds.otherOwner, owner: { businessId: otherBusinessId } },
      absent,
    ],
    invitations: [
      { id: invitationIds[0], owner: { businessId } },
      { id: invitationIds[1], owner: { businessId: otherBusinessId } },
      absent,
    ],
    'api-keys': [
      { id: apiKeyIds[0], owner: { businessId } },
      { id: apiKeyIds[1], owner: { businessId: otherBusinessId } },
      absent,
    ],
    users: [
      { id: userIds.consumer, owner: 'everybody' },
      { id: userIds.support, owner: 'everybody' },
      { id: userIds.admin, owner: 'everybody' },
      absent,
    ],
    campaigns: [
      { id: campaignIds[0], owner: { businessId } },
      { id: campaignIds[1], owner: { businessId: otherBusinessId } },
      absent,
    ],
    claims: [
      { id: claimIds[0], owner: { userId: userIds.consumer }, businessId },
      { id: claimIds[1], owner: { userId: userIds.otherConsumer }, businessId: otherBusinessId },
      absent,
    ],
    redemptions: [
      { id: redemptionIds[0], owner: { businessId } },
      { id: redemptionIds[1], owner: { businessId: otherBusinessId } },
      absent,
    ],
    holds: [
      { id: holdKeys[0], owner: { userId: userIds.consumer } },
      { id: holdKeys[1], owner: { userId: userIds.otherConsumer } },
      { id: 'nothing', owner: null },
    ],
    roles: [{ id: 'support', owner: 'everybody' }],
    vouchers: [
      { id: vouchers[0].draft, owner: { businessId } },
      { id: vouchers[0].suspended, owner: { businessId } },
      { id: vouchers[0].published, owner: 'everybody', businessId },
      { id: vouchers[1].draft, owner: { businessId: otherBusinessId } },
      {
        id: voucherIdOf('farmacia-ysyry', 'dermocosmetica'),
        owner: 'everybody',
        businessId: businessIdOf('farmacia-ysyry'),
      },
      { id: businessIdOf('farmacia-ysyry'), owner: null },
      absent,
    ],
  };
}

const isRefused = ({ verdict }: MatrixCell) => verdict !== 'allowed';

it('lets an operator who acts as somebody write what can be set right again, and end that', () => {
  const written = gateway.routes.filter(({ access, method }) => access !== 'public' && method !== 'get');
  expect(written.flatMap(({ impersonated, operationId }) => (impersonated ? [operationId] : [])).toSorted()).toEqual([
    'deleteAddress',
    'insertAddress',
    'logOut',
    'updateAddress',
    'updatePreferences',
    'updateProfile',
  ]);
});

describe('every operation, for everybody, with objects of their own, of others and of nobody', () => {
  it('refuses what it should, and nothing is changed by that', async () => {
    const before = await fingerprint(gateway.test.pool);
    const refused = cells.filter(isRefused);
    expect((await runMatrix(gateway.api.url, refused)).join('\n')).toBe('');
    expect(await fingerprint(gateway.test.pool)).toEqual(before);
    console.log(`[access matrix] ${refused.length} cells refused`);
  });

  it('changes nothing by a safe method', async () => {
    const before = await fingerprint(gateway.test.pool);
    const safe = cells.filter((cell) => !isRefused(cell) && cell.method === 'GET');
    expect(safe.length).toBeGreaterThan(50);
    expect((await runMatrix(gateway.api.url, safe)).join('\n')).toBe('');
    expect(await fingerprint(gateway.test.pool)).toEqual(before);
  });

  it('lets pass what it should', async () => {
    const allowed = cells.filter((cell) => !isRefused(cell));
    expect(
      (await runMatrix(gateway.api.url, allowed, () => restoreRows(gateway.test.pool, gateway.people))).join('\n'),
    ).toBe('');
    console.log(`[access matrix] ${allowed.length} cells allowed, ${cells.length} in all`);
  });

  it('tries every operation as every kind of caller', () => {
    for (const { operationId } of gateway.routes) {
      const own = cells.filter((cell) => cell.operationId === operationId);
      expect(new Set(own.map(({ callerName }) => callerName)).size).toBe(14);
      expect(
        own.some((cell) => !isRefused(cell)),
        `${operationId} is allowed to nobody`,
      ).toBe(true);
      expect(own.some(isRefused), `${operationId} refuses nobody`).toBe(true);
    }
  });
});
