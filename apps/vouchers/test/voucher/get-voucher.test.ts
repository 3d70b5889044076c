import { businessIdOf, locationIdOf, voucherIdOf } from '@pika/database';
import { exactly, seededDatabase, testClock, type Api, type ApiAnswer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { voucherAnswer } from '../../src/voucher/voucher.schemas.ts';
import { startVouchersApi } from '../vouchers-api.ts';

/** A Wednesday, noon in Asunción. */
const noon = '2026-03-04T15:00:00Z';
const pharmacy = 'farmacia-ysyry';
const skinCare = voucherIdOf(pharmacy, 'dermocosmetica');
const herbs = voucherIdOf(pharmacy, 'yuyos-para-el-terere');

const clock = testClock(noon);
let test: OpenTestDatabase;
let api: Api;

beforeAll(async () => {
  test = await seededDatabase();
  api = await startVouchersApi(test, clock);
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

beforeEach(() => clock.set(noon));

const ask = (id: string, query = '', headers?: Record<string, string>) =>
  api.get(`/v1/vouchers/${id}${query}`, headers);

function read(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBe(200);
  return exactly(voucherAnswer, answer.body);
}

const get = async (id: string, query?: string) => read(await ask(id, query));

describe('200', () => {
  it('shows the offer with every place it is valid at, nearest first', async () => {
    const voucher = await get(skinCare, '?latitude=-25.2867&longitude=-57.647');
    expect(voucher).toMatchObject({
      id: skinCare,
      title: '20% en dermocosmética y protector solar',
      language: 'es',
      served: {},
      discount: { type: 'percentage', value: 20 },
      category: { slug: 'beauty-and-health', name: 'Belleza y salud' },
      business: { id: businessIdOf(pharmacy), name: 'Farmacia Ysyry' },
      attribution: null,
    });
    expect(voucher.locations.map(({ id }) => id)).toEqual(
      ['oliva', 'villa-morra', 'encarnacion', 'ciudad-del-este'].map((slug) => locationIdOf(pharmacy, slug)),
    );
    const distances = voucher.locations.map(({ distanceMeters }) => distanceMeters ?? Number.NaN);
    expect(distances).toEqual(distances.toSorted((one, other) => one - other));
    expect(voucher.locations[0]).toMatchObject({ city: 'Asunción', countryCode: 'PY', timeZone: 'America/Asuncion' });
  });

  it('tells no distance without a point, and orders the places by id', async () => {
    const { locations } = await get(skinCare);
    expect(locations.map(({ distanceMeters }) => distanceMeters)).toEqual([null, null, null, null]);
    expect(locations.map(({ id }) => id)).toEqual(locations.map(({ id }) => id).toSorted());
  });

  it('lists only the places of this offer', async () => {
    const { locations } = await get(herbs);
    expect(new Set(locations.map(({ id }) => id))).toEqual(
      new Set([locationIdOf(pharmacy, 'oliva'), locationIdOf(pharmacy, 'encarnacion')]),
    );
  });

  it('speaks Guarani where it can and names what fell back', async () => {
    const answer = await ask(herbs, '?language=gn');
    expect(read(answer)).toMatchObject({ language: 'gn', served: {}, business: { name: 'Pohã Ñemuha Ysyry' } });
    expect(answer.headers['content-language']).toBe('gn');
    const fallen = await ask(skinCare, '', { 'accept-language': 'gn' });
    expect(read(fallen).served).toEqual({ title: 'es', description: 'es', terms: 'es' });
    expect(fallen.headers['content-language']?.split(', ').toSorted()).toEqual(['es', 'gn']);
    expect(fallen.headers['vary']).toBe('Accept-Language, Pika-Read-After');
  });

  it('takes the id in capitals', async () => {
    expect(await get(skinCare.toUpperCase())).toEqual(await get(skinCare));
  });

  it('says of each place by itself whether the offer can be redeemed there now', async () => {
    clock.set('2026-03-05T00:30:00Z');
    const { locations } = await get(skinCare);
    const states = Object.fromEntries(
      locations.map(({ id, isOpen, opensAt, redeemable }) => [id, { isOpen, opensAt, redeemable }]),
    );
    expect(states).toEqual({
      [locationIdOf(pharmacy, 'oliva')]: { isOpen: true, opensAt: null, redeemable: { now: true, reasons: [] } },
      [locationIdOf(pharmacy, 'villa-morra')]: { isOpen: true, opensAt: null, redeemable: { now: true, reasons: [] } },
      [locationIdOf(pharmacy, 'encarnacion')]: { isOpen: true, opensAt: null, redeemable: { now: true, reasons: [] } },
      [locationIdOf(pharmacy, 'ciudad-del-este')]: {
        isOpen: false,
        opensAt: '2026-03-05T09:30:00Z',
        redeemable: { now: false, reasons: ['location.closed'] },
      },
    });
  });

  it('says that an offer is not valid yet', async () => {
    const { locations } = await get(voucherIdOf('cine-teatro-kuarahy', 'festival-de-verano-2030'));
    expect(locations[0]?.redeemable.reasons).toEqual(['voucher.notYetValid', 'location.closed']);
  });

  it('says that an offer has ended, from the first minute of the next local day', async () => {
    const id = voucherIdOf('bar-el-farolito-del-rio', 'noche-de-san-juan-2025');
    const place = async () => (await get(id)).locations[0];
    clock.set('2025-07-01T02:59:59.999Z');
    expect((await place())?.redeemable.reasons).not.toContain('voucher.expired');
    clock.set('2025-07-01T03:00:00Z');
    expect((await place())?.redeemable.reasons).toContain('voucher.expired');
    expect((await place())?.expiresAt).toBe('2025-07-01T03:00:00Z');
  });
});

describe('304', () => {
  it('sends nothing again to who holds the answer', async () => {
    const { headers } = await ask(skinCare);
    expect(headers['cache-control']).toBe('public, max-age=10');
    expect(await ask(skinCare, '', { 'if-none-match': headers['etag'] ?? '' })).toMatchObject({
      status: 304,
      text: '',
    });
  });
});

describe('400', () => {
  it.each([
    ['x', '', 'id invalidFormat'],
    [skinCare, '?latitude=1', 'longitude coordinatePair'],
    [skinCare, '?longitude=1', 'latitude coordinatePair'],
    [skinCare, '?latitude=91&longitude=0', 'latitude tooBig'],
    [skinCare, '?latitude=0&longitude=NaN', 'longitude notANumber'],
    [skinCare, '?language=tlh', 'language unknownLanguage'],
    [skinCare, '?colour=red', 'colour unknown'],
    [skinCare, '?language=es&language=en', 'language repeated'],
  ])('refuses “%s%s”', async (id, query, wrong) => {
    const answer = await ask(id, query);
    expect(answer.status).toBe(400);
    const [field, code] = wrong.split(' ');
    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field, code }] });
  });
});

