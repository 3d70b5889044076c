import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { LanguageChain, Violation } from '@pika/shared';
import type { VoucherText } from '../voucher/voucher.repository.ts';
import type { ClaimAnswer } from './claim.schemas.ts';

export interface ClaimRow {
  id: string;
  voucherId: string;
  voucherState: ClaimAnswer['voucher']['state'];
  sourceId: string;
  state: ClaimAnswer['state'];
  shortCode: string | null;
  balanceMinor: bigint | null;
  claimedAt: Date;
  expiresAt: Date | null;
  redeemedAt: Date | null;
  version: number;
  validFrom: Date | null;
  voucherExpiresAt: Date | null;
  locationId: string | null;
  latitude: number | null;
  longitude: number | null;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  /** Infinite where there is no place or no point. */
  distanceMeters: number;
  timeZone: string | null;
  isOpen: boolean | null;
  opensAt: Date | null;
  reasons: ClaimAnswer['redeemable']['reasons'];
  text: VoucherText;
}

export interface Viewpoint {
  at: Date;
  point: { latitude: number; longitude: number } | null;
  language: LanguageChain;
}

const columns = sql`
  id, voucher_id AS "voucherId", voucher_state AS "voucherState", source_id AS "sourceId", state,
  short_code AS "shortCode", balance_minor AS "balanceMinor", claimed_at AS "claimedAt", expires_at AS "expiresAt",
  redeemed_at AS "redeemedAt", version, valid_from AS "validFrom", voucher_expires_at AS "voucherExpiresAt",
  location_id AS "locationId", latitude, longitude, street, city, country_code AS "countryCode",
  distance_meters AS "distanceMeters", time_zone AS "timeZone", is_open AS "isOpen", opens_at AS "opensAt", reasons`;

const ownClaims = (id: string | null, { at, point }: Viewpoint) => sql`
  marketplace.own_claims(
    ${id}::uuid, ${at}::timestamptz, ${point?.latitude ?? null}::float8, ${point?.longitude ?? null}::float8)`;

const text = ({ language: { chain, matchLength } }: Viewpoint) => sql`
  marketplace.claimed_text(own."voucherId", ${[...chain]}::text[], ${matchLength}::int) AS text`;

/** The newest first; a UUIDv7 begins with the time. */
export const newestClaims: PagedList<ClaimRow> = {
  name: 'claims',
  columns: [{ column: sql`id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

/** The nearest first; those without a place at the end. JSON knows no infinity. */
export const nearestClaims: PagedList<ClaimRow> = {
  name: 'claims nearby',
  columns: [
    {
      column: sql`distance_meters`,
      keyOf: ({ distanceMeters }) => String(distanceMeters),
      value: (key) => sql`${key}::float8`,
    },
    { column: sql`id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid` },
  ],
};

/** Up to `limit` of the transaction's person. Texts are made for these alone. */
export function listClaims(
  db: Db,
  view: Viewpoint,
  {
    list,
    state,
    after,
    limit,
  }: {
    list: PagedList<ClaimRow>;
    state: ClaimAnswer['state'] | null;
    after: readonly PageKey[] | null;
    limit: number;
  },
): Promise<ClaimRow[]> {
  return db.$queryRaw<ClaimRow[]>(sql`
    /* listClaims */
    SELECT own.*, ${text(view)}
    FROM (
      SELECT ${columns}, row_number() OVER (ORDER BY ${orderOf(list)}) AS ordinal
      FROM ${ownClaims(null, view)}
      WHERE (${state}::text IS NULL OR state::text = ${state}) AND ${rowsAfter(list, after)}
      ORDER BY ${orderOf(list)}
      LIMIT ${limit}::integer
    ) AS own
    ORDER BY own.ordinal`);
}

export async function findClaim(db: Db, id: string, view: Viewpoint): Promise<ClaimRow | null> {
  const rows = await db.$queryRaw<ClaimRow[]>(sql`
    /* findClaim */
    SELECT own.*, ${text(view)} FROM (SELECT ${columns} FROM ${ownClaims(id, view)}) AS own`);
  return rows[0] ?? null;
}

export interface ClaimVerdict {
  verdict: 'claimed' | 'existing' | 'refused' | 'notFound';
  claimId: string | null;
  violations: Violation[] | null;
}

export async function claimVoucher(
  tx: Db,
  claim: {
    voucherId: string;
    sourceId: string;
    id: string;
    shortCodes: readonly string[];
    language: string | null;
    at: Date;
  },
): Promise<ClaimVerdict> {
  const [row] = await tx.$queryRaw<ClaimVerdict[]>(sql`
    /* claimVoucher */
    SELECT verdict, claim_id AS "claimId", violations
    FROM marketplace.claim_voucher(${claim.voucherId}::uuid, ${claim.sourceId}, ${claim.id}::uuid,
      ${[...claim.shortCodes]}::text[], ${claim.language}, ${claim.at}::timestamptz)`);
  if (row === undefined) throw new Error('marketplace.claim_voucher answered no row');
  return row;
}

export const lockOwnClaim = (id: string) => sql`SELECT version FROM marketplace.lock_own_claim(${id}::uuid)`;

/** Whether it was active, or expired without anybody having said so. */
export async function releaseClaim(tx: Db, id: string, userId: string): Promise<boolean> {
  const changed = await tx.$executeRaw(sql`
    /* releaseClaim */
    UPDATE marketplace.claims SET state = 'released'
    WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND state = 'active'`);
  return changed === 1;
}
