import { randomUUID } from 'node:crypto';
import {
  addBusiness,
  addLanguages,
  addPerson,
  foodCategory,
  insertRows,
  jsonType,
  locationRow,
  openTestDatabase,
  testClock,
  tokenOf,
  tokenOfKey,
  withKey,
  type Api,
  type ApiAnswer,
  type OpenTestDatabase,
  type TestClock,
} from '@pika/tests';
import { startVouchersApi } from './vouchers-api.ts';

export const staffNames = ['owner', 'manager', 'redeemer', 'stranger'] as const;
type Name = (typeof staffNames)[number] | 'key' | 'readKey' | 'otherKey';

/** A business in Paraguay, whose market asks for es and en, with its people and keys, and one of somebody else. */
export interface OfferWorld {
  test: OpenTestDatabase;
  api: Api;
  clock: TestClock;
  businessId: string;
  otherBusinessId: string;
  headers: Record<Name, { Authorization: string }>;
  ids: Record<(typeof staffNames)[number], string>;
  addLocation(timeZone?: string, countryCode?: string | null): Promise<string>;
  /** Of a draft; `fields` replace what is sent by default. */
  draft(fields?: Record<string, unknown>, as?: Name): Promise<ApiAnswer>;
  move(as: Name, id: string, verb: string, ifMatch?: string): Promise<ApiAnswer>;
  patch(as: Name, id: string, body: unknown, ifMatch?: string): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export async function openOfferWorld(now = '2026-03-04T15:00:00Z'): Promise<OfferWorld> {
  const clock = testClock(now);
  const test = await openTestDatabase();
  const { pool } = test;
  await addLanguages(pool);
  await insertRows(pool, 'catalog.markets', [
    { country_code: 'PY', currency_code: 'PYG', default_language: 'es', required_languages: ['es', 'en'] },
    { country_code: 'LB', currency_code: 'LBP', default_language: 'ar', required_languages: ['ar'] },
  ]);
  const api = await startVouchersApi(test, clock);
  const ids = {} as OfferWorld['ids'];
  for (const name of staffNames) ids[name] = await addPerson(test);
  const { owner, manager, redeemer, stranger } = ids;
  const businessId = await addBusiness(test, { [owner]: 'owner', [manager]: 'manager', [redeemer]: 'redeemer' });
  const otherBusinessId = await addBusiness(test, { [stranger]: 'owner' });
  const headers = {} as OfferWorld['headers'];
  for (const name of staffNames) headers[name] = await tokenOf(test, ids[name]);
  const scopes = ['offers.read', 'offers.write'];
  headers.key = (await tokenOfKey(test, businessId, scopes)).headers;
  headers.readKey = (await tokenOfKey(test, businessId, ['offers.read'])).headers;
  headers.otherKey = (await tokenOfKey(test, otherBusinessId, scopes)).headers;

  const addLocationOf = async (ofBusiness: string, timeZone: string, countryCode: string | null): Promise<string> => {
    const id = randomUUID();
    const place = locationRow({ id, businessId: ofBusiness, latitude: -25.28, longitude: -57.63, timeZone });
    await insertRows(pool, 'business.locations', [{ ...place, country_code: countryCode }]);
    return id;
  };

  return {
    test,
    api,
    clock,
    businessId,
    otherBusinessId,
    headers,
    ids,
    addLocation: (timeZone = 'America/Asuncion', countryCode = 'PY') =>
      addLocationOf(businessId, timeZone, countryCode),
    draft: (fields = {}, as = 'owner') =>
      api.post('/v1/vouchers', { ...plainOffer(businessId), ...fields }, { ...headers[as], ...withKey() }),
    move: (as, id, verb, ifMatch = '*') =>
      api.send('POST', `/v1/vouchers/${id}/${verb}`, { ...headers[as], 'If-Match': ifMatch }),
    patch: (as, id, body, ifMatch = '*') =>
      api.send(
        'PATCH',
        `/v1/vouchers/${id}`,
        { ...headers[as], ...jsonType, 'If-Match': ifMatch },
        JSON.stringify(body),
      ),
    close: async () => {
      await api.close();
      await test.close();
    },
  };
}

export const bilingual = (es: string, en: string) => ({ es, en });

const plainOffer = (businessId: string) => ({
  businessId,
  sourceLanguage: 'es',
  title: bilingual('Sopa', 'Soup'),
  description: bilingual('Sopa paraguaya', 'Paraguayan soup'),
  categoryId: foodCategory,
  discount: { type: 'percentage', percent: 12.5 },
  firstDay: '2026-03-01',
});

export interface OfferBody {
  id: string;
  state: string;
  version: number;
  title: Record<string, string>;
  stale: { field: string; language: string }[];
  missing: { field: string; language: string }[];
  discount: Record<string, unknown>;
  currency: string | null;
  limits: Record<string, number | null>;
  counters: Record<string, number>;
  locations: { id: string; timeZone: string; validFrom: string; expiresAt: string | null }[];
  redeemableHours: unknown;
  [field: string]: unknown;
}

export const offerIn = ({ body }: ApiAnswer): OfferBody => body as OfferBody;

/** `field: code` of each wrong field of a problem. */
export function faultsIn({ body }: ApiAnswer): string[] {
  const { errors = [] } = body as { errors?: { field: string; code: string }[] };
  return errors.map(({ field, code }) => `${field}: ${code}`);
}

export const codeIn = ({ body }: ApiAnswer): string => (body as { code: string }).code;
