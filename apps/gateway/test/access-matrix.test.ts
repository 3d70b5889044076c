import { businessIdOf, stableId } from '@pika/database';
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
import { claimedVoucherId, holdKeyOf } from './gateway-people.ts';
import { fingerprint, restoreRows } from './gateway-rows.ts';
import { redeemExamples } from './redeem-examples.ts';

const password = 'a password of nobody';
const wrong = ['403 auth.wrongPassword'];
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

/** The state of a voucher that one of the two businesses offers; null for others. */
function stateOf({ ids }: Asked): string | null {
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

function mayChange(asked: Asked): boolean {
  const businessId = [gateway.people.businessId, gateway.people.otherBusinessId][ownerAt(asked)];
  const { caller } = asked;
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
    examples: { ...examples, ...redeemExamples(gateway.people) },
  });
});

afterAll(() => gateway?.close());

/** By the collection before an id in a path. */
function objects(): Record<string, MatrixObject[]> {
  const { businessId, otherBusinessId, userIds, sessionIds, addressIds, invitationIds, apiKeyIds } = gateway.people;
  const { vouchers, campaignIds, claimIds, redemptionIds } = gateway.people;
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
      { id: claimIds.consumer, owner: { userId: userIds.consumer } },
      { id: claimIds.otherConsumer, owner: { userId: userIds.otherConsumer } },
      absent,
    ],
    holds: [
      { id: holdKeyOf('consumer'), owner: { userId: userIds.consumer } },
      { id: holdKeyOf('otherConsumer'), owner: { userId: userIds.otherConsumer } },
      { id: holdKeyOf('nobody'), owner: null },
    ],
    redemptions: [
      { id: redemptionIds[0], owner: { businessId } },
      { id: redemptionIds[1], owner: { businessId: otherBusinessId } },
      absent,
    ],
    roles: [{ id: 'support', owner: 'everybody' }],
    vouchers: [
      ...Object.values(vouchers[0]).map((id) => ({ id, owner: { businessId } })),
      { id: vouchers[1].draft, owner: { businessId: otherBusinessId } },
      {
        id: claimedVoucherId,
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

/** 27,000 requests. */
const timeout = 300_000;

describe('every operation, for everybody, with objects of their own, of others and of nobody', { timeout }, () => {
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
