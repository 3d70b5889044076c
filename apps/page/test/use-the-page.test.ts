import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startSite, type Site } from './site.ts';

if (chromiumPath === undefined) console.warn('There is no Chromium here: the page is not tried in a browser.');

const beirut = '?at=33.8938,35.495&place=Beirut';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site: Site;
let browser: Browser;
/** What went wrong in the open pages, and which other servers they asked. */
let complaints: string[] = [];

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  [site, browser] = await Promise.all([startSite(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  const found = complaints;
  complaints = [];
  if (found.length > 0) throw new Error(`The page complained: ${found.join('; ')}`);
});

/** Opens the page, and goes on when its list is there. */
async function open(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1_280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(site.url + path);
  await loaded(page);
  return page;
}

/** The list is no longer being loaded. */
const loaded = (page: Page) => page.waitForSelector('#list[aria-busy="false"]', { state: 'attached' });

/** Does something that loads the list anew, and waits for it. */
async function andLoaded(page: Page, act: () => Promise<unknown>): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().includes('/v1/vouchers/nearby'));
  await act();
  await answered;
  await loaded(page);
}

/** As the API has them: the page keeps amounts on one line. */
const titles = async (page: Page) =>
  (await page.locator('.offer-title a').allTextContents()).map((title) => title.replaceAll('\u00a0', ' '));
const status = (page: Page) => page.locator('#status').textContent();

interface Listed {
  data: {
    id: string;
    title: string;
    business: { id: string };
    location: { isOpen: boolean | null };
    redeemable: { now: boolean; reasons: string[] };
  }[];
}

/** What the API says, to compare with. */
async function ask(query: string): Promise<Listed['data']> {
  const answer = await site.get(`/v1/vouchers/nearby?limit=50&${query}`);
  return (answer.body as Listed).data;
}

const asuncion = 'latitude=-25.2867&longitude=-57.647';

async function nearest(): Promise<Listed['data'][number]> {
  const [first] = await ask(asuncion);
  if (first === undefined) throw new Error('nothing is near');
  return first;
}

