import { exactly, seededDatabase, testClock, type Api, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languagesAnswer } from '../../src/language/language.schemas.ts';
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

const ask = (query = '', headers?: Record<string, string>) => api.get(`/v1/languages${query}`, headers);

describe('200', () => {
  it('lists the languages that readers can choose, the default first', async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(exactly(languagesAnswer, answer.body)).toEqual({
      data: [
        { code: 'es', name: 'Español', englishName: 'Spanish', direction: 'ltr', isDefault: true },
        { code: 'ar', name: 'العربية', englishName: 'Arabic', direction: 'rtl', isDefault: false },
        { code: 'en', name: 'English', englishName: 'English', direction: 'ltr', isDefault: false },
        { code: 'fr', name: 'Français', englishName: 'French', direction: 'ltr', isDefault: false },
        { code: 'gn', name: 'Avañe’ẽ', englishName: 'Guarani', direction: 'ltr', isDefault: false },
      ],
      page: { next: null },
    });
    expect(answer.headers['cache-control']).toBe('public, max-age=60');
  });

  it('says the same in every language', async () => {
    expect((await ask('', { 'accept-language': 'ar' })).text).toBe((await ask()).text);
  });
});

describe('304', () => {
  it('sends nothing again to who holds the answer', async () => {
    const { headers } = await ask();
    expect(await ask('', { 'if-none-match': headers['etag'] ?? '' })).toMatchObject({ status: 304, text: '' });
  });
});

describe('400', () => {
  it.each(['language', 'limit'])('refuses the parameter “%s”, which means nothing here', async (field) => {
    const answer = await ask(`?${field}=es`);
    expect(answer.status).toBe(400);
    const message = 'Este parámetro no existe; aquí no se puede indicar ninguno.';
    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field, code: 'unknown', message }] });
  });
});

describe('405', () => {
  it('is read only', async () => {
    const answer = await api.send('DELETE', '/v1/languages');
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
  });
});

describe('406', () => {
  it('has JSON only', async () => {
    expect((await ask('', { accept: 'text/html' })).status).toBe(406);
  });
});
