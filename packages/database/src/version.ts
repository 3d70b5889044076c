import { sharedProblems } from '@pika/shared';
import type { Db, Sql } from './db.ts';

/** The strong ETag of a row's version. */
export const etagOfVersion = (version: number): string => `"${version}"`;

/**
 * Whether If-Match (RFC 9110, 13.1.1) lets a change of the row at this version pass: absent, `*`, or a list that has its
 * strong tag. Weak tags never match.
 */
export function matchesVersion(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === etagOfVersion(version));
}

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
