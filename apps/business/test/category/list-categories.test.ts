import { categoryIdOf } from '@pika/database';
import { exactly, seededDatabase, testClock, type Api, type ApiAnswer, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categoriesAnswer } from '../../src/category/category.schemas.ts';
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

const ask = (query = '', headers?: Record<string, string>) => api.get(`/v1/categories${query}`, headers);

function read(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBe(200);
  return exactly(categoriesAnswer, answer.body);
}

describe('200', () => {
  it('lists the whole tree, every node before those below it', async () => {
    const { data, page } = read(await ask());
    const { rows } = await test.pool.query<{ id: string }>(
      'SELECT id FROM catalog.categories WHERE deleted_at IS NULL ORDER BY id',
    );
    expect(data.map(({ id }) => id).toSorted()).toEqual(rows.map(({ id }) => id));
    expect(page).toEqual({ next: null });
    const depths = new Map<string, number>();
    for (const { id, parentId, depth } of data) {
      expect(depth).toBe(parentId === null ? 1 : (depths.get(parentId) ?? Number.NaN) + 1);
      depths.set(id, depth);
    }
  });

  it('keeps what is below a node right behind it, siblings in their order', async () => {
    const { data } = read(await ask());
    expect(data.slice(0, 6).map(({ slug, depth }) => [slug, depth])).toEqual([
      ['food-and-drink', 1],
      ['restaurant', 2],
      ['grill', 3],
      ['pizzeria', 3],
      ['traditional-food', 3],
      ['fast-food', 2],
    ]);
    expect(data[2]).toMatchObject({ id: categoryIdOf('grill'), parentId: categoryIdOf('restaurant') });
  });

  it('speaks Guarani where it can and names what fell back', async () => {
    const answer = await ask('?language=gn');
    const named = new Map(read(answer).data.map(({ slug, name, served }) => [slug, { name, served }]));
    expect(named.get('cafe')).toEqual({ name: 'Kafe', served: {} });
    expect(named.get('pizzeria')).toEqual({ name: 'Pizzerías', served: { name: 'es' } });
    expect(answer.headers['content-language']?.split(', ').toSorted()).toEqual(['es', 'gn']);
  });

  it.each([
    ['es-PY', 'Cafeterías'],
    ['en', 'Cafés'],
    ['ar', 'مقاهٍ'],
    ['fr-CA', 'Cafés'],
  ])('takes the language %s from Accept-Language', async (language, name) => {
    const answer = await ask('', { 'accept-language': language });
    expect(read(answer).data.find(({ slug }) => slug === 'cafe')?.name).toBe(name);
    expect(answer.headers['content-language']).toBe(language.split('-')[0]);
    expect(answer.headers['vary']).toBe('Accept-Language');
    expect(answer.headers['cache-control']).toBe('public, max-age=60');
  });

  it('answers alike when asked again, and each language by itself', async () => {
    const [spanish, english] = [await ask('?language=es'), await ask('?language=en')];
    expect((await ask('?language=es')).text).toBe(spanish.text);
    expect((await ask('?language=en')).text).toBe(english.text);
    expect(english.text).not.toBe(spanish.text);
  });
});

describe('304', () => {
  it('sends nothing again to who holds the answer', async () => {
    const { headers } = await ask();
    expect(await ask('', { 'if-none-match': headers['etag'] ?? '' })).toMatchObject({ status: 304, text: '' });
  });
});

describe('400', () => {
  it.each([
    ['?language=tlh', 'language unknownLanguage'],
    ['?language=', 'language invalidFormat'],
    ['?limit=5', 'limit unknown'],
    ['?language=es&language=en', 'language repeated'],
  ])('refuses “%s”', async (query, wrong) => {
    const answer = await ask(query);
    expect(answer.status).toBe(400);
    const [field, code] = wrong.split(' ');
    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field, code }] });
  });
});

describe('405', () => {
  it('is read only', async () => {
    const answer = await api.send('POST', '/v1/categories');
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
  });
});

describe('406', () => {
  it('has JSON only', async () => {
    expect((await ask('', { accept: 'text/html' })).status).toBe(406);
  });
});
