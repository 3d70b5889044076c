import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { logIn, openCounterWorld, openPage, seriousFaults, type CounterWorld } from './counter-world.ts';
import { demoPassword } from '@pika/database';
import { drawPicture, pngUrl, readQr } from './qr-picture.ts';

let world: CounterWorld;
let browser: Browser;
let complaints: string[] = [];
let failuresSeen = 0;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  browser = await launchChromium();
  world = await openCounterWorld(browser);
});

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  const failures = world?.site.failures ?? [];
  const found = [...complaints, ...failures.slice(failuresSeen)];
  complaints = [];
  failuresSeen = failures.length;
  if (found.length > 0) throw new Error(`The page complained: ${found.join('; ')}`);
});

const panel = (page: Page) => page.locator('#account-panel');

async function openOffer(
  voucherId: string,
  options: Parameters<typeof openPage>[2] = {},
  language = 'en',
): Promise<Page> {
  const page = await openPage(browser, `${world.site.url}/vouchers/${voucherId}?language=${language}`, {
    deviceScaleFactor: 2,
    ...options,
  });
  // A refusal is an answer.
  const isRefusal = (text: string) => /status of 409/.test(text);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isRefusal(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.locator('#detail .detail-claim .button').waitFor();
  return page;
}

/** Whoever is not logged in is asked to, and comes back to what she wanted. */
async function claimAsGuest(page: Page): Promise<void> {
  await page.locator('#detail .detail-claim .button').click();
  await panel(page).locator('.panel-said', { hasText: /./ }).waitFor();
  await panel(page).locator('input[type=email]').fill('consumer@pika.example');
  await panel(page).locator('input[type=password]').fill(demoPassword);
  await panel(page).locator('.form button[type=submit]').click();
}

/** What a camera sees of the page. */
async function scan(page: Page): Promise<string> {
  await panel(page).locator('.claim-qr[src^="data:"]').waitFor();
  await page.locator('.claim-qr').evaluate((image) => (image as HTMLImageElement).decode());
  return readQr(await drawPicture(browser, pngUrl(await page.screenshot()), { width: 780, height: 1_688 }));
}

async function openTill(): Promise<Page> {
  const page = await openPage(browser, `${world.site.url}/counter`);
  page.on('pageerror', (error) => complaints.push(error.message));
  await logIn(page, 'staff');
  await page.locator('#place-choice').selectOption(world.place.locationId);
  await page.locator('#place button[type=submit]').click();
  await page.locator('#code').waitFor();
  return page;
}

async function type(till: Page, code: string): Promise<void> {
  await till.locator('#code').fill(code);
  await till.locator('.code-form button[type=submit]').click();
}

const desk = (till: Page, tone: string) => till.locator(`#desk[data-tone=${tone}]`);

describe.skipIf(chromiumPath === undefined)('a consumer and a counter', () => {
  it('find, claim, show, redeem, refuse the second time in Guaraní, roll back, redeem again', async () => {
    const voucherId = await world.addVoucher({ limit_per_user: 1, claim_limit_per_user: 1 });
    const page = await openOffer(voucherId);
    await claimAsGuest(page);
    const token = await scan(page);
    expect(token).toHaveLength(119);
    const shortCode = (await panel(page).locator('.claim-short strong').textContent()) ?? '';
    expect(shortCode).toMatch(/^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
    await panel(page).getByText('Valid until').waitFor();

    const till = await openTill();
    await type(till, token);
    await desk(till, 'good').locator('.button-main').click();
    await desk(till, 'done').getByText('Ojeporúma').waitFor();
    await panel(page).locator('.claim-over.claim-redeemed', { hasText: 'Redeemed' }).waitFor();

    await desk(till, 'done').locator('.button-main').click();
    await type(till, token);
    await desk(till, 'bad').getByText('Ndaikatúi ojeporu').waitFor();
    await desk(till, 'bad').locator('.reasons').getByText('Ojeporúma.').waitFor();

    await till.locator('.entry').first().getByRole('button', { name: 'Embojevy' }).click();
    await till.locator('.entry input').fill('jejavy');
    await till.locator('.entry').first().getByRole('button', { name: 'Embojevy ko’ág̃a' }).click();
    await till.locator('.entry-state', { hasText: 'Oñembojevýma' }).waitFor();
    await desk(till, 'bad').getByRole('button', { name: 'Ambue cliente' }).click();
    await type(till, shortCode);
    await desk(till, 'good').locator('.button-main').click();
    await desk(till, 'done').waitFor();
  });

  it('keeps claims in the wallet, and gives one back', async () => {
    const voucherId = await world.addVoucher({ limit_per_user: 1 });
    const page = await openOffer(voucherId);
    await claimAsGuest(page);
    await scan(page);
    await panel(page).getByRole('button', { name: 'Back', exact: true }).click();
    await panel(page).getByRole('heading', { name: 'Wallet' }).waitFor();
    const first = panel(page).locator('.claim-active').first();
    await first.waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await first.locator('.claim-open').click();
    await panel(page).getByRole('button', { name: 'Give it back' }).click();
    await panel(page).getByText('Given back. You can claim it again').waitFor();
    const { rows } = await world.site.pool.query('SELECT state FROM marketplace.claims WHERE voucher_id = $1', [
      voucherId,
    ]);
    expect(rows).toEqual([{ state: 'released' }]);
  });

  it('says every reason why one cannot be claimed', async () => {
    const voucherId = await world.addVoucher({ claim_limit_total: 1 });
    const other = await world.site.post(`/v1/vouchers/${voucherId}/claims`, {}, await world.headersOf('owner'));
    expect(other.status).toBe(201);
    const page = await openOffer(voucherId);
    await claimAsGuest(page);
    await panel(page).locator('.claim-reasons li').first().waitFor();
    expect(await panel(page).locator('.claim-reasons li').allTextContents()).toHaveLength(1);
    expect(await panel(page).locator('.claim-qr').count()).toBe(0);
  });

  it('renews the code before it expires', async () => {
    const voucherId = await world.addVoucher({});
    const page = await openOffer(voucherId);
    await claimAsGuest(page);
    await scan(page);
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/qr.svg')) asked += 1;
    });
    await page.clock.setFixedTime('2026-03-04T15:14:30Z');
    await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(0);
  });

  it.each([
    ['ar', 'dark'],
    ['gn', 'light'],
  ] as const)('shows the code without a serious fault in %s, %s', async (language, colorScheme) => {
    const voucherId = await world.addVoucher({});
    const page = await openOffer(voucherId, { colorScheme }, language);
    await claimAsGuest(page);
    await scan(page);
    expect(await seriousFaults(page)).toEqual([]);
  });
});
