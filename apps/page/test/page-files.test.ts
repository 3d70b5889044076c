import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Api } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSite } from './site.ts';

let site: Api;
beforeAll(async () => {
  site = await startSite({ tileUrl: 'https://{s}.tiles.example/{z}/{x}/{y}.png?key="a"' });
});
afterAll(() => site?.close());

const assets = fileURLToPath(new URL('../dist/site/assets/', import.meta.url));
const locales = fileURLToPath(new URL('../src/locales/', import.meta.url));

async function namesInHtml(): Promise<string[]> {
  const { text } = await site.get('/');
  return [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, name = '']) => name);
}

describe('the page', () => {
  it.each(['/', '/?radius=2000', '/vouchers/01941f29-7c00-742e-8d2f-6d010638d381'])('is at %s', async (path) => {
    const answer = await site.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.text).toContain('<main');
    expect(answer.text).not.toContain('{{');
  });

  it('allows nothing but its own files, our API and the tiles', async () => {
    const { headers } = await site.get('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("object-src 'none';base-uri 'none'");
    expect(headers['content-security-policy']).toContain("img-src 'self' data: https://*.tiles.example");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect((await site.get('/v1/languages')).headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('carries the address of the tiles as text', async () => {
    expect((await site.get('/')).text).toContain('content="https://{s}.tiles.example/{z}/{x}/{y}.png?key=&#34;a&#34;"');
  });

  it('is not sent again to who holds it', async () => {
    const { headers } = await site.get('/');
    const again = await site.get('/', { 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each(['/', '/assets/nothing.js'])('answers 405 to POST %s', async (path) => {
    const answer = await site.send('POST', path);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
  });
});

describe('its files', () => {
  it('never change, and come compressed', async () => {
    const names = await namesInHtml();
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      const plain = await site.get(name);
      expect(plain.status, name).toBe(200);
      expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      const small = await site.get(name, { 'accept-encoding': 'gzip, br' });
      expect(small.headers['content-encoding'], name).toBe('br');
      expect(Number(small.headers['content-length'])).toBeLessThanOrEqual(Number(plain.headers['content-length']));
    }
  });

  it('that do not exist are 404', async () => {
    expect((await site.get('/assets/..%2Findex.html')).status).toBe(404);
    expect((await site.get('/assets/main.js')).status).toBe(404);
  });

  it('weigh less than 150 kB of script, compressed', () => {
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js.gz'));
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
    expect(bytes).toBeLessThan(150_000);
  });
});

describe('its texts', () => {
  const texts = (language: string) =>
    JSON.parse(readFileSync(join(locales, `${language}.json`), 'utf8')) as Record<string, string>;
  const plain = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');
  const keysOf = (language: string) => [...new Set(Object.keys(texts(language)).map(plain))].toSorted();

  it.each(['es', 'gn', 'ar'])('say everything in %s', (language) => {
    expect(keysOf(language)).toEqual(keysOf('en'));
  });

  it('address the reader in Spanish as the API and the mails do: usted', () => {
    const familiar = /(?<!\p{L})(tú|tus?|te|ti|tuy[oa]s?|contigo|has|eres|tienes|puedes|inténtalo)(?!\p{L})/iu;
    const found = Object.entries(texts('es')).filter(([, text]) => familiar.test(text));
    expect(found).toEqual([]);
  });

  it.each(['es', 'gn', 'ar'])('take the same values in %s', (language) => {
    const valuesIn = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();
    const english = texts('en');
    for (const [key, text] of Object.entries(texts(language))) {
      const model = english[key] ?? english[`${plain(key)}_other`] ?? '';
      // A number may be a word of its own, as Arabic has for one and two.
      const [found, allowed] = [valuesIn(text), valuesIn(model)];
      expect(allowed, key).toEqual(expect.arrayContaining(found));
      if (!/_(zero|one|two)$/.test(key)) expect(found, key).toEqual(allowed);
    }
  });
});