describe('404', () => {
  const refused = { status: 404, body: { code: 'voucher.notFound', title: 'There is no such voucher' } };

  it.each([
    ['no offer', '01941f29-7c00-7000-8000-000000000000'],
    ['a business', businessIdOf(pharmacy)],
    ['a draft', voucherIdOf('electronica-nasaindy', 'aniversario-en-preparacion')],
    ['an archived offer', voucherIdOf('lavadero-tres-hermanos', 'quinto-lavado')],
  ])('does not find %s', async (_what, id) => {
    const answer = await ask(id, '?language=en');
    expect(answer).toMatchObject(refused);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it.each(['suspended', 'pending'])('does not find an offer of a %s business, at once', async (status) => {
    const setStatus = (next: string) =>
      test.pool.query('UPDATE business.businesses SET status = $2 WHERE id = $1', [businessIdOf(pharmacy), next]);
    try {
      await setStatus(status);
      expect(await ask(skinCare, '?language=en')).toMatchObject(refused);
    } finally {
      await setStatus('verified');
    }
    await get(skinCare);
  });
});

describe('405', () => {
  it('cannot be put', async () => {
    const answer = await api.send('PUT', `/v1/vouchers/${skinCare}`);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, PATCH, DELETE, HEAD, OPTIONS');
  });
});

describe('406', () => {
  it('has JSON only', async () => {
    expect((await ask(skinCare, '', { accept: 'application/geo+json' })).status).toBe(406);
  });
});
