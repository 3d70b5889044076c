import { Prisma, type Database } from '@pika/database';

/** Of every table, how many rows it has and a digest of which transaction wrote each: equal when nothing was written. */
export async function rowVersions({ prisma }: Database): Promise<Record<string, string>> {
  const tables = await prisma.$queryRaw<{ name: string }[]>(Prisma.sql`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname IN ('business', 'catalog', 'i18n', 'marketplace', 'users') ORDER BY 1`);
  const versions: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await prisma.$queryRaw<{ version: string }[]>(Prisma.sql`
      SELECT count(*) || ' ' || coalesce(md5(string_agg(xmin::text || ctid::text, ',' ORDER BY ctid)), '') AS version
      FROM ${Prisma.raw(name)}`);
    versions[name] = row?.version ?? '';
  }
  return versions;
}
