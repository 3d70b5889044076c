import {
  categoryIdOf,
  discountColumns,
  stableId,
  weeklyMinutes,
  type TranslationRow,
  type VoucherRow,
} from '@pika/database';
import { createHash } from 'node:crypto';
import { likelyCountryOf } from './content-language.ts';
import { demoTemplates, type DemoTemplate } from './demo-templates.ts';
import { businessIdOf, locationIdOf } from './place-rows.ts';
import type { Place } from './place.ts';

export interface DemoVoucher {
  row: VoucherRow;
  locationId: string;
  limitPerUser: number | null;
  texts: TranslationRow[];
}

/** By country, its currency and about the price of a coffee there, in minor units. */
const prices: Readonly<Record<string, readonly [currency: string, unitMinor: number]>> = {
  AR: ['ARS', 250_000],
  BR: ['BRL', 900],
  CN: ['CNY', 2_000],
  DE: ['EUR', 300],
  ES: ['EUR', 200],
  FR: ['EUR', 300],
  GB: ['GBP', 350],
  IT: ['EUR', 200],
  JP: ['JPY', 400],
  KR: ['KRW', 4_500],
  LB: ['USD', 300],
  PT: ['EUR', 150],
  PY: ['PYG', 15_000],
  TH: ['THB', 6_000],
  VN: ['VND', 35_000],
};
const elsewhere = ['USD', 400] as const;

/**
 * One or two offers to try the market with. Which ones hangs on the source id alone; the currency is that of the
 * place's country, or of the country where its source language is most at home.
 */
export function demoVouchers(place: Place): DemoVoucher[] {
  const [first = 0, second = 0] = createHash('sha256').update(place.sourceId).digest();
  const at = first % demoTemplates.length;
  const step = second % demoTemplates.length;
  // A step of 0 would give the same offer twice: these places have one.
  const chosen = step % 2 === 0 ? [at] : [at, (at + step) % demoTemplates.length];
  return chosen.flatMap((position) => demoTemplates[position] ?? []).map((template) => demoVoucher(place, template));
}

function demoVoucher(place: Place, template: DemoTemplate): DemoVoucher {
  const id = stableId(`voucher:${place.sourceId}/${template.slug}`);
  const country = place.countryCode ?? likelyCountryOf(place.sourceLanguage) ?? '';
  const [currency, unitMinor] = prices[country] ?? elsewhere;
  const texts = (['title', 'description', 'terms'] as const).flatMap((field) =>
    Object.entries(template[field]).map(([language, value]) => ({
      key: `voucher.${id}.${field}`,
      language,
      value,
      domain: 'voucher' as const,
    })),
  );
  const row = {
    id,
    businessId: businessIdOf(place.sourceId),
    categoryId: categoryIdOf(place.category),
    titleKey: `voucher.${id}.title`,
    descriptionKey: `voucher.${id}.description`,
    termsKey: `voucher.${id}.terms`,
    sourceLanguage: 'es',
    validFrom: '2025-01-01',
    validUntil: '2030-12-31',
    redeemableMinutes: template.redeemableHours === undefined ? null : weeklyMinutes(template.redeemableHours),
    ...discountColumns(template.discount(currency, unitMinor)),
  };
  return { row, locationId: locationIdOf(place.sourceId), limitPerUser: template.limitPerUser ?? null, texts };
}
