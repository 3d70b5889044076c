import {
  categoryIdOf,
  inTransaction,
  linkVouchers,
  replaceSpecialDays,
  seedReference,
  settleDrafts,
  sql,
  systemContext,
  upsertBusinesses,
  upsertOwners,
  upsertLanguages,
  upsertLocations,
  upsertTranslations,
  upsertVouchers,
  type Database,
  type Db,
  type Written,
} from '@pika/database';
import { describeLanguage } from './content-language.ts';
import { demoVouchers, type DemoVoucher } from './demo-vouchers.ts';
import { osmCategories } from './osm-category.ts';
import {
  businessIdOf,
  businessRow,
  locationIdOf,
  locationRow,
  nameLanguages,
  nameRows,
  placeHash,
  specialDayRows,
} from './place-rows.ts';
import type { Place, Position } from './place.ts';

export interface WriteOptions {
  withDemoVouchers: boolean;
  isDryRun: boolean;
  /** Whom places without an owner are given to. */
  ownerId: string | null;
}

/** What is written in one transaction. */
export interface Batch {
  places: { place: Place; position: Position }[];
  /** Places that closed, by source id. */
  closed: string[];
}

export interface BatchOutcome {
  imported: number;
  updated: number;
  unchanged: number;
  closed: { now: number; before: number; unknown: number };
  duplicates: { sourceId: string; of: string }[];
  refused: Position[];
  vouchers: Written;
}

/**
 * Writes a batch, all or none, and says what that changed. A place that is as it was last imported is left alone, with
 * whatever was edited here since. A dry run does the same and takes it back.
 */
export async function writePlaces(database: Database, batch: Batch, options: WriteOptions): Promise<BatchOutcome> {
  let outcome: BatchOutcome | null = null;
  const write = async (db: Db) => {
    // Compiling its statements would cost PostgreSQL more than running them.
    await db.$executeRaw(sql`SELECT set_config('jit', 'off', true)`);
    outcome = await writeBatch(db, batch, options);
    if (options.isDryRun) throw new DryRunOver();
  };
  try {
    await inImport(database, write);
  } catch (error) {
    if (!(error instanceof DryRunOver)) throw error;
  }
  if (outcome === null) throw new Error('the batch ended without an outcome');
  return outcome;
}

/** Refreshes what large updates have queued, so that all that is shown is true when the command ends. */
export async function refreshQueuedCards(database: Database, signal?: AbortSignal): Promise<void> {
  const isStopped = () => signal?.aborted === true;
  let taken = 0;
  do {
    const rows = await inImport(database, (db) =>
      db.$queryRaw<{ taken: number }[]>(sql`SELECT marketplace.refresh_stale_cards(500) AS taken`),
    );
    taken = rows[0]?.taken ?? 0;
  } while (taken > 0 && !isStopped());
}

/** One transaction of the importer, which may take five minutes. */
export function inImport<Result>(database: Database, work: (db: Db) => Promise<Result>): Promise<Result> {
  return inTransaction(database, systemContext('import'), work, { timeoutMillis: 300_000 });
}

class DryRunOver extends Error {}

async function writeBatch(db: Db, batch: Batch, options: WriteOptions): Promise<BatchOutcome> {
  const places = batch.places.map(({ place }) => place);
  await ensureCategories(db);
  await ensureLanguages(db, places);
  const { added, changed, reopened } = await compareWithStored(db, places, options.ownerId);
  const stale = [...added, ...changed];
  await deleteVanishedNames(db, changed);
  await upsertBusinesses(
    db,
    stale.map(({ place, hash }) => businessRow(place, hash, options.ownerId)),
  );
  if (options.ownerId !== null) {
    await upsertOwners(
      db,
      places.map(({ sourceId }) => businessIdOf(sourceId)),
    );
  }
  // After what holds their keys: a text gets its owner when it is written.
  await upsertTranslations(
    db,
    stale.flatMap(({ place }) => nameRows(place)),
  );
  await upsertLocations(
    db,
    stale.map(({ place }) => locationRow(place)),
  );
  await writeSpecialDays(db, stale, changed);
  await reopen(db, reopened);
  const { marked, ...closed } = await close(db, batch.closed);
  await markDuplicates(db, [...stale.map(({ place }) => businessIdOf(place.sourceId)), ...marked]);
  return {
    imported: added.length,
    updated: changed.length,
    unchanged: places.length - stale.length,
    closed,
    duplicates: await listDuplicates(db, places),
    refused: [],
    vouchers: options.withDemoVouchers ? await writeDemoVouchers(db, places) : { inserted: 0, updated: 0 },
  };
}

/** A database that was migrated but never seeded gets what the seed begins with; any other keeps its categories. */
async function ensureCategories(db: Db): Promise<void> {
  const wanted = osmCategories.map(categoryIdOf);
  const stored = await db.$queryRaw<unknown[]>(sql`
    SELECT FROM catalog.categories WHERE id = ANY (${wanted}::uuid[])`);
  if (stored.length < wanted.length) await seedReference(db);
}

async function ensureLanguages(db: Db, places: readonly Place[]): Promise<void> {
  const met = new Set(
    places.flatMap(({ names, otherNames, sourceLanguage }) => [
      sourceLanguage,
      ...Object.keys(names),
      ...Object.keys(otherNames),
    ]),
  );
  const stored = await db.$queryRaw<{ code: string }[]>(sql`
    SELECT code FROM i18n.languages WHERE code = ANY (${[...met]}::text[])`);
  for (const { code } of stored) met.delete(code);
  if (met.size > 0) await upsertLanguages(db, [...met].map(describeLanguage));
}

interface HashedPlace {
  place: Place;
  hash: string;
}