describe.skipIf(chromiumPath === undefined)('looking for offers', () => {
  it('shows what is near the default place, in the order of the API, and pins on the map', async () => {
    const page = await open();
    const wanted = await ask(`${asuncion}&language=en`);
    expect(await titles(page)).toEqual(wanted.map(({ title }) => title));
    expect(await page.locator('h1').textContent()).toBe('Offers near Asunción');
    expect(await status(page)).toBe('More than 50 offers within 5 km');
    expect(await page.locator('.pin').count()).toBeGreaterThan(3);
    expect(await page.title()).toBe('Offers near Asunción · Pika');
  });

  it('says of what cannot be used now why, beside whether the place is open', async () => {
    const before = await ask(asuncion);
    const { id } = before.find(({ redeemable }) => redeemable.now)!;
    await site.pool.query('UPDATE marketplace.vouchers SET limit_total = 1 WHERE id = $1', [id]);
    await site.pool.query('UPDATE marketplace.voucher_counters SET used_count = 1 WHERE voucher_id = $1', [id]);
    try {
      const page = await open();
      const wanted = (await ask(asuncion)).map(({ redeemable: { reasons } }) => [
        ...(reasons.includes('voucher.soldOut') ? ['Sold out'] : []),
        ...(reasons.includes('voucher.notYetValid') ? ['Not valid yet'] : []),
        ...(reasons.includes('voucher.outsideHours') ? ['Not at this hour'] : []),
      ]);
      expect(wanted.flat()).toContain('Sold out');
      expect(wanted.flat()).toContain('Not at this hour');
      const shown = await page
        .locator('.offer')
        .evaluateAll((offers) =>
          offers.map((offer) => Array.from(offer.querySelectorAll('.refusal'), ({ textContent }) => textContent)),
        );
      expect(shown).toEqual(wanted);
      await page.goto(`${site.url}/vouchers/${id}`);
      await page.locator('.place').getByText('Sold out').first().waitFor();
    } finally {
      await site.pool.query('UPDATE marketplace.vouchers SET limit_total = NULL WHERE id = $1', [id]);
      await site.pool.query('UPDATE marketplace.voucher_counters SET used_count = 0 WHERE voucher_id = $1', [id]);
    }
  });

  it('keeps sign and number of an amount on one line', async () => {
    const page = await open('/', { viewport: { width: 320, height: 640 } });
    const amounts = await page.locator('.offer-title a span').evaluateAll((shown) =>
      shown.flatMap(({ firstChild }) => {
        const text = firstChild?.textContent ?? '';
        const found = /₲\s[\d.,]+\d/.exec(text);
        if (firstChild === null || found === null) return [];
        const range = document.createRange();
        range.setStart(firstChild, found.index);
        range.setEnd(firstChild, found.index + found[0].length);
        const tops = Array.from(range.getClientRects(), ({ top }) => Math.round(top));
        return [{ amount: found[0], lines: new Set(tops).size }];
      }),
    );
    expect(amounts.length).toBeGreaterThan(2);
    expect(amounts.filter(({ amount, lines }) => lines > 1 || amount.includes(' '))).toEqual([]);
  });

  it('goes on with the next page at the end', async () => {
    const page = await open();
    await page.locator('#more').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelectorAll('.offer-title a').length > 50);
    const all = await titles(page);
    expect(all.length).toBe(
      new Set(await page.locator('.offer').evaluateAll((items) => items.map((item) => item.getAttribute('data-id'))))
        .size,
    );
  });

  it('narrows by radius, category, words and what is open', async () => {
    const page = await open();
    await andLoaded(page, () => page.selectOption('#radius', '1000'));
    expect(await titles(page)).toEqual(
      (await ask(`${asuncion}&radiusMeters=1000&language=en`)).map(({ title }) => title),
    );
    expect(new URL(page.url()).searchParams.get('radius')).toBe('1000');
    await andLoaded(page, () => page.selectOption('#radius', '5000'));

    await andLoaded(page, () => page.selectOption('#category', 'cafe'));
    const cafes = await ask(`${asuncion}&category=cafe&language=en`);
    expect(cafes.length).toBeGreaterThan(0);
    expect(await titles(page)).toEqual(cafes.map(({ title }) => title));
    expect(await status(page)).toContain(String(cafes.length));

    await andLoaded(page, () => page.selectOption('#category', ''));
    await page.fill('#words', 'coffee');
    await andLoaded(page, () => page.press('#words', 'Enter'));
    const found = await ask(`${asuncion}&q=coffee&language=en`);
    expect(found.length).toBeGreaterThan(0);
    expect(await titles(page)).toEqual(found.map(({ title }) => title));
    await andLoaded(page, () => page.locator('#clear-words').click());

    await andLoaded(page, () => page.locator('#open-now').click());
    const openOnes = await ask(`${asuncion}&openNow=true&language=en`);
    expect(await page.locator('#open-now').getAttribute('aria-pressed')).toBe('true');
    expect(await titles(page)).toEqual(openOnes.map(({ title }) => title));
    expect(await page.locator('.opening-closed').count()).toBe(0);
  });

  it('says when a closed place opens next', async () => {
    const page = await open();
    const isAnyClosed = (await ask(`${asuncion}&language=en`)).some(({ location }) => location.isOpen === false);
    expect(isAnyClosed).toBe(true);
    expect(await page.locator('.opening-closed').first().textContent()).toMatch(/^Opens /);
  });

  it('finds our own cities and categories as one types', async () => {
    const page = await open();
    await page.fill('#words', 'encar');
    await page.locator('[role=option]', { hasText: 'Encarnación' }).waitFor();
    await page.press('#words', 'ArrowDown');
    expect(await page.locator('#words').getAttribute('aria-activedescendant')).toBe('suggestion-0');
    await andLoaded(page, () => page.press('#words', 'Enter'));
    expect(await page.locator('h1').textContent()).toBe('Offers near Encarnación');
    expect((await titles(page)).length).toBeGreaterThan(5);

    await page.fill('#words', 'restau');
    await andLoaded(page, () => page.locator('[role=option]', { hasText: 'Restaurants' }).click());
    expect(await page.inputValue('#category')).toBe('restaurant');
  });

  it('names who is to be credited, in the list and on the map, as text', async () => {
    const credit = '© Somebody & <b>others</b>';
    const { pool } = site;
    await pool.query(`UPDATE business.businesses SET attribution = $1 WHERE id = $2`, [
      credit,
      (await nearest()).business.id,
    ]);
    const page = await open();
    expect(await page.locator('#credits').textContent()).toBe(credit);
    expect(await page.locator('.leaflet-control-attribution').textContent()).toContain(credit);
    await page.locator('.offer-title a').first().click();
    await page.locator('#detail .credit', { hasText: credit }).waitFor();
    await pool.query(`UPDATE business.businesses SET attribution = NULL WHERE attribution = $1`, [credit]);
  });

  it('offers a way on where there is nothing', async () => {
    const page = await open('/?at=0,-30&radius=1000&category=cafe');
    expect(await page.locator('#notice h2').textContent()).toBe('Nothing here within 1 km');
    await andLoaded(page, () => page.locator('#notice button', { hasText: 'Look within 2 km' }).click());
    expect(await page.locator('#notice h2').textContent()).toBe('Nothing here within 2 km');
    await andLoaded(page, () => page.locator('#notice button', { hasText: 'Clear the filters' }).click());
    expect(await page.inputValue('#category')).toBe('');
  });

  it('says that something failed, and tries again', async () => {
    const page = await open();
    await page.route('**/v1/vouchers/nearby**', (route) => route.fulfill({ status: 503, body: '{}' }));
    await andLoaded(page, () => page.selectOption('#radius', '2000'));
    expect(await page.locator('#notice h2').textContent()).toBe('The offers could not be loaded');
    await page.unroute('**/v1/vouchers/nearby**');
    await andLoaded(page, () => page.locator('#notice button', { hasText: 'Try again' }).click());
    expect(await page.locator('.offer-title a').count()).toBeGreaterThan(0);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('503')]);
  });

  it('finds where one is, and stays where it was when that is refused', async () => {
    const here = { latitude: -27.3305, longitude: -55.8663 };
    const page = await open('/', { geolocation: here, permissions: ['geolocation'] });
    await andLoaded(page, () => page.locator('#near-me').click());
    expect(await page.locator('h1').textContent()).toBe('Offers near you');
    const wanted = await ask(`latitude=${here.latitude}&longitude=${here.longitude}&language=en`);
    expect(await titles(page)).toEqual(wanted.map(({ title }) => title));

    const refused = await open();
    await refused.locator('#near-me').click();
    await refused.waitForFunction(() => document.querySelector('#status')?.textContent?.includes('not shared'));
    expect(await refused.locator('h1').textContent()).toBe('Offers near Asunción');
  });
});

