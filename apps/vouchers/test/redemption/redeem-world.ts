import { randomUUID } from 'node:crypto';
import { newId } from '@pika/shared';
import { newShortCode } from '@pika/shared/voucher-token';
import {
  addBusiness,
  addLanguages,
  addPerson,
  foodCategory,
  insertRows,
  jsonType,
  locationRow,
  openTestDatabase,
  testClock,
  tokenOf,
  tokenOfKey,
  translationRows,
  voucherRow,
  type Api,
  type ApiAnswer,
  type OpenTestDatabase,
  type Row,
  type TestClock,
} from '@pika/tests';
import { startVouchersApi } from '../vouchers-api.ts';

type Headers = Record<string, string>;

/** A business in Asunción with its people, two consumers and a stranger of another business. */
export interface RedeemWorld {
  test: OpenTestDatabase;
  api: Api;
  clock: TestClock;
  businessId: string;
  locationId: string;
  ids: Record<Name, string>;
  headers: Record<Name | 'key' | 'otherKey', Headers>;
  addVoucher(fields?: Row, locationIds?: readonly string[]): Promise<string>;
  addLocation(fields?: {
    weeklyHours?: string;
    timeZone?: string;
    latitude?: number;
    longitude?: number;
  }): Promise<string>;
  addClaim(voucherId: string, owner: Name, fields?: Row): Promise<{ id: string; shortCode: string }>;
  addCode(voucherId: string, kind?: 'static' | 'short' | 'qr', fields?: Row): Promise<{ id: string; code: string }>;
  post(as: keyof RedeemWorld['headers'], path: string, body?: unknown, more?: Headers): Promise<ApiAnswer>;
  /** With a key of its own unless one is given. */
  redeem(as: keyof RedeemWorld['headers'], path: string, body?: unknown, key?: string): Promise<ApiAnswer>;
  counters(voucherId: string): Promise<{ used: number; discount: number; ledger: number; spent: number }>;
  close(): Promise<void>;
}

const names = ['owner', 'manager', 'redeemer', 'ana', 'ben', 'stranger'] as const;
type Name = (typeof names)[number];

export async function openRedeemWorld({ now = '2026-03-04T15:00:00Z', poolSize = 10 } = {}): Promise<RedeemWorld> {
  const clock = testClock(now);
  const test = await openTestDatabase({ poolSize });
  const { pool } = test;
  await addLanguages(pool);
  const api = await startVouchersApi(test, clock);
  const ids = {} as RedeemWorld['ids'];
  for (const name of names) ids[name] = await addPerson(test);
  const { owner, manager, redeemer, stranger } = ids;
  const businessId = await addBusiness(test, { [owner]: 'owner', [manager]: 'manager', [redeemer]: 'redeemer' });
  const otherBusinessId = await addBusiness(test, { [stranger]: 'owner' });
  const headers = {} as RedeemWorld['headers'];
  for (const name of names) headers[name] = await tokenOf(test, ids[name]);
  headers.key = (await tokenOfKey(test, businessId, ['redemptions.write', 'redemptions.read'])).headers;
  headers.otherKey = (await tokenOfKey(test, otherBusinessId, ['redemptions.write', 'redemptions.read'])).headers;

  const world: RedeemWorld = {
    test,
    api,
    clock,
    businessId,
    locationId: '',
    ids,
    headers,
    async addLocation({ latitude = -25.2867, longitude = -57.647, ...fields } = {}) {
      const id = randomUUID();
      await insertRows(pool, 'business.locations', [locationRow({ id, businessId, latitude, longitude, ...fields })]);
      return id;
    },
    async addVoucher(fields = {}, locationIds = [world.locationId]) {
      const id = newId(clock.now());
      await insertRows(
        pool,
        'i18n.translations',
        translationRows('voucher', `voucher.${id}.title`, { es: 'Dos por uno' }),
      );
      await insertRows(pool, 'marketplace.vouchers', [
        {
          ...voucherRow({ id, businessId, categoryId: foodCategory }),
          rollback_window_minutes: 60,
          version: 1,
          ...fields,
        },
      ]);
      const links = locationIds.map((location_id) => ({ voucher_id: id, location_id }));
      await insertRows(pool, 'marketplace.voucher_locations', links);
      return id;
    },
    async addClaim(voucherId, name, fields = {}) {
      const id = newId(clock.now());
      const shortCode = newShortCode();
      await insertRows(pool, 'marketplace.claims', [
        {
          id,
          voucher_id: voucherId,
          user_id: ids[name],
          source_id: id,
          state: 'active',
          claimed_at: clock.now(),
          expires_at: null,
          short_code: shortCode,
          version: 1,
          updated_at: clock.now(),
          ...fields,
        },
      ]);
      return { id, shortCode };
    },
    async addCode(voucherId, kind = 'static', fields = {}) {
      const id = newId(clock.now());
      const code = id.slice(-12).toUpperCase();
      const row = { id, voucher_id: voucherId, kind, code, created_at: clock.now(), ...fields };
      await insertRows(pool, 'marketplace.voucher_codes', [row]);
      return { id, code };
    },
    post: (as, path, body = {}, more = {}) =>
      api.send('POST', path, { ...headers[as], ...jsonType, ...more }, JSON.stringify(body)),
    redeem: (as, path, body = {}, key = randomUUID()) => world.post(as, path, body, { 'Idempotency-Key': key }),
    async counters(voucherId) {
      const { rows } = await pool.query<{ used: number; discount: number; ledger: number; spent: number }>(
        `SELECT counter.used_count AS used, counter.discount_minor::int AS discount,
          (SELECT count(*) FILTER (WHERE kind = 'redemption') - count(*) FILTER (WHERE kind = 'rollback')
           FROM marketplace.redemptions WHERE voucher_id = $1)::int AS ledger,
          (SELECT coalesce(sum(discount_minor), 0) FROM marketplace.redemptions WHERE voucher_id = $1)::int AS spent
         FROM marketplace.voucher_counters counter WHERE counter.voucher_id = $1`,
        [voucherId],
      );
      return rows[0]!;
    },
    async close() {
      await api.close();
      await test.close();
    },
  };
  world.locationId = await world.addLocation();
  return world;
}

export const codesOf = ({ body }: ApiAnswer): string[] =>
  ((body as { violations?: { code: string }[] }).violations ?? []).map(({ code }) => code);
