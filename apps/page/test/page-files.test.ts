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

  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const named = (text: string) => scripts.filter((name) => text.includes(name));
  /** Every script that this one may load, now or later, with itself. */
  const reachable = (entry: string) => {
    const found = new Set(scripts.filter((name) => name.startsWith(`${entry}-`)));
    for (const name of found) for (const next of named(readFileSync(join(assets, name), 'utf8'))) found.add(next);
    return [...found];
  };
  const weight = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + statSync(join(assets, `${name}.gz`)).size, 0);

  it.each(['main', 'counter'])('weigh less than 120 kB of script of %s, compressed, in all its languages', (entry) => {
    const names = reachable(entry);
    expect(names.length).toBeGreaterThan(5);
    expect(weight(names)).toBeLessThan(120_000);
  });

  it('do not give consumers what is for the counter', () => {
    const ofConsumers = reachable('main').map((name) => name.split('-')[0]);
    expect(ofConsumers).not.toContain('counter');
    expect(ofConsumers).not.toContain('decode');
  });
});

describe('the counter', () => {
  it('is there with what it needs without network', async () => {
    const html = await site.get('/counter');
    expect(html.status).toBe(200);
    expect(html.headers['content-security-policy']).not.toContain('unsafe');
    const worker = await site.get('/counter-worker.js');
    expect(worker.headers['content-security-policy']).toContain("connect-src 'self'");
    const kept = [...worker.text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, name = '']) => name);
    expect(kept.length).toBeGreaterThan(10);
    for (const name of kept) expect((await site.get(name)).status, name).toBe(200);
    for (const [, name = ''] of html.text.matchAll(/"(\/assets\/[^"]+)"/g)) expect(kept).toContain(name);
  });

  it('is not sent again to who holds it', async () => {
    for (const path of ['/counter', '/counter-worker.js']) {
      const { headers } = await site.get(path);
      expect((await site.get(path, { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
    }
  });
});

describe.each(['', '../counter/locales/'])('its texts in src/locales/%s', (folder) => {
  const texts = (language: string) =>
    JSON.parse(readFileSync(join(locales, folder, `${language}.json`), 'utf8')) as Record<string, string>;
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
