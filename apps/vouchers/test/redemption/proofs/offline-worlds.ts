import { newId } from '@pika/shared';
import { newShortCode } from '@pika/shared/voucher-token';
import { foodCategory, insertRows, voucherRow, type Random, type Row } from '@pika/tests';
import type pg from 'pg';

export interface OfflineScan {
  nonce: string;
  code: string;
  locationId: string;
  scannedAt: string;
  amountMinor?: number;
  currency?: string;
}

/** One of several worlds that differ in their ids alone. */
export interface OfflineCopy {
  scans: OfflineScan[];
  voucherIds: string[];
  /** Short codes of claims that were redeemed at the counter, before anything was handed in. */
  online: string[];
  /** What each id and each nonce is called in all copies. */
  names: Map<string, string>;
}

interface Places {
  businessId: string;
  locationIds: readonly string[];
  people: readonly string[];
}

const from = Date.parse('2026-03-27T20:00:00Z');
const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
const maybe = <T>(random: Random, chance: number, value: () => T): T | null => (random.chance(chance) ? value() : null);

/** Writes the same world as often as wanted and answers what the tills of each have scanned, in the order of the scans. */
export async function addOfflineWorld(
  pool: pg.Pool,
  random: Random,
  places: Places,
  copyCount: number,
): Promise<OfflineCopy[]> {
  const { businessId, people } = places;
  const budget = maybe(random, 0.4, () => random.integer(5, 40) * 100);
  const campaign = maybe(random, 0.5, () => ({
    name: 'A campaign',
    business_id: businessId,
    version: 1,
    limit_total: maybe(random, 0.6, () => random.integer(3, 10)),
    limit_per_user: maybe(random, 0.5, () => random.integer(1, 3)),
    budget_minor: budget,
    currency: budget === null ? null : 'PYG',
    ...stamps,
  }));
  const vouchers = Array.from({ length: campaign === null ? 1 : random.integer(2, 3) }, () => voucherFields(random));
  const claims = Array.from({ length: random.integer(2, 8) }, () => ({
    voucher: random.integer(0, vouchers.length - 1),
    user_id: random.pick(people),
    expires_at: maybe(random, 0.2, () => new Date(from + random.integer(600, 4_000) * 60_000)),
  }));
  const codes = Array.from({ length: random.integer(1, 3) }, () => ({
    voucher: random.integer(0, vouchers.length - 1),
    kind: random.pick(['static', 'static', 'short']),
  }));
  const online = random.chance(0.3) ? random.sample([...claims.keys()], random.integer(1, 2)) : [];
  const scans = Array.from({ length: random.integer(6, 24) }, () => ({
    rest: random.id().slice(8),
    // Often at the same moment, as tills without a common clock have it.
    scannedAt: new Date(from + random.integer(0, 60) * 60 * 60_000).toISOString(),
    locationId: random.pick(places.locationIds),
    of: random.chance(0.65)
      ? { claim: random.integer(0, claims.length - 1) }
      : { code: random.integer(0, codes.length - 1) },
    ...(random.chance(0.85) ? { amountMinor: random.integer(0, 3_000), currency: 'PYG' } : {}),
  }));

  const copies: OfflineCopy[] = [];
  for (let copy = 0; copy < copyCount; copy++) {
    const names = new Map<string, string>();
    const named = (id: string, name: string) => {
      names.set(id, name);
      return id;
    };
    const campaignId = campaign === null ? null : named(random.id(), 'the campaign');
    if (campaign !== null) await insertRows(pool, 'marketplace.campaigns', [{ id: campaignId, ...campaign }]);
    const voucherIds = vouchers.map((_, index) => named(newId(new Date()), `voucher ${index}`));
    const rows: Row[] = vouchers.map((fields, index) => ({
      ...voucherRow({ id: voucherIds[index]!, businessId, categoryId: foodCategory, validFrom: '2026-03-27' }),
      version: 1,
      rollback_window_minutes: 60,
      campaign_id: campaignId,
      ...fields,
    }));
    await insertRows(pool, 'marketplace.vouchers', rows);
    const links = voucherIds.flatMap((voucher_id) =>
      places.locationIds.map((location_id) => ({ voucher_id, location_id })),
    );
    await insertRows(pool, 'marketplace.voucher_locations', links);
    const shortCodes = claims.map(() => newShortCode());
    const claimRows = claims.map(({ voucher, ...fields }, index) => {
      const id = named(newId(new Date()), `claim ${index}`);
      return {
        id,
        voucher_id: voucherIds[voucher],
        ...fields,
        source_id: id,
        state: 'active',
        claimed_at: new Date(from - 60_000),
        short_code: shortCodes[index],
        balance_minor: vouchers[voucher]!.gift_balance_minor,
        version: 1,
        updated_at: new Date(from),
      };
    });
    await insertRows(pool, 'marketplace.claims', claimRows);
    const printed = codes.map(() => random.id().slice(-12).toUpperCase());
    const codeRows = codes.map(({ voucher, kind }, index) => ({
      id: named(newId(new Date()), `code ${index}`),
      voucher_id: voucherIds[voucher],
      kind,
      code: printed[index],
      created_at: new Date(from),
    }));
    await insertRows(pool, 'marketplace.voucher_codes', codeRows);
    const prefix = random.id().slice(0, 8);
    copies.push({
      voucherIds,
      names,
      online: online.map((index) => shortCodes[index]!),
      scans: scans.map(({ rest, of, ...scan }) => ({
        ...scan,
        nonce: named(prefix + rest, `scan ${rest}`),
        code: 'claim' in of ? shortCodes[of.claim!]! : printed[of.code]!,
      })),
    });
  }
  return copies;
}

function voucherFields(random: Random) {
  const type = random.pick(['percentage', 'fixed_amount', 'gift_balance', 'free_item']);
  const values = {
    percent_off: type === 'percentage' ? random.integer(1, 100) : null,
    amount_off_minor: type === 'fixed_amount' ? random.integer(1, 900) : null,
    gift_balance_minor: type === 'gift_balance' ? random.integer(500, 5_000) : null,
    free_item_quantity: type === 'free_item' ? 1 : null,
    budget_minor: maybe(random, 0.3, () => random.integer(5, 40) * 100),
  };
  const isPriced = (values.amount_off_minor ?? values.gift_balance_minor ?? values.budget_minor) !== null;
  return {
    discount_type: type,
    ...values,
    currency: isPriced ? 'PYG' : null,
    valid_until: maybe(random, 0.4, () => random.pick(['2026-03-28', '2026-03-29'])),
    limit_total: maybe(random, 0.5, () => random.integer(2, 8)),
    limit_per_user: maybe(random, 0.4, () => random.integer(1, 4)),
    limit_per_user_day: maybe(random, 0.4, () => random.integer(1, 2)),
    limit_per_location_day: maybe(random, 0.4, () => random.integer(1, 4)),
  };
}