/** What is new, and what is not as it was last imported, closed since, or without the owner it is to have. */
async function compareWithStored(
  db: Db,
  places: readonly Place[],
  ownerId: string | null,
): Promise<{ added: HashedPlace[]; changed: HashedPlace[]; reopened: Place[] }> {
  const sourceIds = places.map(({ sourceId }) => sourceId);
  const rows = await db.$queryRaw<
    { sourceId: string; sourceHash: string | null; isClosed: boolean; isOwned: boolean }[]
  >(
    sql`
      SELECT source_id AS "sourceId", source_hash AS "sourceHash", closed_at IS NOT NULL AS "isClosed",
        owner_id IS NOT NULL AS "isOwned"
      FROM business.businesses WHERE source_id = ANY (${sourceIds}::text[])`,
  );
  const stored = new Map(rows.map((row) => [row.sourceId, row]));
  const hashed = places.map((place) => ({ place, hash: placeHash(place) }));
  return {
    added: hashed.filter(({ place }) => !stored.has(place.sourceId)),
    changed: hashed.filter(({ place, hash }) => {
      const row = stored.get(place.sourceId);
      return row !== undefined && (row.sourceHash !== hash || row.isClosed || (ownerId !== null && !row.isOwned));
    }),
    reopened: places.filter(({ sourceId }) => stored.get(sourceId)?.isClosed),
  };
}

async function deleteVanishedNames(db: Db, changed: readonly HashedPlace[]): Promise<void> {
  if (changed.length === 0) return;
  const kept = changed.flatMap(({ place }) => nameLanguages(place));
  await db.$executeRaw(sql`
    DELETE FROM i18n.translations t
    USING jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) AS k (key text, languages text[])
    WHERE t.key = k.key AND t.language_code <> ALL (k.languages)`);
}

async function writeSpecialDays(db: Db, stale: readonly HashedPlace[], changed: readonly HashedPlace[]): Promise<void> {
  const rows = stale.flatMap(({ place }) => specialDayRows(place));
  if (rows.length === 0 && changed.length === 0) return;
  await replaceSpecialDays(
    db,
    changed.map(({ place }) => locationIdOf(place.sourceId)),
    rows,
  );
}

async function reopen(db: Db, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  const ids = places.map(({ sourceId }) => businessIdOf(sourceId));
  await db.$executeRaw(
    sql`SELECT FROM business.businesses WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
  );
  await db.$executeRaw(sql`
    UPDATE business.businesses SET closed_at = NULL, updated_at = now()
    WHERE id = ANY (${ids}::uuid[]) AND closed_at IS NOT NULL`);
}

/** Marks those that are known here; `marked` are the ids of those that were not marked yet. */
async function close(
  db: Db,
  sourceIds: readonly string[],
): Promise<{ now: number; before: number; unknown: number; marked: string[] }> {
  if (sourceIds.length === 0) return { now: 0, before: 0, unknown: 0, marked: [] };
  const known = await db.$queryRaw<unknown[]>(sql`
    SELECT FROM business.businesses WHERE source_id = ANY (${[...sourceIds]}::text[])`);
  const marked = await db.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM business.businesses WHERE source_id = ANY (${[...sourceIds]}::text[]) AND closed_at IS NULL
    ORDER BY id FOR NO KEY UPDATE`);
  if (marked.length > 0) {
    await db.$executeRaw(sql`
      UPDATE business.businesses SET closed_at = now(), updated_at = now()
      WHERE id = ANY (${marked.map(({ id }) => id)}::uuid[])`);
  }
  return {
    now: marked.length,
    before: known.length - marked.length,
    unknown: sourceIds.length - known.length,
    marked: marked.map(({ id }) => id),
  };
}

async function markDuplicates(db: Db, businessIds: readonly string[]): Promise<void> {
  if (businessIds.length === 0) return;
  await db.$executeRaw(sql`SELECT business.mark_possible_duplicates(${[...businessIds]}::uuid[])`);
}

async function listDuplicates(db: Db, places: readonly Place[]): Promise<BatchOutcome['duplicates']> {
  return db.$queryRaw<BatchOutcome['duplicates']>(sql`
    SELECT b.source_id AS "sourceId", coalesce(other.source_id, other.id::text) AS of
    FROM business.businesses b JOIN business.businesses other ON other.id = b.possible_duplicate_of
    WHERE b.source_id = ANY (${places.map(({ sourceId }) => sourceId)}::text[])
    ORDER BY b.source_id`);
}

async function writeDemoVouchers(db: Db, places: readonly Place[]): Promise<Written> {
  const vouchers = places.flatMap(demoVouchers);
  const ids = vouchers.map(({ row }) => row.id);
  const written = await upsertVouchers(
    db,
    vouchers.map(({ row }) => row),
  );
  await upsertTranslations(
    db,
    vouchers.flatMap(({ texts }) => texts),
  );
  await linkVouchers(
    db,
    vouchers.map(({ row, locationId }) => ({ voucherId: row.id, locationId })),
  );
  await limitDrafts(db, vouchers);
  await settleDrafts(db, ids, 'published');
  return written;
}

/** Limits of drafts: of what was published before nothing is changed. */
async function limitDrafts(db: Db, vouchers: readonly DemoVoucher[]): Promise<void> {
  const limited = vouchers.flatMap(({ row: { id }, limitPerUser }) =>
    limitPerUser === null ? [] : { id, limitPerUser },
  );
  await db.$executeRaw(sql`
    UPDATE marketplace.vouchers AS voucher SET limit_per_user = r."limitPerUser"
    FROM jsonb_to_recordset(${JSON.stringify(limited)}::jsonb) AS r (id uuid, "limitPerUser" integer)
    WHERE voucher.id = r.id AND voucher.state = 'draft'`);
}
