import {
  categoryIdOf,
  linkVouchers,
  Prisma,
  seedReference,
  setVoucherStates,
  upsertBusinesses,
  upsertLanguages,
  upsertLocations,
  upsertTranslations,
  upsertVouchers,
  type Database,
  type Db,
  type Written,
} from '@pika/database';
import { describeLanguage } from './content-language.ts';
import { demoVouchers } from './demo-vouchers.ts';
import { osmCategories } from './osm-category.ts';
import { businessRow, locationRow, nameKeyOf, nameRows, placeHash } from './place-rows.ts';
import type { Place } from './place.ts';

export interface WriteOptions {
  withDemoVouchers: boolean;
  isDryRun: boolean;
}

export interface BatchOutcome {
  imported: number;
  updated: number;
  unchanged: number;
  vouchers: Written;
}

/**
 * Writes places, all or none, and says what that changed. A place that is as it was last imported is left alone, with
 * whatever was edited here since. A dry run does the same and takes it back.
 */
export async function writePlaces(
  { prisma }: Database,
  places: readonly Place[],
  { withDemoVouchers, isDryRun }: WriteOptions,
): Promise<BatchOutcome> {
  let outcome: BatchOutcome | null = null;
  const write = async (db: Db) => {
    await ensureCategories(db);
    await ensureLanguages(db, places);
    const { added, changed } = await compareWithStored(db, places);
    await deleteVanishedNames(db, changed);
    const stale = [...added, ...changed];
    await upsertTranslations(db, stale.flatMap(nameRows));
    await upsertBusinesses(db, stale.map(businessRow));
    await upsertLocations(db, stale.map(locationRow));
    outcome = {
      imported: added.length,
      updated: changed.length,
      unchanged: places.length - stale.length,
      vouchers: withDemoVouchers ? await writeDemoVouchers(db, places) : { inserted: 0, updated: 0 },
    };
    if (isDryRun) throw new DryRunOver();
  };
  try {
    await prisma.$transaction(write, { timeout: 300_000, maxWait: 30_000 });
  } catch (error) {
    if (!(error instanceof DryRunOver)) throw error;
  }
  if (outcome === null) throw new Error('the batch ended without an outcome');
  return outcome;
}

/** Refreshes what large updates have queued, so that all that is shown is true when the command ends. */
export async function refreshQueuedCards({ prisma }: Database): Promise<void> {
  let taken = 0;
  do {
    const rows = await prisma.$queryRaw<{ taken: number }[]>(Prisma.sql`
      SELECT marketplace.refresh_stale_cards(500) AS taken`);
    taken = rows[0]?.taken ?? 0;
  } while (taken > 0);
}

class DryRunOver extends Error {}

/** A database that was migrated but never seeded gets what the seed begins with; any other keeps its categories. */
async function ensureCategories(db: Db): Promise<void> {
  const wanted = osmCategories.map(categoryIdOf);
  const stored = await db.$queryRaw<unknown[]>(Prisma.sql`
    SELECT FROM catalog.categories WHERE id = ANY (${wanted}::uuid[])`);
  if (stored.length < wanted.length) await seedReference(db);
}

async function ensureLanguages(db: Db, places: readonly Place[]): Promise<void> {
  const met = new Set(places.flatMap(({ names, sourceLanguage }) => [sourceLanguage, ...Object.keys(names)]));
  const stored = await db.$queryRaw<{ code: string }[]>(Prisma.sql`
    SELECT code FROM i18n.languages WHERE code = ANY (${[...met]}::text[])`);
  for (const { code } of stored) met.delete(code);
  if (met.size > 0) await upsertLanguages(db, [...met].map(describeLanguage));
}

async function compareWithStored(db: Db, places: readonly Place[]): Promise<{ added: Place[]; changed: Place[] }> {
  const sourceIds = places.map(({ sourceId }) => sourceId);
  const rows = await db.$queryRaw<{ sourceId: string; sourceHash: string | null }[]>(Prisma.sql`
    SELECT source_id AS "sourceId", source_hash AS "sourceHash"
    FROM business.businesses WHERE source_id = ANY (${sourceIds}::text[])`);
  const stored = new Map(rows.map(({ sourceId, sourceHash }) => [sourceId, sourceHash]));
  return {
    added: places.filter(({ sourceId }) => !stored.has(sourceId)),
    changed: places.filter((place) => stored.has(place.sourceId) && stored.get(place.sourceId) !== placeHash(place)),
  };
}

async function deleteVanishedNames(db: Db, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  const kept = places.map((place) => ({ key: nameKeyOf(place), languages: Object.keys(place.names) }));
  await db.$executeRaw(Prisma.sql`
    DELETE FROM i18n.translations t
    USING jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) AS k (key text, languages text[])
    WHERE t.key = k.key AND t.language_code <> ALL (k.languages)`);
}

async function writeDemoVouchers(db: Db, places: readonly Place[]): Promise<Written> {
  const vouchers = places.flatMap(demoVouchers);
  const ids = vouchers.map(({ row }) => row.id);
  await upsertTranslations(
    db,
    vouchers.flatMap(({ texts }) => texts),
  );
  const written = await upsertVouchers(
    db,
    vouchers.map(({ row }) => row),
  );
  await linkVouchers(
    db,
    vouchers.map(({ row, locationId }) => ({ voucherId: row.id, locationId })),
  );
  // Drafts are the new ones: what an operator suspended or archived stays so.
  const drafts = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    SELECT id FROM marketplace.vouchers WHERE id = ANY (${ids}::uuid[]) AND state = 'draft'`);
  await setVoucherStates(
    db,
    drafts.map(({ id }) => id),
    'published',
  );
  return written;
}
