import { newId } from '@pika/shared';
import {
  addBusiness,
  addPerson,
  foodCategory,
  insertRows,
  locationRow,
  tokenOf,
  translationRows,
  voucherRow,
  withKey,
  type OpenTestDatabase,
  type Row,
} from '@pika/tests';

export interface Offer {
  voucherId: string;
  businessId: string;
  locationIds: string[];
}

/** Asunción, unless said; 0.01° north are about 1.1 km. */
const centre = { latitude: -25.2867, longitude: -57.647 };

/** A published voucher of a business of its own, with its texts in Spanish, at a place for each offset to the north. */
export async function addOffer(
  { pool }: Pick<OpenTestDatabase, 'pool'>,
  {
    voucher = {},
    north = [0],
    timeZone = 'America/Asuncion',
    ...given
  }: {
    voucher?: Row;
    north?: readonly number[];
    timeZone?: string;
    validFrom?: string;
    validUntil?: string | null;
  } = {},
): Promise<Offer> {
  const businessId = await addBusiness({ pool }, {});
  const voucherId = newId();
  const locationIds = north.map(() => newId());
  await insertRows(
    pool,
    'business.locations',
    north.map((degrees, index) =>
      locationRow({
        id: locationIds[index] ?? '',
        businessId,
        latitude: centre.latitude + degrees,
        longitude: centre.longitude,
        timeZone,
      }),
    ),
  );
  await insertRows(pool, 'marketplace.vouchers', [
    { ...voucherRow({ id: voucherId, businessId, categoryId: foodCategory, ...given }), ...voucher },
  ]);
  await insertRows(
    pool,
    'marketplace.voucher_locations',
    locationIds.map((locationId) => ({ voucher_id: voucherId, location_id: locationId })),
  );
  await insertRows(
    pool,
    'i18n.translations',
    ['title', 'description', 'terms'].flatMap((field) =>
      translationRows('voucher', `voucher.${voucherId}.${field}`, { es: `${field} ${voucherId}` }),
    ),
  );
  return { voucherId, businessId, locationIds };
}

/** Somebody new, logged in. */
export async function addConsumer(
  test: Pick<OpenTestDatabase, 'pool'>,
): Promise<{ userId: string; headers: { Authorization: string } }> {
  const userId = await addPerson(test);
  return { userId, headers: await tokenOf(test, userId) };
}

export const keyed = (headers: Readonly<Record<string, string>>) => ({ ...headers, ...withKey() });
