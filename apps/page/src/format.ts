import type { Discount, Opening } from './api.ts';
import { languageOf, say } from './texts.ts';

/** A text of the page, with its language where that is another than the page's own. */
export interface Said {
  text: string;
  lang: string | null;
}

function told(key: string, values: Record<string, string | number> = {}): Said {
  return { text: say(key, values), lang: languageOf(key, values) };
}

/** ISO 4217: minor digits, where they are not two. Browsers know how many are usual to show, which is something else. */
const minorDigits: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

export const minorDigitsOf = (currency: string): number => minorDigits[currency] ?? 2;

/** Browsers that do not know Guaraní write numbers and dates as in Spanish. */
const localesOf = (language: string): string[] => (language === 'gn' ? ['es-PY'] : [language, 'en']);

export function money(minor: number, currency: string, language: string): string {
  const amount = minor / 10 ** minorDigitsOf(currency);
  const isWhole = Number.isInteger(amount);
  const parts = new Intl.NumberFormat(localesOf(language), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...(isWhole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
  }).formatToParts(amount);
  // Symbols are isolated: within a text from right to left the sign of `US$` would change its side.
  return parts.map(({ type, value }) => (type === 'currency' ? `\u2066${value}\u2069` : value)).join('');
}

/** Written content whose amounts stay on one line: `₲ 35.000`, `12 €`. */
export function withWholeAmounts(text: string): string {
  return text.replaceAll(/(\p{Sc}|\bGs\.?) (?=\d)|(\d) (?=\p{Sc})/gu, '$1$2\u00a0');
}

/** The few words on the badge of an offer. */
export function badge({ type, value, currency }: Discount, language: string): Said {
  const amount = () => money(value, currency ?? 'USD', language);
  const words: Readonly<Record<Discount['type'], () => Said>> = {
    percentage: () =>
      told('badge.percentage', {
        value: new Intl.NumberFormat(localesOf(language), { style: 'percent', maximumFractionDigits: 1 }).format(
          value / 100,
        ),
      }),
    fixed_amount: () => told('badge.fixedAmount', { value: amount() }),
    free_item: () => (value === 1 ? told('badge.freeItem') : told('badge.freeItems', { count: value })),
    fixed_price: () => told('badge.fixedPrice', { value: amount() }),
    gift_balance: () => told('badge.giftBalance', { value: amount() }),
  };
  return words[type]();
}

export function distance(meters: number, language: string): string {
  const isNear = meters < 1_000;
  return new Intl.NumberFormat(localesOf(language), {
    style: 'unit',
    unit: isNear ? 'meter' : 'kilometer',
    maximumFractionDigits: isNear || meters >= 10_000 ? 0 : 1,
  }).format(isNear ? (meters < 10 ? Math.round(meters) : Math.round(meters / 10) * 10) : meters / 1_000);
}

/** Open, when it opens next on its own clock, or that nobody knows. */
export function opening({ isOpen, opensAt, timeZone }: Opening, language: string, now = new Date()): Said {
  if (isOpen === null) return told('opening.unknown');
  if (isOpen) return told('opening.open');
  if (opensAt === null) return told('opening.closed');
  const at = new Date(opensAt);
  const day = (instant: Date) => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(instant);
  const isToday = day(at) === day(now);
  const isThisWeek = at.getTime() - now.getTime() < 6 * 86_400_000;
  const time = new Intl.DateTimeFormat(localesOf(language), {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(isToday ? {} : isThisWeek ? { weekday: 'short' } : { day: 'numeric', month: 'short' }),
  }).format(at);
  return told('opening.opensAt', { time });
}

/** The local date of an instant; for the end of validity, which is the midnight after the last day, that last day. */
export function date(instant: string, timeZone: string, language: string, isEnd = false): string {
  return new Intl.DateTimeFormat(localesOf(language), { timeZone, dateStyle: 'long' }).format(
    new Date(Date.parse(instant) - (isEnd ? 1 : 0)),
  );
}

/** `dayOfWeek` as ISO 8601 counts. */
export function weekday(dayOfWeek: number, language: string): string {
  return new Intl.DateTimeFormat(localesOf(language), { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2024, 0, dayOfWeek)),
  );
}

export function clock(time: string, language: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return new Intl.DateTimeFormat(localesOf(language), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2024, 0, 1, hour, minute)),
  );
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(localesOf(language)).format(value);
}

/** Date and time on the reader's own clock, on one line. */
export function moment(instant: string, language: string): string {
  return new Intl.DateTimeFormat(localesOf(language), { dateStyle: 'medium', timeStyle: 'short' })
    .format(new Date(instant))
    .replaceAll(/\s/g, '\u00a0');
}
