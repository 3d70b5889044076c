import { jobContext, singleStatements, sql, type Database } from '@pika/database';

/** Looks up which business a living voucher or campaign, or a redemption, belongs to: what `access.businessOf` asks for. */
export function businessOf(
  database: Database,
  kind: 'voucher' | 'campaign' | 'redemption',
): (id: string) => Promise<string | null> {
  const db = singleStatements(database, jobContext('business-of'));
  return async (id) => {
    const [row] = await db.$queryRaw<{ businessId: string | null }[]>(sql`
      SELECT marketplace.business_of(${kind}, ${id}::uuid) AS "businessId"`);
    return row?.businessId ?? null;
  };
}
