import { businessIdOf, voucherIdOf } from '@pika/database';
import { exactly, seededDatabase, testClock, type Api, type ApiAnswer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nearbyAnswer, nearbyGeoJson, voucherAnswer } from '../../src/voucher/voucher.schemas.ts';
import { startVouchersApi } from '../vouchers-api.ts';

/** A Wednesday, noon in Asunción. */
const noon = '2026-03-04T15:00:00Z';
const halfPastThreeAtNight = '2026-03-04T06:30:00Z';
const here = { latitude: -25.2867, longitude: -57.647 };

const clock = testClock(noon);
let test: OpenTestDatabase;
let api: Api;

beforeAll(async () => {
  test = await seededDatabase();
  api = await startVouchersApi(test, clock, () => 3);
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

beforeEach(() => clock.set(noon));

type Asked = Record<string, string | number | boolean>;

function ask(asked: Asked = {}, headers?: Record<string, string>): Promise<ApiAnswer> {
  const query = Object.entries({ ...here, ...asked }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return api.get(`/v1/vouchers/nearby?${query.join('&')}`, headers);
}

function read(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBe(200);
  return exactly(nearbyAnswer, answer.body);
}

const search = async (asked: Asked = {}) => read(await ask(asked)).data;
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
const businessesOf = (rows: readonly { business: { id: string } }[]) =>
  new Set(rows.map(({ business }) => business.id));

describe('200', () => {
  it('lists the nearest offers first', async () => {
    const rows = await search({ limit: 100 });
    expect(rows.length).toBeGreaterThan(50);
    expect(rows[0]?.business.id).toBe(businessIdOf('despensa-la-esquina'));
    const distances = rows.map(({ location }) => location.distanceMeters);
    expect(distances).toEqual(distances.toSorted((one, other) => one - other));
    for (const { location } of rows) {
      const flat = flatMeters(location);
      expect(Math.abs(location.distanceMeters - flat)).toBeLessThan(flat * 0.01);
    }
  });

  it('gives twenty offers unless asked for more or fewer', async () => {
    expect(await search()).toHaveLength(20);
    expect(await search({ limit: 3 })).toHaveLength(3);
  });

  it('answers in Guarani and names the field that fell back to Spanish', async () => {
    const answer = await ask({ business: businessIdOf('cafe-del-puerto'), language: 'gn' });
    const breakfast = read(answer).data.find(({ id }) => id === voucherIdOf('cafe-del-puerto', 'desayuno-paraguayo'));
    expect(breakfast).toMatchObject({
      title: 'Kafe, chipa ha mbeju 25.000 guaraníme',
      terms: 'Hasta las 11:00. No incluye delivery.',
      language: 'gn',
      category: { slug: 'cafe', name: 'Kafe' },
      business: { name: 'Café del Puerto' },
    });
    expect(breakfast?.served).toEqual({ terms: 'es', 'business.name': 'es' });
    expect(answer.headers['content-language']?.split(', ').toSorted()).toEqual(['es', 'gn']);
  });

  it('falls back field by field: what one offer lacks another has', async () => {
    const rows = await search({ business: businessIdOf('cafe-del-puerto'), language: 'gn' });
    const cappuccino = rows.find(({ id }) => id === voucherIdOf('cafe-del-puerto', 'dos-por-uno-capuchino'));
    expect(cappuccino?.title).toBe('Mokõi capuchino peteĩ repykuére');
    expect(cappuccino?.served).toEqual({ description: 'es', terms: 'es', 'business.name': 'es' });
  });

  it('takes the language from Accept-Language, below the parameter', async () => {
    const english = await ask({ q: 'capuchino' }, { 'accept-language': 'en-GB, es;q=0.5' });
    expect(read(english).data[0]?.title).toBe('Two cappuccinos for the price of one before 10');
    const spanish = await ask({ q: 'capuchino', language: 'es-PY' }, { 'accept-language': 'en' });
    expect(read(spanish).data[0]?.title).toBe('2x1 en capuchinos hasta las 10');
    expect(spanish.headers['content-language']).toBe('es');
  });

  it('tells caches what the answer depends on', async () => {
    const { headers } = await ask();
    expect(headers['vary']).toBe('Accept-Language, Accept, Pika-Read-After');
    expect(headers['cache-control']).toBe('public, max-age=10');
    expect(headers['content-type']).toBe('application/json');
  });

  it('keeps within the radius', async () => {
    const wide = await search({ limit: 100, radiusMeters: 5_000 });
    const near = await search({ limit: 100, radiusMeters: 1_100 });
    expect(near.length).toBeGreaterThan(0);
    expect(near.length).toBeLessThan(wide.length);
    expect(idsOf(near)).toEqual(idsOf(wide.filter(({ location }) => location.distanceMeters <= 1_100)));
    expect(idsOf(wide)).toEqual(idsOf(await search({ limit: 100 })));
    expect(await search({ radiusMeters: 1 })).toEqual([]);
  });

  it('keeps within the bounds, however far they are', async () => {
    const rows = await search({ limit: 100, bbox: '-55.95,-27.4,-55.8,-27.2' });
    expect(rows.length).toBeGreaterThan(10);
    for (const { location } of rows) {
      expect(location.latitude).toBeGreaterThanOrEqual(-27.4);
      expect(location.latitude).toBeLessThanOrEqual(-27.2);
      expect(location.longitude).toBeGreaterThanOrEqual(-55.95);
      expect(location.longitude).toBeLessThanOrEqual(-55.8);
    }
  });

  it('reads bounds with west > east across the antimeridian', async () => {
    const across = await search({ limit: 100, bbox: '179,-26,-57.63,-25' });
    expect(across.length).toBeGreaterThan(0);
    expect(idsOf(across)).toEqual(idsOf(await search({ limit: 100, bbox: '-180,-26,-57.63,-25' })));
    expect(await search({ bbox: '170,-26,-170,-25' })).toEqual([]);
  });

  it('includes the categories below the wanted one', async () => {
    const slugs = async (category: string) =>
      new Set((await search({ limit: 100, category })).map((row) => row.category.slug));
    expect(await slugs('restaurant')).toEqual(new Set(['restaurant', 'grill', 'pizzeria', 'traditional-food']));
    expect(await slugs('clothing')).toEqual(new Set(['fashion', 'shoes']));
    expect(await slugs('grill')).toEqual(new Set(['grill']));
  });

  it('lists the offers of one business', async () => {
    const rows = await search({ business: businessIdOf('cafe-del-puerto').toUpperCase() });
    expect(idsOf(rows).toSorted()).toEqual(
      ['dos-por-uno-capuchino', 'desayuno-paraguayo', 'tarde-de-rio']
        .map((slug) => voucherIdOf('cafe-del-puerto', slug))
        .toSorted(),
    );
  });

  it.each([
    ['as written', 'tallarín'],
    ['without its accent', 'tallarin'],
    ['in capitals', 'TALLARÍN'],
    ['with a typing error', 'tallrain'],
  ])('finds a word %s', async (_how, q) => {
    expect(idsOf(await search({ q }))).toContain(voucherIdOf('comedor-na-petrona', 'tallarin-con-gallina'));
  });

  it('finds an offer by the name of its business, and nothing by a word that is nowhere', async () => {
    expect(businessesOf(await search({ q: 'mainumby' }))).toEqual(new Set([businessIdOf('casa-mainumby')]));
    expect(await search({ q: 'xqzwvkjh' })).toEqual([]);
  });

  it('shows only places that are open at the wanted instant, by their own clock', async () => {
    const open = ['despensa-la-esquina', 'farmacia-ysyry', 'posada-escalinata'].map(businessIdOf);
    const rows = await search({ limit: 100, openAt: '2026-03-04T03:30:00-03:00' });
    expect(businessesOf(rows)).toEqual(new Set(open));
    clock.set(halfPastThreeAtNight);
    const now = await search({ limit: 100, openNow: true });
    expect(idsOf(now)).toEqual(idsOf(rows));
    expect(now.every(({ location }) => location.isOpen === true)).toBe(true);
    expect((await search({ limit: 100, openNow: false })).length).toBeGreaterThan(now.length);
  });

  it('walks page by page through what one big page holds, as it was when the walk began', async () => {
    const whole = await search({ limit: 100, language: 'gn' });
    const walked: typeof whole = [];
    let cursor: string | null = null;
    do {
      const { data, page } = read(await ask({ limit: 7, language: 'gn', ...(cursor === null ? {} : { cursor }) }));
      expect(data).toHaveLength(page.next === null ? data.length : 7);
      walked.push(...data);
      cursor = page.next;
      clock.set(halfPastThreeAtNight);
    } while (cursor !== null);
    expect(walked).toEqual(whole);
  });

  it('answers GeoJSON by Accept', async () => {
    const answer = await ask({ limit: 5 }, { accept: 'application/geo+json' });
    expect(answer.headers['content-type']).toBe('application/geo+json');
    const { features, page } = exactly(nearbyGeoJson, answer.body);
    const plain = read(await ask({ limit: 5 }));
    expect(features.map(({ properties }) => properties)).toEqual(plain.data);
    expect(page).toEqual(plain.page);
    for (const { id, geometry, properties } of features) {
      expect(id).toBe(properties.id);
      expect(geometry.coordinates).toEqual([properties.location.longitude, properties.location.latitude]);
    }
  });

  it('leaves out a suspended business at once', async () => {
    const business = businessIdOf('despensa-la-esquina');
    const setStatus = (status: string) =>
      test.pool.query('UPDATE business.businesses SET status = $2 WHERE id = $1', [business, status]);
    const before = await search({ limit: 100 });
    expect(businessesOf(before)).toContain(business);
    try {
      await setStatus('suspended');
      expect(idsOf(await search({ limit: 100 }))).toEqual(idsOf(before.filter((row) => row.business.id !== business)));
    } finally {
      await setStatus('verified');
    }
    expect(await search({ limit: 100 })).toEqual(before);
  });

  it.each([
    ['an expired', 'bar-el-farolito-del-rio', 'noche-de-san-juan-2025'],
    ['a draft', 'electronica-nasaindy', 'aniversario-en-preparacion'],
    ['an archived', 'lavadero-tres-hermanos', 'quinto-lavado'],
  ])('leaves out %s offer', async (_state, business, slug) => {
    const rows = await search({ business: businessIdOf(business) });
    expect(rows).not.toHaveLength(0);
    expect(idsOf(rows)).not.toContain(voucherIdOf(business, slug));
  });

  it('shows an offer that is not valid yet, with every reason why not', async () => {
    const rows = await search({ business: businessIdOf('cine-teatro-kuarahy') });
    const festival = rows.find(({ id }) => id === voucherIdOf('cine-teatro-kuarahy', 'festival-de-verano-2030'));
    expect(festival?.redeemable).toEqual({ now: false, reasons: ['voucher.notYetValid', 'location.closed'] });
    expect(festival?.validFrom).toBe('2030-01-01T03:00:00Z');
    expect(festival?.location).toMatchObject({ isOpen: false, opensAt: '2026-03-04T19:00:00Z' });
  });

  it('shows an offer of several places once, at the nearest', async () => {
    const id = voucherIdOf('panaderia-na-eustaquia', 'docena-de-chipas');
    const found = (await search({ limit: 100 })).filter((row) => row.id === id);
    expect(found).toHaveLength(1);
    const query = `latitude=${here.latitude}&longitude=${here.longitude}`;
    const { locations } = exactly(voucherAnswer, (await api.get(`/v1/vouchers/${id}?${query}`)).body);
    expect(locations).toHaveLength(3);
    expect(found[0]?.location.distanceMeters).toBe(Math.min(...locations.map((each) => each.distanceMeters ?? 0)));
  });
});

describe('304', () => {
  it('sends nothing again to who holds the answer, until it changes', async () => {
    const first = await ask();
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^W\/"/);
    const again = await ask({}, { 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers['etag']).toBe(etag);
    clock.set(halfPastThreeAtNight);
    expect((await ask({}, { 'if-none-match': etag })).status).toBe(200);
  });
});

/** Good to a percent at this latitude and these distances. */
function flatMeters({ latitude, longitude }: { latitude: number; longitude: number }): number {
  const north = (latitude - here.latitude) * 110_780;
  const east = (longitude - here.longitude) * 100_720;
  return Math.hypot(north, east);
}
