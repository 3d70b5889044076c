import { businessIdOf, locationIdOf, voucherIdOf } from '@pika/database';
import { exactly, seededDatabase, testClock, type Api, type ApiAnswer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { businessAnswer } from '../../src/business/business.schemas.ts';
import { startBusinessApi } from '../business-api.ts';

/** A Wednesday, noon in Asunción. */
const noon = '2026-03-04T15:00:00Z';
const slug = 'cafe-del-puerto';
const cafe = businessIdOf(slug);
const palma = locationIdOf(slug, 'palma');
const costanera = locationIdOf(slug, 'costanera');

const clock = testClock(noon);
let test: OpenTestDatabase;
let api: Api;

beforeAll(async () => {
  test = await seededDatabase();
  api = await startBusinessApi(test, clock);
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

beforeEach(() => clock.set(noon));

const ask = (id: string, query = '', headers?: Record<string, string>) =>
  api.get(`/v1/businesses/${id}${query}`, headers);

function read(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBe(200);
  return exactly(businessAnswer, answer.body);
}

const get = async (id: string, query?: string) => read(await ask(id, query));

describe('200', () => {
  it('shows the business with its branches and their hours', async () => {
    const business = await get(cafe);
    expect(business).toMatchObject({
      id: cafe,
      name: 'Café del Puerto',
      language: 'es',
      served: {},
      category: { slug: 'cafe', name: 'Cafeterías' },
      phone: '+595 21 555 0101',
      website: 'https://cafedelpuerto.example',
      attribution: null,
      closedAt: null,
    });
    expect(business.locations.map(({ id }) => id)).toEqual([palma, costanera].toSorted());
    const branch = business.locations.find(({ id }) => id === palma);
    expect(branch).toMatchObject({ street: 'Palma 764 c/ Ayolas', city: 'Asunción', countryCode: 'PY', isOpen: true });
    expect(branch?.weeklyHours).toEqual([
      ...[1, 2, 3, 4, 5].map((dayOfWeek) => ({ dayOfWeek, opens: '06:30', closes: '20:30' })),
      { dayOfWeek: 6, opens: '07:00', closes: '21:00' },
      { dayOfWeek: 7, opens: '08:00', closes: '13:00' },
    ]);
  });

  it('says of a closed branch when it opens next, by its own clock', async () => {
    const branch = async () => (await get(cafe)).locations.find(({ id }) => id === costanera);
    expect(await branch()).toMatchObject({ isOpen: false, opensAt: '2026-03-04T18:30:00Z' });
    clock.set('2026-03-04T18:30:00Z');
    expect(await branch()).toMatchObject({ isOpen: true, opensAt: null });
    clock.set('2026-03-09T15:00:00Z');
    expect(await branch()).toMatchObject({ isOpen: false, opensAt: '2026-03-10T18:30:00Z' });
  });

  it('keeps a night past midnight in one line, and what never closes in a line a day', async () => {
    const bar = await get(businessIdOf('bar-el-farolito-del-rio'));
    expect(bar.locations[0]?.weeklyHours).toContainEqual({ dayOfWeek: 6, opens: '18:00', closes: '04:00' });
    const inn = await get(businessIdOf('posada-escalinata'));
    expect(inn.locations[0]?.weeklyHours).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((dayOfWeek) => ({ dayOfWeek, opens: '00:00', closes: '24:00' })),
    );
  });

  it('speaks Guarani where it can and names what fell back', async () => {
    const answer = await ask(cafe, '', { 'accept-language': 'gn' });
    expect(read(answer)).toMatchObject({
      name: 'Café del Puerto',
      description: 'Kafe hyakuãvúva ha chipa aku Palma tapépe.',
      language: 'gn',
      served: { name: 'es' },
      category: { name: 'Kafe' },
    });
    expect(answer.headers['content-language']?.split(', ').toSorted()).toEqual(['es', 'gn']);
    expect(answer.headers['vary']).toBe('Accept-Language, Pika-Read-After');
  });

  it('names a category that fell back', async () => {
    const answer = await get(businessIdOf('bar-el-farolito-del-rio'), '?language=gn');
    expect(answer.served).toEqual({ name: 'es', description: 'es', 'category.name': 'es' });
  });

  it('takes the id in capitals', async () => {
    expect(await get(cafe.toUpperCase())).toEqual(await get(cafe));
  });

  it('leaves out a branch that was given up', async () => {
    const setDeleted = (deletedAt: string | null) =>
      test.pool.query('UPDATE business.locations SET deleted_at = $2 WHERE id = $1', [costanera, deletedAt]);
    try {
      await setDeleted(noon);
      expect((await get(cafe)).locations.map(({ id }) => id)).toEqual([palma]);
    } finally {
      await setDeleted(null);
    }
  });

  it('shows the special days of a branch from its own today on, and how the source wrote its hours', async () => {
    const { pool } = test;
    await pool.query(`UPDATE business.locations SET hours_text = 'Mo-Fr 09:00-12:00; Mar 10 off' WHERE id = $1`, [
      palma,
    ]);
    await pool.query(
      `INSERT INTO business.special_days (location_id, day, hours) VALUES
       ($1, '2026-03-10', '{}'), ($1, '2026-03-04', '{[540,720),[1200,1440)}'), ($1, '2026-03-03', '{}')`,
      [palma],
    );
    try {
      // In Asunción it is still the fourth.
      clock.set('2026-03-05T02:00:00Z');
      const { locations } = await get(cafe);
      expect(locations.find(({ id }) => id === palma)).toMatchObject({
        hoursText: 'Mo-Fr 09:00-12:00; Mar 10 off',
        specialDays: [
          {
            date: '2026-03-04',
            hours: [
              { opens: '09:00', closes: '12:00' },
              { opens: '20:00', closes: '24:00' },
            ],
          },
          { date: '2026-03-10', hours: [] },
        ],
      });
      expect(locations.find(({ id }) => id === costanera)).toMatchObject({ hoursText: null, specialDays: [] });
    } finally {
      await pool.query('UPDATE business.locations SET hours_text = NULL WHERE id = $1', [palma]);
      await pool.query('DELETE FROM business.special_days WHERE location_id = $1', [palma]);
    }
  });

  it('says of a business that has closed since when, and shows no branch of it', async () => {
    const setClosed = (closedAt: string | null) =>
      test.pool.query('UPDATE business.businesses SET closed_at = $2 WHERE id = $1', [cafe, closedAt]);
    try {
      await setClosed('2026-03-01T10:00:00Z');
      expect(await get(cafe)).toMatchObject({
        name: 'Café del Puerto',
        closedAt: '2026-03-01T10:00:00Z',
        locations: [],
      });
    } finally {
      await setClosed(null);
    }
  });

  it('says that hours are unknown, which is not closed', async () => {
    const { rows } = await test.pool.query<{ hours: string }>(
      'SELECT weekly_hours::text AS hours FROM business.locations WHERE id = $1',
      [palma],
    );
    const setHours = (hours: string | null) =>
      test.pool.query('UPDATE business.locations SET weekly_hours = $2::int4multirange WHERE id = $1', [palma, hours]);
    try {
      await setHours(null);
      const branch = (await get(cafe)).locations.find(({ id }) => id === palma);
      expect(branch).toMatchObject({ weeklyHours: null, isOpen: null, opensAt: null });
    } finally {
      await setHours(rows[0]?.hours ?? null);
    }
  });
});

describe('304', () => {
  it('sends nothing again to who holds the answer', async () => {
    const { headers } = await ask(cafe);
    expect(headers['cache-control']).toBe('public, max-age=10');
    expect(await ask(cafe, '', { 'if-none-match': headers['etag'] ?? '' })).toMatchObject({ status: 304, text: '' });
  });
});

describe('400', () => {
  it.each([
    ['x', '', 'id invalidFormat'],
    [cafe, '?language=tlh', 'language unknownLanguage'],
    [cafe, '?language=not_a_tag', 'language invalidFormat'],
    [cafe, '?colour=red', 'colour unknown'],
    [cafe, '?language=es&language=en', 'language repeated'],
  ])('refuses “%s%s”', async (id, query, wrong) => {
    const answer = await ask(id, query);
    expect(answer.status).toBe(400);
    const [field, code] = wrong.split(' ');
    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field, code }] });
  });
});

