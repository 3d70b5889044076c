import type { Connection } from './pools.ts';
import { prunedBefore } from './market.ts';

export interface Difference {
  what: string;
  id: string;
  stored: unknown;
  wanted: unknown;
}

/** Refreshes what was queued; says how many vouchers that were. */
export async function drainQueue(db: Connection): Promise<number> {
  let drained = 0;
  for (;;) {
    const { rows } = await db.query<{ taken: number }>('SELECT marketplace.refresh_stale_cards(500) AS taken');
    if (rows[0]!.taken === 0) return drained;
    drained += rows[0]!.taken;
  }
}

/** Every row of the read model that is not what computing everything anew gives. */
export async function differences(db: Connection): Promise<Difference[]> {
  const { rows } = await db.query<Difference>(
    `
    WITH stored_card AS (
      SELECT c.location_id || '/' || c.voucher_id AS id, to_jsonb(c) AS row FROM marketplace.cards c
      WHERE c.expires_at >= $1 OR c.expires_at IS NULL
    ), wanted_card AS (
      SELECT c.location_id || '/' || c.voucher_id AS id, to_jsonb(c) AS row
      FROM marketplace.compute_cards(ARRAY(SELECT v.id FROM marketplace.vouchers v)) AS c
      WHERE c.expires_at >= $1 OR c.expires_at IS NULL
    ), stored_facet AS (
      SELECT f.facet_id || '/' || f.location_id AS id, to_jsonb(encode(public.ST_AsEWKB(f.position::public.geometry), 'hex')) AS row
      FROM marketplace.location_facets f
    ), wanted_facet AS (
      SELECT f.facet_id || '/' || f.location_id AS id, to_jsonb(encode(public.ST_AsEWKB(f.position::public.geometry), 'hex')) AS row
      FROM marketplace.compute_facets(ARRAY(SELECT l.id FROM business.locations l)) AS f
    )
    SELECT 'card' AS what, id, s.row AS stored, w.row AS wanted
    FROM stored_card s FULL JOIN wanted_card w USING (id) WHERE s.row IS DISTINCT FROM w.row
    UNION ALL
    SELECT 'facet', id, s.row, w.row
    FROM stored_facet s FULL JOIN wanted_facet w USING (id) WHERE s.row IS DISTINCT FROM w.row`,
    [prunedBefore],
  );
  return rows.map(onlyWhatDiffers);
}

/** Short enough to read: equal columns are left out. */
function onlyWhatDiffers(difference: Difference): Difference {
  const { stored, wanted } = difference;
  if (!isRecord(stored) || !isRecord(wanted)) {
    return {
      ...difference,
      stored: stored === null ? 'no row' : 'a row',
      wanted: wanted === null ? 'no row' : 'a row',
    };
  }
  const names = Object.keys(wanted).filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(wanted[name]));
  const of = (row: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, row[name]]));
  return { ...difference, stored: of(stored), wanted: of(wanted) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
