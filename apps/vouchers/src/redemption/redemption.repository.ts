import {
  inOneRoundTrip,
  jobContext,
  orderOf,
  rowsAfter,
  sql,
  type Database,
  type Db,
  type PagedList,
  type PageKey,
} from '@pika/database';
import type { LanguageChain, Violation } from '@pika/shared';

/** What a request to redeem names and who sent it; in the spelling that marketplace.resolve_requests reads. */
export interface Target {
  voucherId?: string | undefined;
  claimId?: string | undefined;
  /** As it is stored. */
  code?: string | undefined;
  /** When the token expires that was shown. */
  shownUntil?: string | undefined;
  userId?: string | undefined;
  apiKeyId?: string | undefined;
  keyBusinessId?: string | undefined;
}

/** One request as marketplace.validate and marketplace.redeem read it. */
export interface AskedRedemption extends Target {
  locationId?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
  accuracyMeters?: number | undefined;
  amountMinor?: number | undefined;
  currency?: string | undefined;
  combinedWith?: string[] | undefined;
  holdKey?: string | undefined;
  device?: string | undefined;
  channel: 'app' | 'counter' | 'api';
  at: string;
}

/** What only redeeming needs: whose key it comes under, and the ids of what it may write. */
export interface KeyedRedemption extends AskedRedemption {
  redemptionId: string;
  attemptId: string;
  actor: string;
  clientAddress: string;
  requestId: string;
  operation: string;
  key: string;
  /** Hexadecimal. */
  fingerprint: string;
  /** In whose words a refusal was told, for repeats. */
  context: { language: string; requestId: string };
}

export interface Validation {
  isKnown: boolean;
  voucherId: string;
  voucher: [body: string, depth: number, languages: string[]];
  claimId: string | null;
  locationId: string | null;
  violations: Violation[];
  discountMinor: bigint | null;
  amountMinor: bigint | null;
  currency: string | null;
}

export async function validateRedemption(
  tx: Db,
  asked: AskedRedemption,
  { chain, matchLength }: LanguageChain,
): Promise<Validation> {
  const [row] = await tx.$queryRaw<[Validation]>(sql`
    SELECT is_known AS "isKnown", voucher_id AS "voucherId", voucher, claim_id AS "claimId", location_id AS "locationId", violations,
      discount_minor AS "discountMinor", amount_minor AS "amountMinor", currency
    FROM marketplace.validate(
      ${JSON.stringify([{ ...asked, ordinal: 1 }])}::jsonb, ${[...chain]}::text[], ${matchLength}::integer)`);
  return row;
}

export interface Redeemed {
  verdict: 'redeemed' | 'refused' | 'notFound' | 'kept' | 'reused' | 'inFlight';
  /** An entry of the ledger, or `{ violations }`; null unless redeemed, refused or kept. */
  outcome: Record<string, unknown> | { violations: Violation[] } | null;
  context: { language: string; requestId: string } | null;
}

/** Decides on them one after the other, in one round trip. In the order given, which is that of the answer. */
export async function redeemInOrder(database: Database, asked: readonly KeyedRedemption[]): Promise<Redeemed[]> {
  const requests = JSON.stringify(asked.map((each, ordinal) => ({ ...each, ordinal })));
  const redeemed = await inOneRoundTrip<Redeemed>(
    database,
    jobContext('redeem'),
    sql`SELECT verdict, outcome, context FROM marketplace.redeem(${requests}::jsonb) ORDER BY ordinal`,
  );
  if (redeemed.length !== asked.length) throw new Error('marketplace.redeem did not answer every request');
  return redeemed;
}

export interface RolledBack {
  verdict: 'rolledBack' | 'notFound' | 'alreadyRolledBack' | 'windowClosed';
  outcome: Record<string, string> | null;
}

export async function rollbackRedemption(
  tx: Db,
  asked: {
    id: string;
    redemptionId: string;
    businessId: string | null;
    reason: string;
    requestId: string;
    staffId: string | null;
    apiKeyId: string | null;
    at: Date;
  },
): Promise<RolledBack> {
  const [row] = await tx.$queryRaw<[RolledBack]>(sql`
    SELECT verdict, outcome FROM marketplace.rollback_redemption(
      ${asked.redemptionId}::uuid, ${asked.businessId}::uuid, ${asked.reason}, ${asked.requestId}, ${asked.staffId}::uuid,
      ${asked.apiKeyId}::uuid, ${asked.at}::timestamptz, ${asked.id}::uuid)`);
  return row;
}

export interface LedgerRow {
  id: string;
  kind: 'redemption' | 'rollback';
  reversesId: string | null;
  rolledBackAt: Date | null;
  locationId: string | null;
  claimId: string | null;
  staffId: string | null;
  channel: 'web' | 'app' | 'counter' | 'offline' | 'api';
  discountMinor: bigint;
  amountMinor: bigint | null;
  currency: string | null;
  localDay: string;
  redeemedAt: Date;
  reason: string | null;
}

/** The latest first. */
export const ledgerList: PagedList<LedgerRow> = {
  name: 'redemptions',
  columns: [
    {
      column: sql`entry.redeemed_at`,
      keyOf: ({ redeemedAt }) => redeemedAt.toISOString(),
      value: (key) => sql`${key}::timestamptz`,
      isDescending: true,
    },
    { column: sql`entry.id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true },
  ],
};

/** Up to `limit` entries of a voucher of the transaction's business, behind `after`. */
export function listLedger(
  tx: Db,
  { voucherId, after, limit }: { voucherId: string; after: readonly PageKey[] | null; limit: number },
): Promise<LedgerRow[]> {
  return tx.$queryRaw<LedgerRow[]>(sql`
    /* listLedger */
    SELECT entry.id, entry.kind::text AS kind, entry.reverses_id AS "reversesId", reversal.redeemed_at AS "rolledBackAt",
      entry.location_id AS "locationId", entry.claim_id AS "claimId", entry.staff_id AS "staffId",
      entry.channel::text AS channel, entry.discount_minor AS "discountMinor", entry.amount_minor AS "amountMinor",
      entry.currency, entry.local_day::text AS "localDay", entry.redeemed_at AS "redeemedAt", entry.reason
    FROM marketplace.redemptions entry
    LEFT JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id
    WHERE entry.voucher_id = ${voucherId}::uuid AND ${rowsAfter(ledgerList, after)}
    ORDER BY ${orderOf(ledgerList)}
    LIMIT ${limit}::integer`);
}

export interface ScanAsked extends Target {
  nonce: string;
  locationId: string;
  scannedAt: string;
  amountMinor?: number | undefined;
  currency?: string | undefined;
  device?: string | undefined;
}

export interface MergedScan {
  verdict: 'within' | 'overUse' | 'withdrawn' | 'notFound' | 'nonceReused';
  violations: string[] | null;
  redemptionId: string | null;
}

/** In the order given. */
export function mergeScans(tx: Db, scans: readonly ScanAsked[], at: Date): Promise<MergedScan[]> {
  return tx.$queryRaw<MergedScan[]>(sql`
    SELECT verdict, violations, redemption_id AS "redemptionId"
    FROM marketplace.merge_scans(
      ${JSON.stringify(scans.map((scan, ordinal) => ({ ...scan, ordinal })))}::jsonb, ${at}::timestamptz)
    ORDER BY ordinal`);
}
