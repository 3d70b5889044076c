import { sql, type Database, type Db } from '@pika/database';
import {
  booleanParameter,
  contextOf,
  languageParameter,
  route,
  slugParameter,
  violation,
  type Route,
  type Violation,
} from '@pika/shared';
import { z } from 'zod';
import { voucherProblems } from '../problems.ts';
import { nearbyQuery, radiusMetersDefault, voucherParams } from './voucher.schemas.ts';

interface WhyNotDeps {
  database: Database;
  now: () => Date;
}

const { latitude, longitude, radiusMeters } = nearbyQuery.shape;

const whyNotQuery = z.strictObject({
  latitude,
  longitude,
  radiusMeters,
  category: slugParameter().optional().meta({ description: 'The category of the list.' }),
  openNow: booleanParameter().optional().meta({ description: 'The list showed open places only.' }),
  redeemableNow: booleanParameter().optional().meta({ description: 'The list showed only what can be redeemed.' }),
  language: languageParameter(),
});

const whyNotAnswer = z
  .object({
    isListed: z.boolean().meta({ description: 'Nothing keeps it out of the list; it may stand on a later page.' }),
    hiddenBy: z.array(violation).meta({ description: 'Everything that keeps it out.' }),
    redeemable: z.object({ now: z.boolean(), violations: z.array(violation) }),
    locationId: z.uuid().nullable().meta({ description: 'The place that was looked at: the nearest.' }),
    distanceMeters: z.number().nullable(),
  })
  .meta({ id: 'WhyNot' });

export function whyNotRoutes({ database, now }: WhyNotDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/vouchers/{id}/why-not',
      operationId: 'explainVoucher',
      tags: ['Vouchers'],
      summary: 'Why is this offer not in my list?',
      access: 'public',
      params: voucherParams,
      query: whyNotQuery,
      responses: { 200: { description: 'Every reason.', content: { 'application/json': whyNotAnswer } } },
      problems: [voucherProblems['voucher.notFound'].code],
      handler: async ({ params: { id }, query, caller, request }) => {
        const userId = caller.kind === 'user' ? caller.userId : null;
        const found = await findWhyNot(database.public.db, { id, ...query, userId, at: now() });
        if (!found.isKnown) throw voucherProblems['voucher.notFound']();
        const { edge, messageLanguage } = contextOf(request);
        const tell = (each: Violation) => edge.messages.violation(messageLanguage, each);
        return {
          body: {
            isListed: found.hidden.length === 0,
            hiddenBy: found.hidden.map(tell),
            redeemable: {
              now: found.reasons.length === 0 && found.hidden.every(({ code }) => code.startsWith('list.')),
              violations: found.reasons.map(tell),
            },
            locationId: found.locationId,
            distanceMeters: found.distanceMeters === null ? null : Math.round(found.distanceMeters * 10) / 10,
          },
          contentLanguages: [messageLanguage],
          cacheControl: 'no-store',
        };
      },
    }),
  ];
}

interface WhyNot {
  isKnown: boolean;
  hidden: Violation[];
  reasons: Violation[];
  locationId: string | null;
  distanceMeters: number | null;
}

type Question = z.output<typeof whyNotQuery> & { id: string; userId: string | null; at: Date };

async function findWhyNot(db: Db, question: Question): Promise<WhyNot> {
  const [row] = await db.$queryRaw<[WhyNot]>(sql`
    /* findWhyNot */
    SELECT is_known AS "isKnown", hidden, reasons, location_id AS "locationId", distance_meters AS "distanceMeters"
    FROM marketplace.why_not(
      ${question.id}::uuid, ${question.latitude}::float8, ${question.longitude}::float8,
      ${question.radiusMeters ?? radiusMetersDefault}::float8, ${question.category ?? null}, ${question.openNow === true},
      ${question.redeemableNow === true}, ${question.userId}::uuid, ${question.at}::timestamptz)`);
  return row;
}
