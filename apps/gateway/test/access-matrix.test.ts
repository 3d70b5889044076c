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

/**
 * Valid requests of operations whose required parts have no example in the document. Where a secret is asked for, it is a
 * wrong one, and to be told so is to have been let pass.
 */
const examples: Readonly<Record<string, RequestExample>> = {
  register: { body: { password } },
  verifyEmail: { body: { token: 'x' }, answers: ['400 auth.invalidLink'] },
  logIn: { body: { password }, answers: ['403 auth.emailNotVerified'] },
  refreshSession: { body: { refreshToken: 'x' }, answers: ['401 auth.invalidRefreshToken'] },
  resetPassword: { body: { token: 'x', newPassword: password }, answers: ['400 auth.invalidLink'] },
  changePassword: { body: { currentPassword: password, newPassword: `${password} new` }, answers: wrong },
  enrolTotp: { body: { password }, answers: wrong },
  confirmTotp: { answers: ['409 totp.notEnrolled'] },
  disableTotp: { body: { password }, answers: wrong },
};

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
  const { businessId, otherBusinessId, userIds, sessionIds } = gateway.people;
  const absent = { id: stableId('test:absent'), owner: null };
  return {
    businesses: [{ id: businessId, owner: 'everybody' }, { id: otherBusinessId, owner: 'everybody' }, absent],
    sessions: [
      { id: sessionIds.consumer, owner: { userId: userIds.consumer } },
      { id: sessionIds.otherConsumer, owner: { userId: userIds.otherConsumer } },
      absent,
    ],
    vouchers: [
      { id: voucherIdOf('farmacia-ysyry', 'dermocosmetica'), owner: 'everybody' },
      // A draft: nobody sees it here.
      { id: voucherIdOf('electronica-nasaindy', 'aniversario-en-preparacion'), owner: null },
      { id: businessIdOf('farmacia-ysyry'), owner: null },
      absent,
    ],
  };
}

const isRefused = ({ verdict }: MatrixCell) => verdict !== 'allowed';

describe('every operation, for everybody, with objects of their own, of others and of nobody', () => {
  it('refuses what it should, and nothing is changed by that', async () => {
    const before = await fingerprint(gateway.test.pool);
    const refused = cells.filter(isRefused);
    expect((await runMatrix(gateway.api.url, refused)).join('\n')).toBe('');
    expect(await fingerprint(gateway.test.pool)).toEqual(before);
    console.log(`[access matrix] ${refused.length} cells refused`);
  });

  it('lets pass what it should', async () => {
    const allowed = cells.filter((cell) => !isRefused(cell));
    expect((await runMatrix(gateway.api.url, allowed, () => restoreRows(gateway.test.pool))).join('\n')).toBe('');
    console.log(`[access matrix] ${allowed.length} cells allowed, ${cells.length} in all`);
  });

  it('tries every operation as every kind of caller', () => {
    for (const { operationId } of gateway.routes) {
      const own = cells.filter((cell) => cell.operationId === operationId);
      expect(new Set(own.map(({ callerName }) => callerName)).size).toBe(13);
      expect(
        own.some((cell) => !isRefused(cell)),
        `${operationId} is allowed to nobody`,
      ).toBe(true);
      expect(own.some(isRefused), `${operationId} refuses nobody`).toBe(true);
    }
  });
});
