import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, openRedeemWorld, type RedeemWorld } from './redeem-world.ts';

let world: RedeemWorld;
beforeAll(async () => {
  world = await openRedeemWorld();
});
afterAll(() => world?.close());

const modes = ['validate', 'redeem'] as const;
const ask = (as: keyof RedeemWorld['headers'], path: string, mode: (typeof modes)[number], body = {}) =>
  mode === 'redeem' ? world.redeem(as, `${path}/redeem`, body) : world.post(as, `${path}/validate`, body);

it('keeps under which request each try came, and who refused repeats are told of', async () => {
  const voucherId = await world.addVoucher({ limit_total: 1 });
  const key = { 'Idempotency-Key': randomUUID(), 'X-Request-Id': 'the-first' };
  const path = `/v1/vouchers/${voucherId}/redeem`;
  expect(await world.redeem('ben', path)).toMatchObject({ status: 201 });
  const refused = await world.post('ana', path, {}, key);
  expect(refused).toMatchObject({ status: 409, body: { requestId: 'the-first' } });
  const { rows } = await world.test.pool.query(
    `SELECT request_id FROM marketplace.attempts WHERE voucher_id = $1 AND violations <> '{}'`,
    [voucherId],
  );
  expect(rows).toEqual([{ request_id: 'the-first' }]);
  expect(await world.post('ana', path, {}, { ...key, 'X-Request-Id': 'the-second' })).toMatchObject({
    text: refused.text,
  });
});

describe('200', () => {
  it('says of a voucher, a claim and a code whether they could be redeemed, and writes nothing', async () => {
    const voucherId = await world.addVoucher();
    const claim = await world.addClaim(voucherId, 'ana');
    for (const [path, body] of [
      [`/v1/vouchers/${voucherId}`, {}],
      [`/v1/claims/${claim.id}`, {}],
      ['/v1/codes', { code: claim.shortCode }],
    ] as const) {
      const answer = await ask('ana', path, 'validate', body);
      expect(answer, path).toMatchObject({
        status: 200,
        body: { redeemable: true, violations: [], claimId: claim.id },
      });
    }
    expect(await world.counters(voucherId)).toMatchObject({ used: 0, ledger: 0 });
  });
});

describe('409', () => {
  it('refuses a voucher in the state expired on what would have been its last day', async () => {
    const voucherId = await world.addVoucher({ state: 'expired', valid_until: '2026-03-04' });
    const answer = await ask('ana', `/v1/vouchers/${voucherId}`, 'redeem');
    expect([answer.status, codesOf(answer)]).toEqual([409, ['voucher.expired']]);
    expect(await world.counters(voucherId)).toMatchObject({ used: 0, ledger: 0 });
  });

  it('refuses the vouchers of a business that has closed', async () => {
    const voucherId = await world.addVoucher();
    const close = (at: string | null) =>
      world.test.pool.query('UPDATE business.businesses SET closed_at = $2 WHERE id = $1', [world.businessId, at]);
    await close('2026-03-01T00:00:00Z');
    const answer = await ask('ana', `/v1/vouchers/${voucherId}`, 'redeem');
    await close(null);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['business.inactive']]);
  });
});

describe('404', () => {
  it.each(modes)('knows nothing of what is not there (%s)', async (mode) => {
    for (const path of [`/v1/vouchers/${randomUUID()}`, `/v1/claims/${randomUUID()}`]) {
      expect(await ask('ana', path, mode), path).toMatchObject({ status: 404, body: { code: 'redemption.notFound' } });
    }
    const answer = await ask('ana', '/v1/codes', mode, { code: 'NOTHING-OF-OURS' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'redemption.notFound' } });
  });

  it.each(modes)('tells a key nothing of a claim of another business (%s)', async (mode) => {
    const voucherId = await world.addVoucher();
    const claim = await world.addClaim(voucherId, 'ana');
    expect(await ask('otherKey', `/v1/claims/${claim.id}`, mode)).toMatchObject({ status: 404 });
    expect(await ask('otherKey', '/v1/codes', mode, { code: claim.shortCode })).toMatchObject({ status: 404 });
    expect(await world.counters(voucherId)).toMatchObject({ used: 0, ledger: 0 });
  });
});
