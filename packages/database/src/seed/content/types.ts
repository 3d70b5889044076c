export type SeedLanguage = 'es' | 'en' | 'gn' | 'ar' | 'fr';
export type Texts = Partial<Record<SeedLanguage, string>>;
/** [days as in OpenStreetMap ("Mo-Fr", "Sa,Su"), opens "HH:MM", closes "HH:MM"]; closing at or before opening means past midnight. */
export type Hours = readonly [days: string, opens: string, closes: string];
export interface SeedCategory {
  slug: string;
  parent: string | null;
  names: Texts;
}
export interface SeedLocation {
  slug: string;
  latitude: number;
  longitude: number;
  street: string;
  city: string;
  countryCode: string;
  timeZone: string;
  hours: readonly Hours[] | null;
}
export type SeedDiscount =
  | { type: 'percentage'; percent: number; capMinor?: number; currency?: string }
  | { type: 'fixed_amount'; amountMinor: number; currency: string }
  | { type: 'free_item'; quantity: number }
  | { type: 'fixed_price'; amountMinor: number; currency: string }
  | { type: 'gift_balance'; amountMinor: number; currency: string };
export interface SeedVoucher {
  slug: string;
  category?: string;
  title: Texts;
  description: Texts;
  terms: Texts;
  /**
   * The days and hours that the title and the terms name; without, always. A day lasts from 00:00 to 24:00, or its night until
   * the bar closes; "until" begins at 00:00, "from" ends at 24:00, a lunch, a dinner or a morning is that of the opening
   * hours, and a show is from half an hour before it begins until it is about over.
   */
  redeemableHours?: readonly Hours[];
  discount: SeedDiscount;
  validFrom: string /* local date YYYY-MM-DD */;
  validUntil: string | null /* inclusive local date */;
  state?: 'draft' | 'published' | 'archived' /* default published */;
  locations?: readonly string[] /* location slugs; default all */;
}
export interface SeedBusiness {
  slug: string;
  sourceLanguage: SeedLanguage;
  category: string;
  name: Texts;
  description: Texts;
  phone?: string;
  website?: string;
  locations: readonly SeedLocation[];
  vouchers: readonly SeedVoucher[];
}
