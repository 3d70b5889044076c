import type { State } from './state.ts';

/** The parts of the API's answers that the page shows; the whole of them stands in `/openapi.json`. */
export interface Texts {
  /** The wanted language; `served` names the fields that are in another one. */
  language: string | null;
  served: Readonly<Record<string, string>>;
}

export interface Discount {
  type: 'percentage' | 'fixed_amount' | 'free_item' | 'fixed_price' | 'gift_balance';
  value: number;
  capMinor: number | null;
  currency: string | null;
}

export interface Opening {
  timeZone: string;
  isOpen: boolean | null;
  opensAt: string | null;
}

interface OfferBase extends Texts {
  id: string;
  title: string | null;
  description: string | null;
  terms: string | null;
  discount: Discount;
  category: { slug: string; name: string | null };
  business: { id: string; name: string | null };
  attribution: string | null;
}

export interface Offer extends OfferBase {
  location: Opening & { id: string; latitude: number; longitude: number; distanceMeters: number };
}

export interface OfferDetail extends OfferBase {
  locations: (Opening & {
    id: string;
    latitude: number;
    longitude: number;
    distanceMeters: number | null;
    street: string | null;
    city: string | null;
    validFrom: string;
    expiresAt: string | null;
  })[];
}

export interface OpeningHours {
  dayOfWeek: number;
  opens: string;
  closes: string;
}

export interface LocationHours {
  id: string;
  weeklyHours: OpeningHours[] | null;
  /** From today on. */
  specialDays: { date: string; hours: { opens: string; closes: string }[] }[];
  /** As their source wrote them. */
  hoursText: string | null;
}

export interface Business {
  phone: string | null;
  website: string | null;
  locations: LocationHours[];
}

export interface Category extends Texts {
  slug: string;
  depth: number;
  name: string | null;
}

export interface Language {
  code: string;
  name: string;
  direction: 'ltr' | 'rtl';
  isDefault: boolean;
}

export interface City {
  name: string;
  countryCode: string | null;
  latitude: number;
  longitude: number;
  placeCount: number;
}

export interface List<T> {
  data: T[];
  page: { next: string | null };
}

/** The API answered with a problem (RFC 9457), or not at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  /** In the reader's language, from the API itself. */
  readonly detail: string | null;

  constructor(status: number, detail: string | null, cause?: unknown) {
    super(detail ?? `HTTP ${status}`, { cause });
    this.status = status;
    this.detail = detail;
  }
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Throws `ApiError`, and the `AbortError` of the signal. */
async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== false) search.set(name, String(value));
  }
  let response: Response;
  try {
    response = await fetch(search.size === 0 ? path : `${path}?${search}`, {
      headers: { Accept: 'application/json' },
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, null, error);
  }
  const body: unknown = await response.json().catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    return null;
  });
  if (response.ok && body !== null) return body as T;
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : null;
  throw new ApiError(response.status, detail);
}

export const pageSize = 50;

export function searchOffers(state: State, language: string, cursor: string | null, signal: AbortSignal) {
  const { place, radiusMeters, category, words, isOpenNow } = state;
  const { latitude, longitude } = place;
  return get<List<Offer>>(
    '/v1/vouchers/nearby',
    { latitude, longitude, radiusMeters, category, q: words, openNow: isOpenNow, language, limit: pageSize, cursor },
    signal,
  );
}

export function getOffer(id: string, { latitude, longitude }: State['place'], language: string, signal: AbortSignal) {
  return get<OfferDetail>(`/v1/vouchers/${id}`, { latitude, longitude, language }, signal);
}

export function getBusiness(id: string, language: string, signal: AbortSignal) {
  return get<Business>(`/v1/businesses/${id}`, { language }, signal);
}

export const listCategories = (language: string) => get<List<Category>>('/v1/categories', { language });
export const listLanguages = () => get<List<Language>>('/v1/languages', {});
export const listCities = (q: string | null, signal?: AbortSignal) =>
  get<List<City>>('/v1/cities', { q, limit: 6 }, signal);
