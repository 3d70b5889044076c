import { exactly, seededDatabase, testClock, type Api, type ApiAnswer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { citiesAnswer } from '../../src/city/city.schemas.ts';
import { startBusinessApi } from '../business-api.ts';

let test: OpenTestDatabase;
let api: Api;

beforeAll(async () => {
  test = await seededDatabase();
  api = await startBusinessApi(test, testClock('2026-03-04T15:00:00Z'));
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

const ask = (query = '') => api.get(`/v1/cities${query}`);

function read(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBe(200);
  return exactly(citiesAnswer, answer.body).data;
}

const names = async (query: string) => read(await ask(query)).map(({ name }) => name);

describe('200', () => {
  it('counts the public places of each city, the largest first', async () => {
    const { rows } = await test.pool.query<{ name: string; placeCount: number }>(
      `SELECT city AS name, count(*)::int AS "placeCount" FROM business.public_locations
       GROUP BY city ORDER BY count(*) DESC, city`,
    );
    expect(read(await ask()).map(({ name, placeCount }) => ({ name, placeCount }))).toEqual(rows);
  });

  it('says where the middle of its places is', async () => {
    const [asuncion] = read(await ask('?q=asuncion'));
    expect(asuncion).toMatchObject({ name: 'Asunción', countryCode: 'PY' });
    expect(Math.abs((asuncion?.latitude ?? 0) + 25.29)).toBeLessThan(0.05);
    expect(Math.abs((asuncion?.longitude ?? 0) + 57.6)).toBeLessThan(0.05);
  });

  it.each([
    ['ASUNC', ['Asunción']],
    ['encarnación', ['Encarnación']],
    ['este', ['Ciudad del Este']],
    ['del es', ['Ciudad del Este']],
    ['udad', []],
    ['xyz', []],
  ])('finds a word that begins with %s', async (words, found) => {
    expect(await names(`?q=${encodeURIComponent(words)}`)).toEqual(found);
  });

  it('gives no more than were asked for', async () => {
    expect(read(await ask('?limit=2'))).toHaveLength(2);
  });
});

describe('400', () => {
  it('names every wrong field', async () => {
    const answer = await ask('?limit=0&q=%20&language=es');
    expect(answer.status).toBe(400);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).toSorted()).toEqual(['language', 'limit', 'q']);
  });
});