describe('404', () => {
  it.each([
    ['no business', '01941f29-7c00-7000-8000-000000000000'],
    ['an offer', voucherIdOf(slug, 'desayuno-paraguayo')],
  ])('does not find %s', async (_what, id) => {
    const answer = await ask(id);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'business.notFound' });
  });

  it.each(['suspended', 'pending'])('does not find a %s business, at once', async (status) => {
    const setStatus = (next: string) =>
      test.pool.query('UPDATE business.businesses SET status = $2 WHERE id = $1', [cafe, next]);
    try {
      await setStatus(status);
      expect((await ask(cafe)).body).toMatchObject({ status: 404, code: 'business.notFound' });
    } finally {
      await setStatus('verified');
    }
    await get(cafe);
  });

  it('says it in the language of the caller', async () => {
    const titles = await Promise.all(
      ['es', 'en', 'gn', 'ar'].map(async (language) => {
        const { body } = await ask('01941f29-7c00-7000-8000-000000000000', `?language=${language}`);
        return (body as { title: string }).title;
      }),
    );
    expect(new Set(titles).size).toBe(4);
  });
});

describe('405', () => {
  it('is read only', async () => {
    const answer = await api.send('PUT', `/v1/businesses/${cafe}`);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
  });
});

describe('406', () => {
  it('has JSON only', async () => {
    expect((await ask(cafe, '', { accept: 'text/html' })).status).toBe(406);
  });
});
