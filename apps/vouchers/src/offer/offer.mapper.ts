import { weeklyHoursOf, instantText } from '@pika/shared';
import type { OfferRow, OfferTextRow } from './offer.repository.ts';
import type { Offer } from './offer.schemas.ts';

/** Without these nothing is published; terms may be left out. */
const requiredFields = ['title', 'description'] as const;

type Field = OfferTextRow['field'];
type FieldLanguage = Offer['missing'][number];

export function mapOffer(row: OfferRow): Offer {
  const textsOf = (field: Field) =>
    Object.fromEntries(row.texts.flatMap((text) => (text.field === field ? [[text.language, text.value]] : [])));
  return {
    id: row.id,
    businessId: row.businessId,
    state: row.state,
    version: row.version,
    sourceLanguage: row.sourceLanguage,
    title: textsOf('title'),
    description: textsOf('description'),
    terms: textsOf('terms'),
    stale: row.texts.flatMap(({ field, language, isStale }) => (isStale ? [{ field, language }] : [])),
    missing: missingOf(row),
    categoryId: row.categoryId,
    discount: discountOf(row),
    currency: row.currency,
    firstDay: row.firstDay,
    lastDay: row.lastDay,
    validDaysAfterClaim: row.validDaysAfterClaim,
    redeemableHours: row.redeemableMinutes === null ? null : weeklyHoursOf(row.redeemableMinutes),
    locations: row.locations.map(({ requiredLanguages: _languages, ...location }) => location),
    campaignId: row.campaignId,
    limits: {
      total: row.limitTotal,
      perUser: row.limitPerUser,
      perUserPerDay: row.limitPerUserDay,
      perLocationPerDay: row.limitPerLocationDay,
      budgetMinor: row.budgetMinor,
      claims: row.claimLimitTotal,
      claimsPerUser: row.claimLimitPerUser,
    },
    counters: { redeemed: row.usedCount, discountMinor: row.discountMinor, claimed: row.claimedCount },
    geofenceMeters: row.geofenceMeters,
    rollbackWindowMinutes: row.rollbackWindowMinutes,
    stackingGroup: row.stackingGroup,
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  };
}

/**
 * What the markets of its locations ask for and it lacks: a title and a description in each of their languages and in its
 * own, and no text in one of them that is stale.
 */
export function missingOf({ texts, locations, sourceLanguage }: OfferRow): FieldLanguage[] {
  const languages = new Set([sourceLanguage, ...locations.flatMap(({ requiredLanguages }) => requiredLanguages)]);
  const good = new Set(texts.flatMap(({ field, language, isStale }) => (isStale ? [] : [`${field} ${language}`])));
  const lacking = requiredFields.flatMap((field) =>
    [...languages].flatMap((language) => (good.has(`${field} ${language}`) ? [] : [{ field, language }])),
  );
  const outdated = texts.flatMap(({ field, language, isStale }) =>
    field === 'terms' && isStale && languages.has(language) ? [{ field, language }] : [],
  );
  return [...lacking, ...outdated];
}

function discountOf(row: OfferRow): Offer['discount'] {
  switch (row.discountType) {
    case 'percentage':
      return { type: 'percentage', percent: row.percentOff ?? 0, capMinor: row.percentCapMinor };
    case 'fixed_amount':
      return { type: 'fixed_amount', amountMinor: row.amountOffMinor ?? 0 };
    case 'free_item':
      return { type: 'free_item', quantity: row.freeItemQuantity ?? 0 };
    case 'fixed_price':
      return { type: 'fixed_price', amountMinor: row.fixedPriceMinor ?? 0 };
    default:
      return { type: 'gift_balance', amountMinor: row.giftBalanceMinor ?? 0 };
  }
}
