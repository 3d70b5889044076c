import { runBatches, sql, type Db } from '@pika/database';
import type { EmailLinkPurpose } from './email-link.ts';

interface EmailLinkRow {
  id: string;
  userId: string;
}

/** For a caller who is not known yet: the good link with that hash. */
export async function findEmailLink(
  db: Db,
  { tokenHash, purpose, now }: { tokenHash: Uint8Array; purpose: EmailLinkPurpose; now: Date },
): Promise<EmailLinkRow | null> {
  const [row] = await db.$queryRaw<EmailLinkRow[]>(sql`
    SELECT id, user_id AS "userId"
    FROM identity.find_email_link(${tokenHash}, ${purpose}::identity.email_link_purpose, ${now}::timestamptz)`);
  return row ?? null;
}

/** Locks the person's credential until the transaction ends; whether a link of that purpose was made since then. */
export async function wasLinkMadeSince(
  db: Db,
  { userId, purpose, since }: { userId: string; purpose: EmailLinkPurpose; since: Date },
): Promise<boolean> {
  await db.$queryRaw(sql`SELECT user_id FROM identity.credentials WHERE user_id = ${userId}::uuid FOR UPDATE`);
  const rows = await db.$queryRaw<unknown[]>(sql`
    SELECT id FROM identity.email_links
    WHERE user_id = ${userId}::uuid AND purpose = ${purpose}::identity.email_link_purpose
      AND created_at > ${since}::timestamptz AND used_at IS NULL
    LIMIT 1`);
  return rows.length > 0;
}

export async function insertEmailLink(
  db: Db,
  link: {
    id: string;
    userId: string;
    purpose: EmailLinkPurpose;
    tokenHash: Uint8Array;
    createdAt: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await db.$executeRaw(sql`
    INSERT INTO identity.email_links (id, user_id, purpose, token_hash, created_at, expires_at)
    VALUES (${link.id}::uuid, ${link.userId}::uuid, ${link.purpose}::identity.email_link_purpose, ${link.tokenHash},
      ${link.createdAt}::timestamptz, ${link.expiresAt}::timestamptz)`);
}

/** Whether it was good until now: of any number at once one spends it. Others of its purpose are spent with it. */
export async function spendEmailLink(
  db: Db,
  { id, userId, purpose, now }: EmailLinkRow & { purpose: EmailLinkPurpose; now: Date },
): Promise<boolean> {
  const spent = await db.$executeRaw(sql`
    UPDATE identity.email_links SET used_at = ${now}::timestamptz WHERE id = ${id}::uuid AND used_at IS NULL`);
  if (spent === 0) return false;
  await spendAllLinks(db, { userId, purpose, now });
  return true;
}

export async function spendAllLinks(
  db: Db,
  { userId, purpose, now }: { userId: string; purpose: EmailLinkPurpose; now: Date },
): Promise<void> {
  await db.$executeRaw(sql`
    UPDATE identity.email_links SET used_at = ${now}::timestamptz
    WHERE user_id = ${userId}::uuid AND purpose = ${purpose}::identity.email_link_purpose AND used_at IS NULL`);
}

/** Deletes what expired before then, batch by batch. */
export async function pruneEmailLinks(db: Db, before: Date, signal: AbortSignal): Promise<void> {
  await runBatches(1_000, signal, (limit) =>
    db.$queryRaw(sql`SELECT identity.prune_email_links(${before}::timestamptz, ${limit}::integer) AS done`),
  );
}