describe.skipIf(chromiumPath === undefined)('the details of an offer', () => {
  it('open beside the list under an address of their own, and back and forward work', async () => {
    const page = await open();
    const first = page.locator('.offer-title a').first();
    const title = await first.textContent();
    await first.click();
    await page.locator('#detail-title', { hasText: title ?? '' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/vouchers\/[0-9a-f-]{36}$/);
    expect(await page.title()).toBe(`${title} · Pika`);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('detail-title');

    await page.goBack();
    await page.locator('#detail').waitFor({ state: 'hidden' });
    expect(new URL(page.url()).pathname).toBe('/');
    await page.goForward();
    await page.locator('#detail-title', { hasText: title ?? '' }).waitFor();

    await page.keyboard.press('Escape');
    await page.locator('#detail').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(title);
  });

  it('stand at the shared address: terms, hours, every place, the way there', async () => {
    const id = '01941f29-7c00-742e-8d2f-6d010638d381';
    const { body } = await site.get(`/v1/vouchers/${id}?${asuncion}&language=en`);
    const offer = body as { title: string; terms: string; locations: { latitude: number; longitude: number }[] };
    expect(offer.locations.length).toBeGreaterThan(1);
    const page = await open(`/vouchers/${id}`);
    await page.locator('#detail-title', { hasText: offer.title }).waitFor();
    expect(await page.locator('.detail-terms').textContent()).toContain(offer.terms);
    expect(await page.locator('.place').count()).toBe(offer.locations.length);
    const [closest] = offer.locations;
    expect(await page.locator('.place a').first().getAttribute('href')).toContain(
      `to=${closest?.latitude},${closest?.longitude}`,
    );
    await page.locator('.hours summary').first().click();
    expect(await page.locator('.hours').first().locator('tr').count()).toBe(7);
  });

  it('say so where the offer is gone', async () => {
    const page = await open('/vouchers/01941f29-7c00-742e-8d2f-000000000000');
    await page.locator('#detail-title', { hasText: 'no longer there' }).waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
  });
});

describe.skipIf(chromiumPath === undefined)('languages', () => {
  it('change titles and direction, and are remembered', async () => {
    const page = await open(`/${beirut}`);
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
    await andLoaded(page, () => page.selectOption('#language', 'ar'));
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
    const arabic = await ask('latitude=33.8938&longitude=35.495&language=ar');
    expect(await titles(page)).toEqual(arabic.map(({ title }) => title));
    expect(await page.locator('h1').textContent()).toBe('عروض قرب Beirut');
    await page.reload();
    await loaded(page);
    expect(await page.inputValue('#language')).toBe('ar');
  });

  it('are the browser’s own at first', async () => {
    const page = await open('/', { locale: 'es-PY' });
    expect(await page.locator('h1').textContent()).toBe('Ofertas cerca de Asunción');
  });

  it('of a text that fell back are marked', async () => {
    const page = await open();
    await andLoaded(page, () => page.selectOption('#language', 'gn'));
    const wanted = (await site.get(`/v1/vouchers/nearby?limit=50&${asuncion}&language=gn`)).body as {
      data: { served: Record<string, string> }[];
    };
    const languages = await page
      .locator('.offer-title a > span')
      .evaluateAll((spans) => spans.map((span) => span.getAttribute('lang')));
    expect(languages).toEqual(wanted.data.map(({ served }) => served['title'] ?? 'gn'));
    expect(new Set(languages)).toEqual(new Set(['gn', 'es']));
  });
});

/** What reaches beyond the window, or is to be scrolled sideways in its own box. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((part) => part.closest('.filters, .map, .hidden, .skip, select') === null)
      .filter((part) => {
        const { left, right, width } = part.getBoundingClientRect();
        const isBeyond = width > 0 && (left < -0.5 || right > window.innerWidth + 0.5);
        return isBeyond || (part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1);
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 80)),
  );
}

describe.skipIf(chromiumPath === undefined)('everybody', () => {
  it('can use it with one thumb: nothing to scroll sideways at 360 pixels, list and map in turn', async () => {
    const page = await open('/', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - 360);
    expect(await overflow()).toBe(0);
    await page.locator('#switch-view').tap();
    await page.locator('#map').waitFor({ state: 'visible' });
    expect(await page.locator('#list').isVisible()).toBe(false);
    expect(await page.locator('.pin').count()).toBeGreaterThan(3);
    expect(await overflow()).toBe(0);
    await page.locator('#switch-view').tap();
    await page.locator('.offer-title a').first().tap();
    await page.locator('#detail-title').waitFor();
    expect(await overflow()).toBe(0);
  });

  it.each(['en', 'es', 'pt', 'gn', 'ar'])(
    'can use it in %s on 320 pixels, without scrolling sideways',
    async (language) => {
      const page = await open(`/?language=${language}`, { viewport: { width: 320, height: 640 } });
      await page.fill('#words', 'a');
      await page.locator('[role=option]').first().waitFor();
      expect(await tooWide(page), 'suggestions').toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('#switch-view').click();
      expect(await tooWide(page), 'map').toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollHeight), 'the map fills what is left').toBe(640);
      await page.locator('#switch-view').click();
      await page.locator('.offer-title a').first().click();
      await page.locator('#detail .place').first().waitFor();
      expect(await tooWide(page), 'details').toEqual([]);

      const long = 'Nombrelarguísimoquenosepuedepartirenningunaparte';
      await page.goto(`${site.url}/?at=0,-30&language=${language}&place=${long}&q=${long}`);
      await page.locator('#notice h2').waitFor();
      expect(await tooWide(page), 'nothing found').toEqual([]);
    },
  );

  it('can use it by keyboard alone', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the offers');
    await page.keyboard.press('Enter');
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement?.closest('.offer') !== null)) break;
    }
    const title = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Enter');
    await page.locator('#detail-title', { hasText: title ?? '' }).waitFor();
  });

  it.each<[string, string, BrowserContextOptions]>([
    ['light', '/', {}],
    ['dark', '/', { colorScheme: 'dark' }],
    ['Arabic', `/${beirut}&language=ar`, {}],
    ['a phone', '/', { viewport: { width: 390, height: 844 } }],
    ['empty', '/?at=0,-30', {}],
    ['the details, dark', '/vouchers/01941f29-7c00-742e-8d2f-6d010638d381', { colorScheme: 'dark' }],
    ['the details, light', '/vouchers/01941f29-7c00-742e-8d2f-6d010638d381', {}],
  ])('gets a page without serious barriers (axe): %s', async (_name, path, options) => {
    const page = await open(path, { ...options, bypassCSP: true });
    if (path.startsWith('/vouchers/')) await page.locator('#detail .place').first().waitFor();
    await page.addScriptTag({ content: axe });
    const violations = await page.evaluate(async () => {
      const { violations: found } = await (
        window as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run();
      return found.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html.slice(0, 200)) }));
    });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)('finding the way on', () => {
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

  it('goes on at the end of the list by itself, and for the keyboard from the first new offer', async () => {
    const page = await open();
    await page.locator('#more').focus();
    await page.waitForFunction(() => document.querySelectorAll('.offer').length > 50);
    expect((await focused(page)).replaceAll('\u00a0', ' ')).toBe((await titles(page))[50]);
    expect(await status(page)).toBe(`${await page.locator('.offer').count()} offers within 5 km`);
  });

  it('keeps the focus where the effect of a vanished button is', async () => {
    const page = await open('/?at=0,-30&radius=1000');
    await page.locator('#notice button').first().focus();
    await andLoaded(page, () => page.keyboard.press('Enter'));
    expect(await focused(page)).toBe('Look within 5 km');
  });

  it('takes filters off that the API does not know', async () => {
    const page = await open('/?category=nothing-like-it');
    expect(await page.locator('#notice').textContent()).toContain('not understood');
    await andLoaded(page, () => page.locator('#notice button', { hasText: 'Clear the filters' }).click());
    expect(await page.locator('.offer').count()).toBeGreaterThan(0);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  it('has its languages and categories after a start without the API', async () => {
    const page = await open();
    await page.route('**/v1/**', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.reload();
    await page.locator('#notice button', { hasText: 'Try again' }).waitFor();
    await page.unroute('**/v1/**');
    await andLoaded(page, () => page.locator('#notice button').click());
    expect(await page.locator('#language option').count()).toBe(5);
    expect(await page.locator('#category option').count()).toBeGreaterThan(5);
    complaints = complaints.filter((each) => !each.includes('503'));
  });

  it('shows on a small map what failed, and how many were found', async () => {
    const page = await open('/', { viewport: { width: 390, height: 844 } });
    await page.locator('#switch-view').click();
    expect(await page.locator('#status').isVisible()).toBe(true);
    await page.route('**/v1/vouchers/nearby**', (route) => route.fulfill({ status: 429, body: '{}' }));
    await andLoaded(page, () => page.locator('#open-now').click());
    expect(await page.locator('#notice').isVisible()).toBe(true);
    expect(await page.locator('#notice').textContent()).toContain('Too many questions');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('429')]);
  });

  it('spreads the offers of one place on the map, each to be opened', async () => {
    const page = await open('/?at=-25.2862,-57.6355&radius=500');
    const isTwo = page.locator('.pin-many > span', { hasText: /^2$/ });
    const before = await page.locator('.pin:not(.pin-many)').count();
    await isTwo.first().click();
    await page.waitForFunction((count) => document.querySelectorAll('.pin:not(.pin-many)').length > count, before);
    const boxes = await page
      .locator('.pin:not(.pin-many) > span')
      .evaluateAll((pins) => pins.map((pin) => pin.getBoundingClientRect().toJSON() as DOMRect));
    expect(boxes).toHaveLength(before + 2);
    const [one, other] = boxes.slice(-2).toSorted((a, b) => a.top - b.top);
    expect(one?.bottom ?? 0).toBeLessThanOrEqual((other?.top ?? 0) + 2);
    await page.locator('.pin:not(.pin-many) > span').first().click();
    await page.locator('#detail .place').first().waitFor();
  });

  it('names a found position only for who was found', async () => {
    const here = { latitude: -25.28, longitude: -57.63 };
    const page = await open('/', { geolocation: here, permissions: ['geolocation'] });
    await andLoaded(page, () => page.locator('#near-me').click());
    expect(page.url()).not.toContain('you');
    await andLoaded(page, () => page.selectOption('#language', 'es'));
    expect(await page.locator('h1').textContent()).toBe('Ofertas cerca de usted');
    const shared = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    expect(await shared.locator('h1').textContent()).toBe('Ofertas por aquí');
  });

  it('keeps the language of an address, until another is chosen', async () => {
    const page = await open('/?language=gn');
    await andLoaded(page, () => page.selectOption('#radius', '1000'));
    expect(new URL(page.url()).searchParams.get('language')).toBe('gn');
    await andLoaded(page, () => page.selectOption('#language', 'ar'));
    await page.reload();
    await loaded(page);
    expect(await page.inputValue('#language')).toBe('ar');
    await andLoaded(page, () => page.goBack());
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
  });

  it('speaks Guaraní without Spanish in between, also with a number', async () => {
    const page = await open('/?language=gn');
    expect(await status(page)).toBe('Hetave 50 ofertagui 5 km peve');
    await andLoaded(page, () => page.selectOption('#radius', '1000'));
    expect(await status(page)).toMatch(/^\d+ oferta 1 km peve$/);
    for (const part of ['#status', '#more', '.badge', '.opening']) {
      expect(await page.locator(part).first().getAttribute('lang'), part).toBe(null);
    }
    await page.locator('#account').click();
    await page.locator('#account-panel input[name=email]').waitFor();
    expect(await page.locator('#account-panel [lang]').count()).toBe(0);
  });

  it('speaks the language of the reader on the map too', async () => {
    const page = await open('/?language=ar');
    const names = await page
      .locator('.leaflet-control-zoom a')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
    expect(names).toEqual(['تقريب', 'إبعاد']);
  });

  it('lets nobody reach what the details cover, and Escape works from everywhere', async () => {
    const page = await open();
    await page.locator('.offer-title a').first().click();
    await page.locator('#detail .place').first().waitFor();
    expect(await page.locator('#offers').evaluate((offers: HTMLElement) => offers.inert)).toBe(true);
    expect(await page.locator('.pin-pointed').count()).toBe(1);
    await page.locator('#map').focus();
    await page.keyboard.press('Escape');
    await page.locator('#detail').waitFor({ state: 'hidden' });

    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.offer-title a').first().click();
    await page.locator('#detail .place').first().waitFor();
    await page.mouse.click(195, 20);
    await page.locator('#detail').waitFor({ state: 'hidden' });
  });

  it('opens no address of a business that leads elsewhere than the web', async () => {
    const page = await open();
    await page.route('**/v1/businesses/**', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), website: 'javascript:alert(1)' } });
    });
    await page.locator('.offer-title a').first().click();
    await page.locator('#detail .place').first().waitFor();
    expect(await page.locator('#detail a[href^="javascript"]').count()).toBe(0);
  });
});
