import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedeemWorld, type RedeemWorld } from '../redemption/redeem-world.ts';

let world: RedeemWorld;
beforeAll(async () => {
  world = await openRedeemWorld();
});
afterAll(() => world?.close());

const here = 'latitude=-25.2867&longitude=-57.647';
type Redeemable = { now: boolean; reasons: string[] };
type Listed = { id: string; location: { id: string }; redeemable: Redeemable };

const list = async (as: 'ana' | 'ben' | null, query = '') => {
  const answer = await world.api.get(
    `/v1/vouchers/nearby?${here}&limit=100&${query}`,
    as === null ? {} : world.headers[as],
  );
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { data: Listed[] }).data;
};

const listed = async (as: 'ana' | 'ben' | null, id: string, query = '') =>
  (await list(as, query)).find((each) => each.id === id)?.redeemable;

describe('200', () => {
  it('shows in the next request that it is sold out, and to whom their own limit is reached', async () => {
    const voucherId = await world.addVoucher({ limit_total: 2, limit_per_user: 1 });
    expect(await listed(null, voucherId)).toEqual({ now: true, reasons: [] });
    await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`);
    expect(await listed('ana', voucherId)).toEqual({ now: false, reasons: ['user.limitReached'] });
    expect(await listed('ben', voucherId)).toEqual({ now: true, reasons: [] });
    expect(await listed(null, voucherId)).toEqual({ now: true, reasons: [] });
    await world.redeem('ben', `/v1/vouchers/${voucherId}/redeem`);
    expect(await listed('ana', voucherId)).toEqual({ now: false, reasons: ['voucher.soldOut', 'user.limitReached'] });
    expect(await listed(null, voucherId)).toEqual({ now: false, reasons: ['voucher.soldOut'] });
    const { body } = await world.api.get(`/v1/vouchers/${voucherId}`, world.headers.ana);
    expect((body as { locations: Listed[] }).locations[0]!.redeemable).toEqual({
      now: false,
      reasons: ['voucher.soldOut', 'user.limitReached'],
    });
  });

  it('drops in the next request what was suspended', async () => {
    const voucherId = await world.addVoucher();
    expect(await listed(null, voucherId)).toBeDefined();
    await world.test.pool.query(`UPDATE marketplace.vouchers SET state = 'suspended' WHERE id = $1`, [voucherId]);
    expect(await listed(null, voucherId)).toBeUndefined();
  });

  it('counts what others hold until it expires', async () => {
    const voucherId = await world.addVoucher({ limit_total: 1 });
    const hold = { key: 'order-1', ttlSeconds: 60 };
    expect(await world.redeem('ana', `/v1/vouchers/${voucherId}/holds`, hold)).toMatchObject({ status: 201 });
    expect(await listed('ana', voucherId)).toEqual({ now: true, reasons: [] });
    expect(await listed('ben', voucherId)).toEqual({ now: false, reasons: ['voucher.soldOut'] });
    const before = world.clock.now();
    world.clock.set(new Date(before.getTime() + 61_000));
    expect(await listed('ben', voucherId)).toEqual({ now: true, reasons: [] });
    world.clock.set(before);
  });

  it('lists with redeemableNow only what the caller can redeem, at the nearest place where they can', async () => {
    const soldOut = await world.addVoucher({ limit_total: 1 });
    await world.redeem('ana', `/v1/vouchers/${soldOut}/redeem`);
    const mine = await world.addVoucher({ limit_per_user: 1 });
    await world.redeem('ana', `/v1/vouchers/${mine}/redeem`);
    const closed = await world.addLocation({ weeklyHours: '{[0,1)}', latitude: -25.2867, longitude: -57.6471 });
    const open = await world.addLocation({ latitude: -25.29, longitude: -57.65 });
    const twoPlaces = await world.addVoucher({}, [closed, open]);
    const byVoucher = async (as: 'ana' | 'ben', query: string) =>
      new Map((await list(as, query)).map(({ id, location }) => [id, location.id]));
    expect((await byVoucher('ana', '')).get(twoPlaces)).toBe(closed);
    const ana = await byVoucher('ana', 'redeemableNow=true');
    expect(ana.get(twoPlaces)).toBe(open);
    expect(ana.has(soldOut)).toBe(false);
    expect(ana.has(mine)).toBe(false);
    const ben = await byVoucher('ben', 'redeemableNow=true');
    expect(ben.has(mine)).toBe(true);
    expect(ben.has(soldOut)).toBe(false);
  });

  it('says why it is not in the list', async () => {
    const voucherId = await world.addVoucher({ limit_total: 1 });
    await world.redeem('ana', `/v1/vouchers/${voucherId}/redeem`);
    await world.test.pool.query(`UPDATE marketplace.vouchers SET state = 'suspended' WHERE id = $1`, [voucherId]);
    const far = 'latitude=-25.4&longitude=-57.647&radiusMeters=1000&category=food';
    const answer = await world.api.get(`/v1/vouchers/${voucherId}/why-not?${far}`, { 'Accept-Language': 'gn' });
    expect(answer, answer.text).toMatchObject({
      status: 200,
      body: {
        isListed: false,
        hiddenBy: [
          { code: 'voucher.suspended', message: 'Pe negocio ombopytu’u ko oferta.' },
          { code: 'list.tooFar', radiusMeters: 1000 },
        ],
        redeemable: { now: false },
        locationId: world.locationId,
      },
    });
    await world.test.pool.query(`UPDATE marketplace.vouchers SET state = 'published' WHERE id = $1`, [voucherId]);
    expect((await world.api.get(`/v1/vouchers/${voucherId}/why-not?${here}`)).body).toMatchObject({
      isListed: true,
      hiddenBy: [],
      redeemable: { now: false, violations: [{ code: 'voucher.soldOut' }] },
    });
    expect((await world.api.get(`/v1/vouchers/${voucherId}/why-not?${here}&redeemableNow=true`)).body).toMatchObject({
      isListed: false,
      hiddenBy: [{ code: 'voucher.soldOut' }],
    });
  });
});

describe('200 of a business that has closed', () => {
  it('says that it is why, as the list does by not showing it', async () => {
    const voucherId = await world.addVoucher();
    const { rows } = await world.test.pool.query<{ id: string }>(
      'SELECT business_id AS id FROM marketplace.vouchers WHERE id = $1',
      [voucherId],
    );
    const close = (at: string) =>
      world.test.pool.query(`UPDATE business.businesses SET closed_at = ${at} WHERE id = $1`, [rows[0]!.id]);
    await close('now()');
    expect((await list('ana', '')).map(({ id }) => id)).not.toContain(voucherId);
    expect((await world.api.get(`/v1/vouchers/${voucherId}/why-not?${here}`)).body).toMatchObject({
      isListed: false,
      hiddenBy: [{ code: 'business.inactive' }],
    });
    await close('NULL');
    expect((await list('ana', '')).map(({ id }) => id)).toContain(voucherId);
  });
});

describe('404', () => {
  it('explains no draft', async () => {
    const draft = await world.addVoucher({ state: 'draft' });
    expect(await world.api.get(`/v1/vouchers/${draft}/why-not?${here}`)).toMatchObject({ status: 404 });
  });
});
