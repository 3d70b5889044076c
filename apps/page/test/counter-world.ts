import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { demoPassword, seedDemoAccounts } from '@pika/database';
import { newId } from '@pika/shared';
import { insertRows, translationRows, voucherRow, type Row } from '@pika/tests';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openNetwork, type Network } from './network.ts';
import { drawPicture, readQr, svgUrl } from './qr-picture.ts';
import { noon, startSite, type Site } from './site.ts';

export interface CounterWorld {
  site: Site;
  network: Network;
  place: { businessId: string; locationId: string; categoryId: string };
  /** A published offer at that place. */
  addVoucher: (fields?: Row) => Promise<string>;
  /** As the consumer of the demo log-ins, by the API. */
  claim: (voucherId: string) => Promise<{ id: string; shortCode: string }>;
  /** What the QR code of a claim says now. */
  tokenOf: (claimId: string) => Promise<string>;
  headersOf: (name: Name) => Promise<Record<string, string>>;
  close: () => Promise<void>;
}

export type Name = 'consumer' | 'staff' | 'owner';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The seeded product with the demo log-ins, behind a network that can be cut. */
export async function openCounterWorld(browser: Browser): Promise<CounterWorld> {
  const site = await startSite();
  await seedDemoAccounts(site.database);
  const network = await openNetwork(site.url);
  const { rows } = await site.pool.query<CounterWorld['place']>(`
    SELECT business.id AS "businessId", location.id AS "locationId", business.category_id AS "categoryId"
    FROM business.businesses business
    JOIN business.locations location ON location.business_id = business.id
    JOIN business.members member ON member.business_id = business.id
    JOIN users.users ON users.id = member.user_id AND users.email = 'staff@pika.example'
    -- Open on Wednesdays, noon included.
    WHERE location.time_zone = 'America/Asuncion' AND location.weekly_hours @> int4range(2 * 1440 + 600, 2 * 1440 + 1080)
    ORDER BY business.id, location.id LIMIT 1`);
  const place = rows[0]!;
  const tokens = new Map<Name, string>();

  const world: CounterWorld = {
    site,
    network,
    place,
    async headersOf(name) {
      const known = tokens.get(name);
      if (known !== undefined) return { Authorization: `Bearer ${known}` };
      const answer = await site.post('/v1/auth/login', { email: `${name}@pika.example`, password: demoPassword });
      expect(answer.status).toBe(200);
      const { accessToken } = answer.body as { accessToken: string };
      tokens.set(name, accessToken);
      return { Authorization: `Bearer ${accessToken}` };
    },
    async addVoucher(fields = {}) {
      const { businessId, locationId, categoryId } = place;
      const id = newId(new Date(noon));
      await insertRows(site.pool, 'i18n.translations', [
        ...translationRows('voucher', `voucher.${id}.title`, { es: 'Café con chipa', gn: 'Káva chipa ndive' }),
        ...translationRows('voucher', `voucher.${id}.terms`, { es: 'Uno por mesa.' }),
      ]);
      await insertRows(site.pool, 'marketplace.vouchers', [
        {
          ...voucherRow({ id, businessId, categoryId, validFrom: '2026-01-01', validUntil: '2026-12-31' }),
          discount_type: 'fixed_amount',
          percent_off: null,
          amount_off_minor: 5_000,
          currency: 'PYG',
          rollback_window_minutes: 60,
          ...fields,
        },
      ]);
      await insertRows(site.pool, 'marketplace.voucher_locations', [{ voucher_id: id, location_id: locationId }]);
      return id;
    },
    async claim(voucherId) {
      const answer = await site.post(`/v1/vouchers/${voucherId}/claims`, {}, await world.headersOf('consumer'));
      expect(answer.status, answer.text).toBe(201);
      return answer.body as { id: string; shortCode: string };
    },
    async tokenOf(claimId) {
      const response = await fetch(`${site.url}/v1/claims/${claimId}/qr.svg`, {
        headers: await world.headersOf('consumer'),
      });
      expect(response.status).toBe(200);
      return readQr(await drawPicture(browser, svgUrl(await response.text())));
    },
    async close() {
      await network.close();
      await site.close();
    },
  };
  return world;
}

export async function openPage(
  browser: Browser,
  url: string,
  { isClockFixed = true, ...options }: BrowserContextOptions & { isClockFixed?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
    ...options,
  });
  if (isClockFixed) await context.clock.setFixedTime(noon);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export async function logIn(page: Page, name: Name): Promise<void> {
  await page.locator('#account').click();
  await logInHere(page, name);
}

/** Where the form is open. */
export async function logInHere(page: Page, name: Name): Promise<void> {
  const panel = page.locator('#account-panel');
  await panel.locator('input[type=email]').fill(`${name}@pika.example`);
  await panel.locator('input[type=password]').fill(demoPassword);
  await panel.locator('.form button[type=submit]').click();
  await page.locator('#account.round-active').waitFor();
}

/** What axe finds that is serious or worse. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Not as a script of the page, which its policy would refuse.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await tool.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
