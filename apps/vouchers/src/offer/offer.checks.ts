import type { FieldError } from '@pika/shared';
import type { OfferRow } from './offer.repository.ts';
import { missingOf } from './offer.mapper.ts';
import type { OfferContent } from './offer.schemas.ts';
import type { TextChange } from './offer-text.repository.ts';
import type { References } from './offer-write.repository.ts';

/** Rules between the fields of an offer. */
export function contentFaults({ discount, currency, limits, firstDay, lastDay }: OfferContent): FieldError[] {
  const isCapped = discount.type === 'percentage' && (discount.capMinor ?? null) !== null;
  const hasAmount = 'amountMinor' in discount || isCapped || (limits.budgetMinor ?? null) !== null;
  return [
    ...(hasAmount && currency === null ? [{ field: 'currency', code: 'required' }] : []),
    ...(!hasAmount && currency !== null ? [{ field: 'currency', code: 'noAmount' }] : []),
    ...(lastDay !== null && lastDay < firstDay ? [{ field: 'lastDay', code: 'beforeFirstDay' }] : []),
  ];
}

/** What points to nothing that the business may name; what it named before and has gone since is nobody's fault. */
export function referenceFaults(offer: OfferContent, found: References, before: OfferContent | null): FieldError[] {
  const { categoryId, currency, campaignId, locationIds } = offer;
  const campaignCurrency = found.campaign?.currency ?? null;
  return [
    ...(found.category || categoryId === before?.categoryId ? [] : [{ field: 'categoryId', code: 'unknownReference' }]),
    ...(currency === null || found.currency ? [] : [{ field: 'currency', code: 'unknownCurrency' }]),
    ...(found.locations === new Set(locationIds).size ? [] : [{ field: 'locationIds', code: 'unknownReference' }]),
    ...(campaignId === null || found.campaign !== null ? [] : [{ field: 'campaignId', code: 'unknownReference' }]),
    ...(campaignCurrency === null || campaignCurrency === currency
      ? []
      : [{ field: 'currency', code: 'otherCurrency', params: { currency: campaignCurrency } }]),
  ];
}

/** Texts in languages that there are; the source title stays. */
export function textFaults(
  changes: readonly TextChange[],
  sourceLanguage: string,
  known: readonly string[],
  { isNew }: { isNew: boolean },
): FieldError[] {
  const isOfSource = ({ field, language }: TextChange) => field === 'title' && language === sourceLanguage;
  const source = changes.find(isOfSource);
  const lacksTitle = isNew ? source === undefined : source?.value === null;
  return [
    ...(known.includes(sourceLanguage)
      ? []
      : [{ field: 'sourceLanguage', code: 'unknownLanguage', params: { known } }]),
    ...(lacksTitle ? [{ field: `title.${sourceLanguage}`, code: 'sourceText' }] : []),
    ...changes.flatMap(({ field, language }) =>
      known.includes(language) ? [] : [{ field: `${field}.${language}`, code: 'unknownLanguage', params: { known } }],
    ),
  ];
}

/** Why an offer cannot be shown to people: no location, its last day over everywhere, texts that its markets ask for. */
export function publishingFaults(offer: OfferRow, now: Date): FieldError[] {
  const { locations } = offer;
  const isOver =
    locations.length > 0 && locations.every(({ expiresAt }) => expiresAt !== null && new Date(expiresAt) <= now);
  return [
    ...missingOf(offer).map(({ field, language }) => ({
      field: `${field}.${language}`,
      code: offer.texts.some((text) => text.field === field && text.language === language) ? 'stale' : 'untranslated',
      params: { language },
    })),
    ...(locations.length === 0 ? [{ field: 'locationIds', code: 'required' }] : []),
    ...(isOver ? [{ field: 'lastDay', code: 'over' }] : []),
  ];
}
