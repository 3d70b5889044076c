import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, openRedeemWorld, type RedeemWorld } from './redeem-world.ts';

let world: RedeemWorld;
beforeAll(async () => {
  world = await openRedeemWorld();
});
afterAll(() => world?.close());

const id = ({ body }: { body: unknown }) => (body as { id: string }).id;

describe('201', () => {
  it('redeems a voucher for the consumer who asks, and counts it', async () => {
    const voucherId = await world.addVoucher({ limit_total: 5, limit_per_user: 2 });
    const answer = await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`, {
      amountMinor: 120_000,
      currency: 'PYG',
    });
    expect(answer, answer.text).toMatchObject({
      status: 201,
      body: {
        voucherId,
        businessId: world.businessId,
        locationId: world.locationId,
        claimId: null,
        channel: 'app',
        discountMinor: 12_000,
        currency: 'PYG',
        localDay: '2026-03-04',
        redeemedAt: '2026-03-04T15:00:00Z',
        rollbackUntil: '2026-03-04T16:00:00Z',
      },
    });
    expect(await world.counters(voucherId)).toEqual({ used: 1, discount: 12_000, ledger: 1, spent: 12_000 });
  });

  it('redeems a claim at the counter: the limits are those of its owner, never those of the staff', async () => {
    const voucherId = await world.addVoucher({ limit_per_user: 1 });
    const first = await world.addClaim(voucherId, 'ana');
    const second = await world.addClaim(voucherId, 'ben');
    expect(await world.redeem('redeemer', `/v1/claims/${first.id}/redeem`)).toMatchObject({
      status: 201,
      body: { claimId: first.id, channel: 'counter' },
    });
    expect(await world.redeem('redeemer', '/v1/codes/redeem', { code: second.shortCode.toLowerCase() })).toMatchObject({
      status: 201,
      body: { claimId: second.id },
    });
    const { rows } = await world.test.pool.query(
      'SELECT user_id, staff_id FROM marketplace.redemptions WHERE voucher_id = $1 ORDER BY user_id = $2',
      [voucherId, world.ids.ben],
    );
    expect(rows).toEqual([
      { user_id: world.ids.ana, staff_id: world.ids.redeemer },
      { user_id: world.ids.ben, staff_id: world.ids.redeemer },
    ]);
  });

  it('is rolled back and can be redeemed again', async () => {
    const voucherId = await world.addVoucher({ limit_total: 1 });
    const claim = await world.addClaim(voucherId, 'ana');
    const redeemed = await world.redeem('redeemer', `/v1/claims/${claim.id}/redeem`);
    const again = await world.redeem('redeemer', `/v1/claims/${claim.id}/redeem`);
    expect(again.status).toBe(409);
    expect(codesOf(again)).toEqual(['claim.redeemed', 'voucher.soldOut']);
    const back = await world.redeem('owner', `/v1/redemptions/${id(redeemed)}/rollback`, { reason: 'Scanned twice' });
    expect(back, back.text).toMatchObject({ status: 201, body: { reversesId: id(redeemed), reason: 'Scanned twice' } });
    const twice = await world.redeem('owner', `/v1/redemptions/${id(redeemed)}/rollback`, { reason: 'Scanned twice' });
    expect(twice).toMatchObject({ status: 409, body: { code: 'redemption.alreadyRolledBack' } });
    expect(await world.redeem('redeemer', `/v1/claims/${claim.id}/redeem`)).toMatchObject({ status: 201 });
    expect(await world.counters(voucherId)).toMatchObject({ used: 1, ledger: 1 });
  });
});

describe('409', () => {
  it('says every rule that refuses it, in the language of the caller, with its figures', async () => {
    const voucherId = await world.addVoucher({ limit_total: 1, limit_per_user: 1, geofence_meters: 100 });
    const near = { latitude: -25.2867, longitude: -57.647 };
    expect(await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`, near)).toMatchObject({ status: 201 });
    const answer = await world.post(
      'ana',
      `/v1/vouchers/${voucherId}/redeem`,
      {},
      { 'Idempotency-Key': randomUUID(), 'Accept-Language': 'gn' },
    );
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'redemption.refused',
        violations: [
          { code: 'position.required' },
          { code: 'voucher.soldOut', limit: 1, used: 1, message: 'Opa: 1 ojeporu 1 apytégui.' },
          { code: 'user.limitReached', limit: 1, used: 1 },
        ],
      },
    });
    const { rows } = await world.test.pool.query(
      'SELECT violations FROM marketplace.attempts WHERE voucher_id = $1 ORDER BY cardinality(violations)',
      [voucherId],
    );
    expect(rows).toEqual([
      { violations: [] },
      { violations: ['position.required', 'voucher.soldOut', 'user.limitReached'] },
    ]);
  });

  it('is answered again, byte for byte, under the same key in whatever language', async () => {
    const voucherId = await world.addVoucher({ state: 'suspended' });
    const key = randomUUID();
    const headers = { 'Idempotency-Key': key };
    const first = await world.post(
      'ana',
      `/v1/vouchers/${voucherId}/redeem`,
      {},
      { ...headers, 'Accept-Language': 'gn' },
    );
    await world.test.pool.query(`UPDATE marketplace.vouchers SET state = 'published' WHERE id = $1`, [voucherId]);
    const second = await world.post(
      'ana',
      `/v1/vouchers/${voucherId}/redeem`,
      {},
      { ...headers, 'Accept-Language': 'en' },
    );
    expect(second).toMatchObject({ status: 409, text: first.text });
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`)).toMatchObject({ status: 201 });
  });
});

describe('404', () => {
  it('knows nothing of the claims of others, of drafts, and of what is not there', async () => {
    const draft = await world.addVoucher({ state: 'draft' });
    const voucherId = await world.addVoucher();
    const claim = await world.addClaim(voucherId, 'ana');
    for (const [as, path] of [
      ['ana', `/v1/vouchers/${draft}/redeem`],
      ['ben', `/v1/claims/${claim.id}/redeem`],
      ['stranger', `/v1/claims/${claim.id}/redeem`],
      ['otherKey', `/v1/vouchers/${voucherId}/redeem`],
      ['ana', `/v1/vouchers/${randomUUID()}/redeem`],
      ['ana', `/v1/claims/${randomUUID()}/redeem`],
    ] as const) {
      expect(await world.redeem(as, path), `${as} ${path}`).toMatchObject({
        status: 404,
        body: { code: 'redemption.notFound' },
      });
    }
    expect(await world.redeem('ben', '/v1/codes/redeem', { code: claim.shortCode })).toMatchObject({ status: 404 });
  });
});

describe('422', () => {
  it('refuses a key that came with another request', async () => {
    const voucherId = await world.addVoucher();
    const key = randomUUID();
    expect(await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`, {}, key)).toMatchObject({ status: 201 });
    expect(await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`, { device: 'other' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency.keyReused' },
    });
  });
});
