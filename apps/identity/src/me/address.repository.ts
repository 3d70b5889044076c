import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { NewAddress } from './address.schemas.ts';

export interface AddressRow {
  id: string;
  label: string;
  street: string | null;
  city: string | null;
  postalCode: string | null;
  countryCode: string;
  latitude: number | null;
  longitude: number | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** In the order in which they were written down: their ids begin with the time. */
export const addressList: PagedList<AddressRow> = {
  name: 'addresses',
  columns: [{ column: sql`id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid` }],
};

const columns = sql`
  id, label, street, city, postal_code AS "postalCode", country_code AS "countryCode", latitude, longitude, version,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

/** Up to `limit` of the person's own, behind `after`. */
export function listAddresses(
  tx: Db,
  { userId, after, limit }: { userId: string; after: readonly PageKey[] | null; limit: number },
): Promise<AddressRow[]> {
  return tx.$queryRaw<AddressRow[]>(sql`
    SELECT ${columns} FROM users.addresses
    WHERE user_id = ${userId}::uuid AND deleted_at IS NULL AND ${rowsAfter(addressList, after)}
    ORDER BY ${orderOf(addressList)}
    LIMIT ${limit}::integer`);
}

export async function findAddress(tx: Db, userId: string, id: string): Promise<AddressRow | null> {
  const rows = await tx.$queryRaw<AddressRow[]>(sql`
    SELECT ${columns} FROM users.addresses WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND deleted_at IS NULL`);
  return rows[0] ?? null;
}

export const lockAddress = (userId: string, id: string) => sql`
  SELECT version FROM users.addresses WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND deleted_at IS NULL
  FOR UPDATE`;

export async function countAddresses(tx: Db, userId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>(sql`
    SELECT count(*)::integer AS count FROM users.addresses WHERE user_id = ${userId}::uuid AND deleted_at IS NULL`);
  return row?.count ?? 0;
}

export async function insertAddress(tx: Db, id: string, userId: string, address: NewAddress): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO users.addresses (id, user_id, label, street, city, postal_code, country_code, latitude, longitude, updated_at)
    VALUES (${id}::uuid, ${userId}::uuid, ${address.label}, ${address.street}, ${address.city}, ${address.postalCode},
      ${address.countryCode}, ${address.position?.latitude ?? null}::float8, ${address.position?.longitude ?? null}::float8,
      now())`);
}

export async function updateAddress(tx: Db, id: string, address: NewAddress): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE users.addresses
    SET label = ${address.label}, street = ${address.street}, city = ${address.city}, postal_code = ${address.postalCode},
      country_code = ${address.countryCode}, latitude = ${address.position?.latitude ?? null}::float8,
      longitude = ${address.position?.longitude ?? null}::float8
    WHERE id = ${id}::uuid`);
}

export async function deleteAddress(tx: Db, id: string, now: Date): Promise<void> {
  await tx.$executeRaw(sql`UPDATE users.addresses SET deleted_at = ${now}::timestamptz WHERE id = ${id}::uuid`);
}
