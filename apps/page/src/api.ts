import { accessToken } from './account/session.ts';
import { ApiError, exchange, exchangeText, type Answer, type Question } from './exchange.ts';
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

/** Whether the reader can redeem it now; else every reason, by its code. */
export interface Redeemable {
  now: boolean;
  reasons: string[];
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
  redeemable: Redeemable;
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
    redeemable: Redeemable;
  })[];
}

export interface OpeningHours {
  dayOfWeek: number;
  opens: string;
  closes: string;
}

export interface LocationHours {
  id: string;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  weeklyHours: OpeningHours[] | null;
  /** From today on. */
  specialDays: { date: string; hours: { opens: string; closes: string }[] }[];
  /** As their source wrote them. */
  hoursText: string | null;
}

export interface Business {
  id: string;
  name: string | null;
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

/** Asks as the person who is logged in, if one is. A refused access token is renewed, and the question asked again. */
export async function ask<T>(path: string, question: Question = {}): Promise<Answer<T>> {
  return askWith((token) => exchange<T>(path, { ...question, token }), await accessToken());
}

/** As `ask`, for what is no JSON. */
export async function askText(path: string, accept: string): Promise<{ text: string; headers: Headers }> {
  return askWith((token) => exchangeText(path, { accept, token }), await accessToken());
}

async function askWith<T>(send: (token: string | null) => Promise<T>, token: string | null): Promise<T> {
  try {
    return await send(token);
  } catch (error) {
    if (token === null || !isRefusedToken(error)) throw error;
    return send(await accessToken(token));
  }
}

const isRefusedToken = (error: unknown) =>
  error instanceof ApiError && error.status === 401 && error.problem.code === 'auth.invalidToken';

/** Throws `ApiError`, and the `AbortError` of the signal. */
async function get<T>(path: string, query: NonNullable<Question['query']>, signal?: AbortSignal): Promise<T> {
  // What everybody may see is not withheld because the session cannot be renewed right now.
  const token = await accessToken().catch(() => null);
  const question = { query, signal: signal ?? null };
  const { body } = await askWith((own) => exchange<T | null>(path, { ...question, token: own }), token);
  if (body === null) throw new ApiError(200);
  return body;
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

export function getBusiness(id: string, language: string, signal?: AbortSignal) {
  return get<Business>(`/v1/businesses/${id}`, { language }, signal);
}

export const listCategories = (language: string) => get<List<Category>>('/v1/categories', { language });
export const listLanguages = () => get<List<Language>>('/v1/languages', {});
export const listCities = (q: string | null, signal?: AbortSignal) =>
  get<List<City>>('/v1/cities', { q, limit: 6 }, signal);
