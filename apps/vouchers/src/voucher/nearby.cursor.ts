import { createHash } from 'node:crypto';
import { openCursor, sealCursor } from '@pika/shared';
import { z } from 'zod';
import type { NearbyFilter, NearbyPosition } from './voucher.search.ts';

/** Where a walk through the pages stands: after which row, of which query, since when. */
export interface NearbyCursor {
  after: NearbyPosition;
  at: Date;
  batch: number;
}

type NearbyArea = Pick<
  NearbyFilter,
  | 'latitude'
  | 'longitude'
  | 'radiusMeters'
  | 'bounds'
  | 'category'
  | 'businessId'
  | 'words'
  | 'language'
  | 'onlyRedeemable'
> & { open: string | null };

const payloadSchema = z.object({
  query: z.string(),
  after: z.tuple([z.number(), z.uuid(), z.uuid()]),
  at: z.number(),
  batch: z.int().min(1).max(1_000_000),
});

/** Opaque; only the same server secret and the same query open it again. The distance keeps its full precision. */
export function writeNearbyCursor(area: NearbyArea, { after, at, batch }: NearbyCursor, secret: string): string {
  return sealCursor(
    {
      query: fingerprint(area),
      after: [after.distanceMeters, after.locationId, after.voucherId],
      at: at.getTime(),
      batch,
    },
    secret,
  );
}

/** Null where the text was not made by us, or for another query. */
export function readNearbyCursor(area: NearbyArea, text: string, secret: string): NearbyCursor | null {
  const payload = payloadSchema.safeParse(openCursor(text, secret));
  if (!payload.success || payload.data.query !== fingerprint(area)) return null;
  const { after, at, batch } = payload.data;
  return {
    after: { distanceMeters: after[0], locationId: after[1], voucherId: after[2] },
    at: new Date(at),
    batch,
  };
}

/** Whether we made it, for whatever query. */
export function isNearbyCursor(text: string, secret: string): boolean {
  return payloadSchema.safeParse(openCursor(text, secret)).success;
}

/** What must not change during a walk. The language counts only where words are searched for in it. */
function fingerprint(area: NearbyArea): string {
  const { latitude, longitude, radiusMeters, bounds, category, businessId, words, open, language, onlyRedeemable } =
    area;
  const chain = words === null ? null : language.chain;
  return createHash('sha256')
    .update(
      JSON.stringify([
        latitude,
        longitude,
        radiusMeters,
        bounds,
        category,
        businessId,
        words,
        open,
        chain,
        onlyRedeemable,
      ]),
    )
    .digest('base64url')
    .slice(0, 16);
}
