import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Api } from '@pika/tests';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { noon, startSite } from './site.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));
const isUpdating = process.env['UPDATE_SCREENSHOTS'] === '1';

const desktop = { viewport: { width: 1_280, height: 800 }, locale: 'en-US' };

interface Shot extends BrowserContextOptions {
  path: string;
  act?: (page: Page) => Promise<void>;
}

const shots: Readonly<Record<string, Shot>> = {
  desktop: { ...desktop, path: '/', act: (page) => page.locator('.offer').nth(1).hover() },
  dark: {
    ...desktop,
    colorScheme: 'dark',
    path: '/?radius=2000',
    act: async (page) => {
      await page.locator('.offer-title a', { hasText: 'Third night free' }).click();
      await page.locator('#detail .place').first().waitFor();
      await page.locator('.hours summary').first().click();
    },
  },
  arabic: { ...desktop, locale: 'ar', path: '/?at=33.8938,35.495&place=بيروت&language=ar' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, locale: 'es-PY', path: '/' },
};

describe('the screenshots', () => {
  it.each(Object.keys(shots))('%s is there, small enough, and shown in the README', (name) => {
    if (isUpdating) return;
    const file = join(folder, `${name}.png`);
    expect(existsSync(file), 'npm run screenshots makes it').toBe(true);
    expect(statSync(file).size).toBeLessThan(400_000);
    expect(readFileSync(readme, 'utf8')).toContain(`docs/screenshots/${name}.png`);
  });
});

describe.runIf(isUpdating)('taking the screenshots', () => {
  let site: Api;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), launchChromium()]);
    mkdirSync(folder, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.each(Object.entries(shots))('%s', async (name, { path, act, ...options }) => {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    await context.clock.setFixedTime(noon);
    const page = await context.newPage();
    await page.goto(site.url + path);
    await page.locator('.offer-title a').first().waitFor();
    await act?.(page);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await context.close();
  });
});
