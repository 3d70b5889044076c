import { sql, type Database } from '@pika/database';
import { invalidRequest, preparedJson, route, type Caller, type FieldError, type Route } from '@pika/shared';
import type { SeenRecorder } from '../analytics/seen.recorder.ts';
import { ownVoucherOf } from '../offer/own-voucher.ts';
import { voucherProblems } from '../problems.ts';
import { isNearbyCursor, readNearbyCursor, writeNearbyCursor } from './nearby.cursor.ts';
import { mapVoucher } from './voucher.mapper.ts';
import { findVoucher, listVoucherLocations } from './voucher.repository.ts';
import {
  coordinatePair,
  nearbyAnswer,
  nearbyGeoJson,
  nearbyQuery,
  pointOf,
  radiusMetersDefault,
  voucherAnswer,
  voucherParams,
  voucherQuery,
} from './voucher.schemas.ts';
import { searchNearby } from './voucher.search.ts';

export interface VoucherDeps {
  database: Database;
  cursorSecret: string;
  /** How many locations the nearby search should look at first for a page of so many. */
  nearbyBatch: (limit: number) => number;
  /** Notes what lists have shown; nothing is noted without it. */
  seen?: Pick<SeenRecorder, 'note'>;
  now: () => Date;
}

const geoJson = 'application/geo+json';

/** Answers may be kept for a few seconds; after that the tag saves sending them again. */
const cacheControl = 'public, max-age=10';

export function voucherRoutes(deps: VoucherDeps): Route[] {
  return [searchNearbyRoute(deps), getVoucherRoute(deps)];
}

function searchNearbyRoute({ database, cursorSecret, nearbyBatch, seen, now }: VoucherDeps): Route {
  return route({
    method: 'get',
    path: '/v1/vouchers/nearby',
    operationId: 'searchNearbyVouchers',
    tags: ['Vouchers'],
    summary: 'Offers near a point, nearest first',
    description:
      'Each offer once, at its nearest place, by geodesic distance. The order is total (distance, location id, ' +
      'voucher id), and a walk through the pages shows the state of the minute it began in.',
    access: 'public',
    query: nearbyQuery,
    readsAfter: true,
    responses: {
      200: {
        description: 'A page of offers.',
        content: { 'application/json': nearbyAnswer, [geoJson]: nearbyGeoJson },
      },
    },
    crossChecks: (query) => [
      ...conflict(query, 'bbox', 'radiusMeters', 'eitherAreaOrRadius'),
      ...conflict(query, 'openAt', 'openNow', 'eitherNowOrAt'),
    ],
    invalid: async ({ query: { category, cursor } }) => [
      ...(category === undefined || (await isCategory(database, category)) ? [] : [unknownCategory]),
      ...(cursor === undefined || isNearbyCursor(cursor, cursorSecret) ? [] : [foreignCursor]),
    ],
    handler: async ({ query, language, mediaType, readAfter, caller }) => {
      const area = {
        latitude: query.latitude,
        longitude: query.longitude,
        radiusMeters: query.bbox === undefined ? (query.radiusMeters ?? radiusMetersDefault) : null,
        bounds: query.bbox ?? null,
        category: query.category ?? null,
        businessId: query.business ?? null,
        words: query.q ?? null,
        open: query.openNow === true ? 'now' : (query.openAt?.toISOString() ?? null),
        language,
        onlyRedeemable: query.redeemableNow === true,
      };
      const cursor = query.cursor === undefined ? null : readNearbyCursor(area, query.cursor, cursorSecret);
      if (query.cursor !== undefined && cursor === null) {
        const isKnown = query.category === undefined || (await isCategory(database, query.category));
        throw invalidRequest(isKnown ? [foreignCursor] : [unknownCategory, foreignCursor]);
      }
      const at = cursor?.at ?? startOfMinute(now());
      const format = mediaType === geoJson ? 'geojson' : 'json';
      const found = await searchNearby(database.publicAfter(readAfter), {
        ...area,
        userId: userOf(caller),
        openAt: query.openNow === true ? at : (query.openAt ?? null),
        at,
        limit: query.limit,
        after: cursor?.after ?? null,
        batch: cursor?.batch ?? nearbyBatch(query.limit),
        format,
      });
      if (!found.isCategoryKnown) throw invalidRequest([unknownCategory]);
      seen?.note({ data: found.data, language: language.chain[0] ?? null, at });
      const next =
        found.next === null
          ? 'null'
          : `"${writeNearbyCursor(area, { after: found.next, at, batch: found.batch }, cursorSecret)}"`;
      const head = format === 'geojson' ? '{"type":"FeatureCollection","features":[' : '{"data":[';
      return {
        body: preparedJson(`${head}${found.data}],"page":{"next":${next}}}`),
        contentLanguages: found.languages,
        cacheControl,
        etag: true,
      };
    },
  });
}

function getVoucherRoute({ database, now }: VoucherDeps): Route {
  const ownVoucher = ownVoucherOf(database);
  return route({
    method: 'get',
    path: '/v1/vouchers/{id}',
    operationId: 'getVoucher',
    tags: ['Vouchers'],
    summary: 'One offer with every place it is valid at',
    description:
      'Members of its business, and its keys with `offers.read`, are given it in every state, with `offer`: the offer as they ' +
      'may change it, whose version is the `ETag`.',
    access: 'public',
    params: voucherParams,
    query: voucherQuery,
    readsAfter: true,
    responses: { 200: { description: 'The offer.', content: { 'application/json': voucherAnswer } } },
    problems: [voucherProblems['voucher.notFound'].code],
    crossChecks: coordinatePair,
    handler: async ({ params, query, language, readAfter, caller, requestId, clientAddress }) => {
      const point = pointOf(query);
      const at = startOfMinute(now());
      const own = await ownVoucher({ caller, id: params.id, point, language, at, requestId, clientAddress });
      if (own !== null) return own;
      const { db } = database.publicAfter(readAfter);
      const [text, locations] = await Promise.all([
        findVoucher(db, params.id, language),
        listVoucherLocations(db, params.id, point, userOf(caller), at),
      ]);
      if (text === null || locations.length === 0) throw voucherProblems['voucher.notFound']();
      return { body: mapVoucher(text, locations), contentLanguages: text[2], cacheControl, etag: true };
    },
  });
}

const userOf = (caller: Caller): string | null => (caller.kind === 'user' ? caller.userId : null);

const unknownCategory: FieldError = { field: 'category', code: 'unknownCategory' };
const foreignCursor: FieldError = { field: 'cursor', code: 'foreignCursor' };

function conflict(query: Readonly<Record<string, string>>, field: string, other: string, code: string): FieldError[] {
  return query[field] === undefined || query[other] === undefined ? [] : [{ field, code }];
}

/** True also for what is no slug at all: the schema has refused that already. */
async function isCategory({ public: { db } }: Database, slug: string): Promise<boolean> {
  if (!nearbyQuery.shape.category.safeParse(slug).success) return true;
  const rows = await db.$queryRaw<unknown[]>(sql`
    SELECT FROM catalog.categories WHERE slug = ${slug} AND deleted_at IS NULL`);
  return rows.length > 0;
}

/** Validity and opening hours change on whole minutes, so this loses nothing, and equal questions get equal answers. */
function startOfMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000);
}
