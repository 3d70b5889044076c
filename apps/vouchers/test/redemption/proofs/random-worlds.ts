import { newId } from '@pika/shared';
import { newShortCode } from '@pika/shared/voucher-token';
import {
  addBusiness,
  addLanguages,
  addPerson,
  foodCategory,
  insertRows,
  locationRow,
  voucherRow,
  type Random,
  type Row,
} from '@pika/tests';
import type pg from 'pg';

/** A place where the clock is changed, at the instants beside it. */
const zones: readonly (readonly [string, readonly string[]])[] = [
  ['America/Asuncion', ['2026-03-22T03:00:00Z', '2026-12-31T03:00:00Z']],
  ['America/New_York', ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z']],
  ['Europe/Berlin', ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2028-02-29T12:00:00Z']],
  // The clock is changed at midnight: a day of 23 or 25 hours that has no midnight, or two.
  ['America/Santiago', ['2026-04-05T03:00:00Z', '2026-09-06T04:00:00Z']],
  ['Australia/Lord_Howe', ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z']],
  ['Africa/Cairo', ['2026-04-23T22:00:00Z', '2026-10-29T21:00:00Z']],
];

export interface RandomWorld {
  businessId: string;
  staffId: string;
  vouchers: { id: string; row: Row }[];
  locations: { id: string; zone: string; latitude: number; longitude: number }[];
  users: string[];
  claims: { id: string; shortCode: string; voucherId: string; userId: string }[];
  codes: { code: string; voucherId: string }[];
  /** The clock of this world, which only goes on. */
  at: Date;
}

export interface Businesses {
  active: string;
  inactive: string;
  closed: string;
  staffId: string;
  /** Redeemers of claims, who must be persons of ours. */
  people: string[];
}

export async function addBusinesses(pool: pg.Pool): Promise<Businesses> {
  await addLanguages(pool);
  const staffId = await addPerson({ pool });
  const people = await Promise.all(Array.from({ length: 12 }, () => addPerson({ pool })));
  const active = await addBusiness({ pool }, { [staffId]: 'redeemer' });
  const inactive = await addBusiness({ pool }, { [staffId]: 'redeemer' });
  const closed = await addBusiness({ pool }, { [staffId]: 'redeemer' });
  await pool.query(`UPDATE business.businesses SET status = 'suspended' WHERE id = $1`, [inactive]);
  await pool.query('UPDATE business.businesses SET closed_at = now() WHERE id = $1', [closed]);
  return { active, inactive, closed, staffId, people };
}

const minute = 60_000;
const day = 1_440 * minute;

/** Worlds that share nothing but businesses and people; all their rows are written in a few statements. */
export async function addRandomWorlds(
  pool: pg.Pool,
  random: Random,
  businesses: Businesses,
  count: number,
): Promise<RandomWorld[]> {
  const rows = { locations: [] as Row[], special: [] as Row[], campaigns: [] as Row[], vouchers: [] as Row[] };
  const links: Row[] = [];
  const claims: Row[] = [];
  const codes: Row[] = [];
  const holds: Row[] = [];
  const worlds = Array.from({ length: count }, (): RandomWorld => {
    const [zone, instants] = random.pick(zones);
    const at = new Date(Date.parse(random.pick(instants)) + random.integer(-600, 120) * minute);
    const businessId = random.chance(0.96) ? businesses.active : random.pick([businesses.inactive, businesses.closed]);
    const locations = Array.from({ length: random.integer(1, 2) }, () => ({
      id: random.id(),
      zone,
      latitude: random.between(-60, 60),
      longitude: random.between(-179, 179),
    }));
    for (const { id, latitude, longitude } of locations) {
      rows.locations.push(
        locationRow({
          id,
          businessId,
          latitude,
          longitude,
          timeZone: zone,
          weeklyHours: random.chance(0.25) ? hours(random, 10_080) : null,
        }),
      );
      if (random.chance(0.1)) {
        const special = {
          location_id: id,
          day: dateOf(at, random.integer(-1, 1)),
          hours: hours(random, 1_440),
          note: null,
        };
        rows.special.push(special);
      }
    }
    const campaign = random.chance(0.4) ? campaignRow(random, businessId, at) : null;
    if (campaign !== null) rows.campaigns.push(campaign);
    const users = random.sample(businesses.people, 3);
    const world: RandomWorld = {
      businessId,
      staffId: businesses.staffId,
      vouchers: [],
      locations,
      users,
      claims: [],
      codes: [],
      at,
    };
    for (let index = campaign === null ? 1 : random.integer(1, 3); index > 0; index--) {
      const id = newId(at);
      const row = {
        ...randomVoucher(random, id, businessId, at),
        campaign_id: campaign === null ? null : campaign['id'],
      };
      rows.vouchers.push(row);
      world.vouchers.push({ id, row });
      for (const { id: location_id } of random.sample(locations, random.integer(1, 2)))
        links.push({ voucher_id: id, location_id });
      for (let claimed = random.integer(0, 3); claimed > 0; claimed--) {
        const userId = random.pick(users);
        const claim = { id: newId(at), shortCode: newShortCode(), voucherId: id, userId };
        world.claims.push(claim);
        claims.push(claimRow(random, claim, row, at));
      }
      if (random.chance(0.4)) {
        const code = { code: random.id().slice(-12).toUpperCase(), voucherId: id };
        world.codes.push(code);
        codes.push({
          id: newId(at),
          voucher_id: id,
          kind: random.pick(['static', 'short', 'qr']),
          code: code.code,
          created_at: at,
          revoked_at: random.chance(0.1) ? new Date(at.getTime() + random.integer(-60, 60) * minute) : null,
        });
      }
      if (random.chance(0.3)) {
        holds.push({
          id: newId(at),
          voucher_id: id,
          user_id: random.pick(users),
          key: random.pick(['a', 'b']),
          created_at: new Date(at.getTime() - 60 * minute),
          expires_at: new Date(at.getTime() + random.integer(-30, 240) * minute),
          released_at: random.chance(0.2) ? at : null,
        });
      }
    }
    return world;
  });
  await insertRows(pool, 'business.locations', rows.locations);
  await insertRows(pool, 'business.special_days', rows.special);
  await insertRows(pool, 'marketplace.campaigns', rows.campaigns);
  await insertRows(pool, 'marketplace.vouchers', rows.vouchers);
  await insertRows(pool, 'marketplace.voucher_locations', links);
  await insertRows(pool, 'marketplace.claims', claims);
  await insertRows(pool, 'marketplace.voucher_codes', codes);
  await insertRows(pool, 'marketplace.holds', holds);
  return worlds;
}

const dateOf = (at: Date, offset: number) => new Date(at.getTime() + offset * day).toISOString().slice(0, 10);

/** One to three parts of a week or a day, whose edges are often where the instants are. */
function hours(random: Random, end: number): string {
  const parts = Array.from({ length: random.integer(1, 3) }, () => {
    const from = random.integer(0, end - 61);
    return `[${from},${Math.min(end, from + random.integer(60, Math.ceil(end / 2)))})`;
  });
  return `{${parts.join(',')}}`;
}

const maybe = <T>(random: Random, chance: number, value: () => T): T | null => (random.chance(chance) ? value() : null);
const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };

function campaignRow(random: Random, businessId: string, at: Date): Row {
  const budget = maybe(random, 0.4, () => random.integer(1, 60) * 100);
  return {
    id: random.id(),
    business_id: businessId,
    name: 'A campaign',
    version: 1,
    starts_at: maybe(random, 0.2, () => new Date(at.getTime() + random.integer(-240, 60) * minute)),
    ends_at: maybe(random, 0.2, () => new Date(at.getTime() + random.integer(121, 900) * minute)),
    limit_total: maybe(random, 0.6, () => random.integer(1, 6)),
    limit_per_user: maybe(random, 0.5, () => random.integer(1, 3)),
    budget_minor: budget,
    currency: budget === null ? null : 'PYG',
    deleted_at: maybe(random, 0.03, () => at),
    ...stamps,
  };
}

function randomVoucher(random: Random, id: string, businessId: string, at: Date): Row {
  const type = random.pick([
    'percentage',
    'percentage',
    'fixed_amount',
    'free_item',
    'fixed_price',
    'free_item',
    'gift_balance',
  ]);
  const values = {
    percent_off: type === 'percentage' ? random.integer(1, 10_000) / 100 : null,
    percent_cap_minor: type === 'percentage' ? maybe(random, 0.4, () => random.integer(1, 2_000)) : null,
    amount_off_minor: type === 'fixed_amount' ? random.integer(1, 2_000) : null,
    free_item_quantity: type === 'free_item' ? 1 : null,
    fixed_price_minor: type === 'fixed_price' ? random.integer(0, 2_000) : null,
    gift_balance_minor: type === 'gift_balance' ? random.integer(1, 4_000) : null,
    budget_minor: maybe(random, 0.3, () => random.integer(1, 6_000)),
  };
  const isPriced =
    (values.percent_cap_minor ??
      values.amount_off_minor ??
      values.fixed_price_minor ??
      values.gift_balance_minor ??
      values.budget_minor) !== null;
  const from = random.integer(-4, random.chance(0.2) ? 1 : 0);
  return {
    ...voucherRow({ id, businessId, categoryId: foodCategory }),
    version: 1,
    discount_type: type,
    ...values,
    currency: isPriced ? 'PYG' : null,
    state: random.chance(0.93) ? 'published' : random.pick(['draft', 'suspended', 'expired', 'expired', 'archived']),
    valid_from: dateOf(at, from),
    valid_until: maybe(random, 0.6, () => dateOf(at, from + random.integer(2, 6))),
    redeemable_hours: maybe(random, 0.12, () => hours(random, 10_080)),
    valid_days_after_claim: maybe(random, 0.1, () => random.integer(1, 5)),
    limit_total: maybe(random, 0.4, () => random.integer(1, 5)),
    limit_per_user: maybe(random, 0.3, () => random.integer(1, 3)),
    limit_per_user_day: maybe(random, 0.25, () => random.integer(1, 2)),
    limit_per_location_day: maybe(random, 0.25, () => random.integer(1, 3)),
    geofence_meters: maybe(random, 0.12, () => random.integer(10, 500)),
    rollback_window_minutes: random.pick([0, 60, 1_440]),
    stacking_group: maybe(random, 0.3, () => random.pick(['lunch', 'dinner'])),
    deleted_at: maybe(random, 0.02, () => at),
  };
}

function claimRow(
  random: Random,
  { id, shortCode, voucherId, userId }: RandomWorld['claims'][number],
  voucher: Row,
  at: Date,
): Row {
  const state = random.chance(0.85) ? 'active' : random.pick(['redeemed', 'released', 'expired']);
  return {
    id,
    voucher_id: voucherId,
    user_id: userId,
    source_id: id,
    state,
    claimed_at: new Date(at.getTime() - 2 * day),
    expires_at: maybe(random, 0.4, () => new Date(at.getTime() + random.integer(-60, 600) * minute)),
    short_code: shortCode,
    balance_minor: state === 'redeemed' && voucher['gift_balance_minor'] !== null ? 0 : voucher['gift_balance_minor'],
    version: 1,
    updated_at: at,
  };
}
