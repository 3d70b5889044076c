import type { Db } from '@pika/database';
import { etagOfContent, matchesStrongly, sharedProblems, type UserCaller } from '@pika/shared';
import { mapProfile } from './profile.mapper.ts';
import { findProfile } from './profile.repository.ts';
import type { Profile } from './profile.schemas.ts';

export interface TaggedProfile {
  profile: Profile;
  /** Of all that it tells: roles, businesses and the second factor change without the person's own row. */
  etag: string;
}

/** Throws `record.notFound` for who is no more. */
export async function getProfile(tx: Db, { userId, impersonatedBy }: UserCaller): Promise<TaggedProfile> {
  const row = await findProfile(tx, userId);
  if (row === null) throw sharedProblems['record.notFound']();
  const profile = mapProfile(row, impersonatedBy);
  return { profile, etag: etagOfContent(row.version, profile) };
}

/** Throws `record.changed` (412) where If-Match names another version than the one that the transaction sees. */
export async function assertProfile(tx: Db, caller: UserCaller, ifMatch: string | undefined): Promise<void> {
  if (ifMatch === undefined) return;
  const { etag } = await getProfile(tx, caller);
  if (!matchesStrongly(ifMatch, etag)) throw sharedProblems['record.changed']();
}
