import { matchesVersion, sharedProblems } from '@pika/shared';
import type { Db, Sql } from './db.ts';

/**
 * Locks one row and answers its version, which the change then counts up. `select` reads `version` by the row's key, FOR
 * UPDATE, so of several who read the same version one changes it. Throws `record.notFound` where there is no row, and
 * `record.changed` (412) where If-Match names another version.
 */
export async function lockVersion(db: Db, select: Sql, ifMatch: string | undefined): Promise<number> {
  const [row] = await db.$queryRaw<{ version: number }[]>(select);
  if (row === undefined) throw sharedProblems['record.notFound']();
  if (!matchesVersion(ifMatch, row.version)) throw sharedProblems['record.changed']();
  return row.version;
}
