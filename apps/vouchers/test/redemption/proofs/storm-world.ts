import { randomUUID } from 'node:crypto';
import { newId } from '@pika/shared';
import {
  addBusiness,
  addLanguages,
  addPerson,
  foodCategory,
  insertRows,
  locationRow,
  voucherRow,
  type Row,
} from '@pika/tests';
import type pg from 'pg';

/** A business with one location, and vouchers that anybody may redeem there. */
export interface StormWorld {
  businessId: string;
  locationId: string;
  addVouchers(count: number, fields?: Row): Promise<string[]>;
  addCampaign(fields?: Row): Promise<string>;
}

export async function fillStormWorld(pool: pg.Pool): Promise<StormWorld> {
  await addLanguages(pool);
  const owner = await addPerson({ pool });
  const businessId = await addBusiness({ pool }, { [owner]: 'owner' });
  const locationId = randomUUID();
  const place = locationRow({ id: locationId, businessId, latitude: -25.2867, longitude: -57.647 });
  await insertRows(pool, 'business.locations', [place]);
  return {
    businessId,
    locationId,
    async addVouchers(count, fields = {}) {
      const ids = Array.from({ length: count }, () => newId(new Date()));
      const rows = ids.map((id) => ({
        ...voucherRow({ id, businessId, categoryId: foodCategory }),
        rollback_window_minutes: 60,
        version: 1,
        ...fields,
      }));
      await insertRows(pool, 'marketplace.vouchers', rows);
      const links = ids.map((voucher_id) => ({ voucher_id, location_id: locationId }));
      await insertRows(pool, 'marketplace.voucher_locations', links);
      return ids;
    },
    async addCampaign(fields = {}) {
      const id = randomUUID();
      const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
      await insertRows(pool, 'marketplace.campaigns', [
        { id, business_id: businessId, name: 'A storm', version: 1, ...stamps, ...fields },
      ]);
      return id;
    },
  };
}
