import { minorDigitsOf } from '../format.ts';

/** What a person typed, in minor units: `12.500`, `12,50`, `١٢٫٥`. Null where it is no amount of the currency. */
export function readAmount(typed: string, currency: string): number | null {
  const digits = minorDigitsOf(currency);
  const text = latin(typed).replaceAll(/[\s'’٬\u00a0\u202f]/g, '');
  if (!/^\d[\d.,]*$/.test(text)) return null;
  const [, whole = '', fraction = ''] =
    digits === 0 ? ['', text] : (new RegExp(`^(.*?)(?:[.,](\\d{1,${digits}}))?$`).exec(text) ?? []);
  // Points and commas that are left stand between thousands.
  if (!/^\d+$|^\d{1,3}([.,]\d{3})+$/.test(whole)) return null;
  const minor = Number(whole.replaceAll(/[.,]/g, '') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** Digits of other scripts, and the decimal sign of Arabic. */
function latin(text: string): string {
  return text
    .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replaceAll('٫', ',');
}

const currencyOfCountry: Readonly<Record<string, string>> = {
  PY: 'PYG',
  AR: 'ARS',
  BR: 'BRL',
  UY: 'UYU',
  BO: 'BOB',
  CL: 'CLP',
  LB: 'LBP',
  GB: 'GBP',
  US: 'USD',
};

/** Where nothing else says it. */
export const usualCurrency = (countryCode: string | null): string =>
  (countryCode === null ? undefined : currencyOfCountry[countryCode]) ?? 'EUR';

export function currencies(): string[] {
  return Intl.supportedValuesOf('currency');
}
