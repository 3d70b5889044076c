import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signVoucherToken } from '@pika/shared/voucher-token';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { logIn, logInHere, openCounterWorld, openPage, seriousFaults, type CounterWorld } from './counter-world.ts';
import { drawPicture, filmOf, readQr, svgUrl } from './qr-picture.ts';
import { noon } from './site.ts';

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
  world?.network.mend();
  for (const context of browser?.contexts() ?? []) await context.close();
  const failures = world?.site.failures ?? [];
  const found = [...complaints, ...failures.slice(failuresSeen)];
  complaints = [];
  failuresSeen = failures.length;
  if (found.length > 0) throw new Error(`The page complained: ${found.join('; ')}`);
});

function listenTo(page: Page): void {
  page.on('console', (message) => {
    const isNetwork = /Failed to load resource|net::ERR_/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isNetwork) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
}

/** The till of the demo staff, at the place of the world. */
async function openTill(options: Parameters<typeof openPage>[2] = {}, from: Browser = browser): Promise<Page> {
  const page = await openPage(from, `${world.network.url}/counter`, options);
  listenTo(page);
  await logIn(page, 'staff');
  await page.locator('#place-choice').selectOption(world.place.locationId);
  await page.locator('#place button[type=submit]').click();
  await page.locator('#code').waitFor();
  return page;
}

/** Arami's language is Guaraní; most tests read English. */
async function inEnglish(page: Page): Promise<Page> {
  await page.locator('#language').selectOption('en');
  await page.getByRole('heading', { name: 'Counter' }).waitFor();
  return page;
}

const desk = (page: Page) => page.locator('#desk');
const press = (page: Page, name: string) => desk(page).getByRole('button', { name, exact: true }).click();
/** The desk says what it shows instead, where it is not this. */
async function headline(page: Page, text: string): Promise<void> {
  await expect.poll(() => desk(page).innerText(), { timeout: 10_000 }).toMatch(new RegExp(`^${escaped(text)}$`, 'm'));
}
const escaped = (text: string) => text.replaceAll(/[.?*+()[\]{}|^$\\]/g, '\\$&');

async function type(page: Page, code: string): Promise<void> {
  await page.locator('#code').fill(code);
  await page.locator('.code-form button[type=submit]').click();
}

const counted = async (voucherId: string) => {
  const { rows } = await world.site.pool.query<{ used: number; entries: number }>(
    `SELECT counter.used_count::int AS used,
       (SELECT count(*)::int FROM marketplace.redemptions WHERE voucher_id = $1) AS entries
     FROM marketplace.voucher_counters counter WHERE counter.voucher_id = $1`,
    [voucherId],
  );
  return rows[0];
};

describe.skipIf(chromiumPath === undefined)('who may work at the counter', () => {
  it('asks a guest to log in, and tells who works for no business', async () => {
    const page = await openPage(browser, `${world.network.url}/counter`);
    listenTo(page);
    await page.locator('#gate').getByText('Log in with an account that works for a business.').waitFor();
    expect(await page.locator('#work').isVisible()).toBe(false);
    await page.locator('#gate').getByRole('button', { name: 'Log in' }).click();
    await page.locator('#account-panel input[type=email]').waitFor();
    await page.keyboard.press('Escape');
    await logIn(page, 'consumer');
    await page.locator('#gate').getByText('Esta cuenta no trabaja para ningún comercio.').waitFor();
  });

  it('lets somebody log in who presses before the page has its texts', async () => {
    const page = await openPage(browser, 'about:blank');
    listenTo(page);
    let letThrough = () => {};
    const isLetThrough = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route('**/v1/languages', async (route) => {
      await isLetThrough;
      await route.continue();
    });
    await page.goto(`${world.network.url}/counter`);
    await page.locator('#account').click();
    letThrough();
    await page.locator('#account-panel input[type=email]').waitFor();
    await logInHere(page, 'staff');
    await page.locator('#place-choice').waitFor();
  });

  it('works for nobody where the browser keeps nothing, who logs in there or not', async () => {
    const page = await openPage(browser, 'about:blank');
    listenTo(page);
    await page.addInitScript(() => {
      indexedDB.open = () => {
        throw new DOMException('no', 'SecurityError');
      };
    });
    await page.goto(`${world.network.url}/counter`);
    await page.locator('#gate').getByText('This browser keeps nothing').waitFor();
    await logIn(page, 'consumer');
    await page.locator('html[lang=es]').waitFor();
    await page.locator('#gate').getByText('Este navegador no guarda nada').waitFor();
    expect(await page.locator('#work').isVisible()).toBe(false);
  });

  it('may use the camera here, and nowhere else', async () => {
    const policyOf = async (path: string) => (await world.site.get(path)).headers['permissions-policy'];
    expect(await policyOf('/counter')).toContain('camera=(self)');
    expect(await policyOf('/')).toContain('camera=()');
    const worker = await world.site.get('/counter-worker.js');
    expect(worker.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(worker.headers['cache-control']).toBe('no-cache');
  });
});

describe.skipIf(chromiumPath === undefined)('redeeming at the counter', () => {
  it('redeems what is typed, refuses it the second time in Guaraní, rolls back, and redeems again', async () => {
    const voucherId = await world.addVoucher({ limit_per_user: 1 });
    const { shortCode } = await world.claim(voucherId);
    const page = await openTill();

    await page.locator('#code').fill(shortCode.replace(/.$/, (last) => (last === '2' ? '3' : '2')));
    await page.locator('#code-said', { hasText: 'Ehecha porã' }).waitFor();
    await page.locator('#code').fill(shortCode.toLowerCase());
    await page.locator('#code-said', { hasText: 'Pe código oĩmbáma.' }).waitFor();
    await type(page, shortCode);
    await headline(page, 'Ikatu ojeporu');
    expect(await desk(page).locator('.desk-offer strong').textContent()).toBe('Káva chipa ndive');
    expect(await desk(page).locator('.desk-discount strong').textContent()).toContain('5.000');
    await press(page, 'Eiporu');
    await headline(page, 'Ojeporúma');
    expect(await counted(voucherId)).toEqual({ used: 1, entries: 1 });

    await press(page, 'Ambue cliente');
    await type(page, shortCode);
    await headline(page, 'Ndaikatúi ojeporu');
    const reasons = await desk(page).locator('.reasons li span:first-child').allTextContents();
    expect(reasons).toContain('Ojeporúma.');
    expect(await desk(page).getByRole('button', { name: 'Eiporu', exact: true }).count()).toBe(0);

    await page.locator('.entry').first().getByRole('button', { name: 'Embojevy' }).click();
    await page.locator('.entry input').fill('Ojeescanea mokõi jey');
    await page.locator('.entry').first().getByRole('button', { name: 'Embojevy ko’ág̃a' }).click();
    await page.locator('.entry-state', { hasText: 'Oñembojevýma' }).waitFor();
    expect(await counted(voucherId)).toEqual({ used: 0, entries: 2 });

    await press(page, 'Ambue cliente');
    await type(page, shortCode);
    await press(page, 'Eiporu');
    await headline(page, 'Ojeporúma');
    expect(await counted(voucherId)).toEqual({ used: 1, entries: 3 });
    const { rows } = await world.site.pool.query(
      'SELECT kind, location_id, reason FROM marketplace.redemptions WHERE voucher_id = $1 ORDER BY kind',
      [voucherId],
    );
    const { locationId: location_id } = world.place;
    expect(rows).toEqual([
      { kind: 'redemption', location_id, reason: null },
      { kind: 'redemption', location_id, reason: null },
      { kind: 'rollback', location_id, reason: 'Ojeescanea mokõi jey' },
    ]);
    const attempts = await world.site.pool.query('SELECT device FROM marketplace.attempts WHERE voucher_id = $1', [
      voucherId,
    ]);
    expect(attempts.rows[0]).toEqual({ device: expect.stringMatching(/^till-/) });
  });

  it('asks for the amount where the discount needs it', async () => {
    const voucherId = await world.addVoucher({
      discount_type: 'percentage',
      percent_off: 10,
      amount_off_minor: null,
      currency: 'PYG',
      budget_minor: 1_000_000,
      limit_per_user: 5,
    });
    const { shortCode } = await world.claim(voucherId);
    const page = await inEnglish(await openTill());
    await type(page, shortCode);
    await headline(page, 'What is to be paid?');
    await desk(page).getByLabel('Amount to be paid').fill('much');
    await press(page, 'Work out');
    await desk(page).getByText('This is no amount.').waitFor();
    await desk(page).getByLabel('Amount to be paid').fill('123.456');
    await press(page, 'Work out');
    await headline(page, 'It can be redeemed');
    expect(await desk(page).locator('.desk-discount strong').textContent()).toContain('12,346');
    await press(page, 'Redeem');
    await headline(page, 'Redeemed');
    const { rows } = await world.site.pool.query(
      'SELECT discount_minor::int AS discount, amount_minor::int AS amount, currency FROM marketplace.redemptions WHERE voucher_id = $1',
      [voucherId],
    );
    expect(rows).toEqual([{ discount: 12_346, amount: 123_456, currency: 'PYG' }]);
  });

  it('sends the position of the till where the offer wants to be redeemed at the place', async () => {
    const { rows } = await world.site.pool.query<{ latitude: number; longitude: number }>(
      'SELECT latitude, longitude FROM business.public_locations WHERE id = $1',
      [world.place.locationId],
    );
    const { shortCode } = await world.claim(await world.addVoucher({ geofence_meters: 200 }));
    const page = await inEnglish(await openTill({ geolocation: rows[0]!, permissions: ['geolocation'] }));
    await type(page, shortCode);
    await headline(page, 'It cannot be redeemed');
    await press(page, 'Send the position of this till');
    await press(page, 'Redeem');
    await headline(page, 'Redeemed');
  });

  it('says of a code that nobody knows that it stands for nothing', async () => {
    const page = await inEnglish(await openTill());
    await type(page, 'NOSUCHCODE1');
    await headline(page, 'This code stands for nothing here');
  });

  it('repeats under the same key until there is an answer, also after the page was closed', async () => {
    const voucherId = await world.addVoucher({ limit_per_user: 1 });
    const { shortCode } = await world.claim(voucherId);
    const page = await inEnglish(await openTill());
    const keys: string[] = [];
    let isLost = true;
    await page.context().route('**/v1/codes/redeem', async (route) => {
      keys.push((await route.request().allHeaders())['idempotency-key'] ?? '');
      // It is done; only its answer never comes.
      if (isLost) await route.fetch().then(() => route.abort('connectionreset'));
      else await route.continue();
    });
    await type(page, shortCode);
    await press(page, 'Redeem');
    await headline(page, 'Waiting for the answer…');
    await expect.poll(() => counted(voucherId)).toEqual({ used: 1, entries: 1 });
    await expect.poll(() => keys.length, { timeout: 20_000 }).toBeGreaterThan(1);
    const again = await page.context().newPage();
    await page.close();
    isLost = false;
    await again.goto(`${world.network.url}/counter`);
    await again.locator('.entry-state', { hasText: 'Ojeporúma' }).waitFor();
    expect(new Set(keys).size).toBe(1);
    expect(await counted(voucherId)).toEqual({ used: 1, entries: 1 });
  });
});

describe.skipIf(chromiumPath === undefined)('scanning with the camera', () => {
  it('reads the QR code of a claim, and redeems it', async () => {
    const voucherId = await world.addVoucher({ limit_per_user: 1 });
    const { id } = await world.claim(voucherId);
    const response = await fetch(`${world.site.url}/v1/claims/${id}/qr.svg`, {
      headers: await world.headersOf('consumer'),
    });
    const picture = await drawPicture(browser, svgUrl(await response.text()));
    expect(readQr(picture)).toHaveLength(119);
    const folder = mkdtempSync(join(tmpdir(), 'pika-film-'));
    const film = join(folder, 'qr.y4m');
    writeFileSync(film, filmOf(picture));
    const withCamera = await launchChromium([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    try {
      const page = await inEnglish(await openTill({}, withCamera));
      await press(page, 'Scan with the camera');
      await headline(page, 'It can be redeemed');
      await press(page, 'Redeem');
      await headline(page, 'Redeemed');
      expect(await counted(voucherId)).toEqual({ used: 1, entries: 1 });
    } finally {
      await withCamera.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('uses the decoder of the browser where there is one, and loads no other', async () => {
    const { shortCode } = await world.claim(await world.addVoucher());
    const withCamera = await launchChromium(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']);
    try {
      const page = await inEnglish(await openTill({}, withCamera));
      await page.evaluate((rawValue) => {
        class Native {
          static getSupportedFormats = () => Promise.resolve(['qr_code']);
          detect = (video: HTMLVideoElement) => Promise.resolve(video.videoWidth > 0 ? [{ rawValue }] : []);
        }
        Object.assign(globalThis, { BarcodeDetector: Native });
      }, shortCode);
      const loaded: string[] = [];
      page.on('request', (request) => loaded.push(request.url()));
      await press(page, 'Scan with the camera');
      await headline(page, 'It can be redeemed');
      expect(loaded.filter((url) => url.includes('/decode-'))).toEqual([]);
    } finally {
      await withCamera.close();
    }
  });

  it('says so where there is none', async () => {
    const page = await inEnglish(await openTill());
    await press(page, 'Scan with the camera');
    await desk(page)
      .getByText(/There is no camera|The camera is not allowed here/)
      .waitFor();
  });
});

describe.skipIf(chromiumPath === undefined)('the counter without network', () => {
  it('checks, notes, survives closing, and hands in', async () => {
    const voucherId = await world.addVoucher({ limit_total: 1, limit_per_user: 5 });
    const { id, shortCode } = await world.claim(voucherId);
    const token = await world.tokenOf(id);
    const page = await inEnglish(await openTill());
    await page.locator('#network', { hasText: 'Online' }).waitFor();

    world.network.cut();
    await page.context().setOffline(true);
    await page.locator('#network', { hasText: 'No network' }).waitFor();
    await page.reload();
    await page.locator('#code').waitFor();
    await type(page, token);
    await headline(page, 'Genuine and valid');
    await press(page, 'Redeem without network');
    await headline(page, 'Noted as number 1');
    await press(page, 'Next customer');

    await type(page, token);
    await desk(page).getByText('It was redeemed at this till already').waitFor();
    await press(page, 'Next customer');

    const forged = token.replace(/.{3}$/, (end) => (end === '000' ? '111' : '000'));
    await type(page, forged);
    await headline(page, 'Not genuine');
    expect(await desk(page).getByRole('button', { name: 'Redeem without network' }).count()).toBe(0);
    await press(page, 'Next customer');
    await type(page, shortCode);
    await headline(page, 'No network to check this code');
    await press(page, 'Redeem without network');
    await headline(page, 'Noted as number 2');
    expect(await counted(voucherId)).toEqual({ used: 0, entries: 0 });

    const again = await page.context().newPage();
    await page.close();
    listenTo(again);
    await again.goto(`${world.network.url}/counter`);
    await again.getByText('2 wait to be handed in.').waitFor();
    world.network.mend();
    await again.context().setOffline(false);
    await again.locator('.entry-state', { hasText: 'Counted' }).waitFor();
    await again.locator('.entry-state', { hasText: 'Beyond the limit' }).waitFor();
    await again.getByText('Everything is handed in.').waitFor();
    expect(await counted(voucherId)).toEqual({ used: 1, entries: 1 });
    const { rows } = await world.site.pool.query(
      'SELECT count(*)::int AS scans FROM marketplace.scans WHERE voucher_id = $1',
      [voucherId],
    );
    expect(rows).toEqual([{ scans: 2 }]);
  });
});

describe.skipIf(chromiumPath === undefined)('codes without network', () => {
  it('are known to be redeemed elsewhere, expired, or signed by somebody else', async () => {
    const redeemed = await world.claim(await world.addVoucher());
    const good = await world.claim(await world.addVoucher());
    const [redeemedToken, goodToken] = [await world.tokenOf(redeemed.id), await world.tokenOf(good.id)];
    const answer = await world.site.post(
      '/v1/codes/redeem',
      { code: redeemed.shortCode, locationId: world.place.locationId },
      { ...(await world.headersOf('owner')), 'Idempotency-Key': `"${randomUUID()}"` },
    );
    expect(answer.status, answer.text).toBe(201);
    const { privateKey } = generateKeyPairSync('ed25519');
    const ours = (await world.site.get('/.well-known/voucher-keys.json')).body as { keys: { kid: string }[] };
    const tag = ['A', 'B', 'C'].find((letter) => ours.keys.every(({ kid }) => !kid.startsWith(letter)));
    const nbf = Date.parse(noon) / 1_000 - 60;
    const foreign = signVoucherToken(
      { kind: 'claim', id: good.id, expiresAt: new Date(Date.parse(noon) + 600_000) },
      { kid: `${tag}${'x'.repeat(42)}`, nbf, exp: nbf + 86_400 },
      (bytes) => sign(null, bytes, privateKey),
    );

    const page = await inEnglish(await openTill());
    world.network.cut();
    await page.context().setOffline(true);
    for (const [token, said] of [
      [redeemedToken, 'Already redeemed or withdrawn'],
      [foreign.text, 'Signed with an unknown key'],
    ] as const) {
      await type(page, token);
      await headline(page, said);
      expect(await desk(page).getByRole('button', { name: 'Redeem without network' }).count()).toBe(0);
      await press(page, 'Next customer');
    }
    await type(page, goodToken);
    await headline(page, 'Genuine and valid');
    await press(page, 'Next customer');
    await page.clock.setFixedTime('2026-03-04T15:20:00Z');
    await type(page, goodToken);
    await headline(page, 'This code has expired');
  });

  it('are handed in by who scanned them, and by nobody else', async () => {
    const voucherId = await world.addVoucher();
    const { id } = await world.claim(voucherId);
    const token = await world.tokenOf(id);
    const page = await inEnglish(await openTill());
    await page.context().route('**/v1/redemptions/sync', (route) => route.abort());
    world.network.cut();
    await page.context().setOffline(true);
    await type(page, token);
    await press(page, 'Redeem without network');
    await headline(page, 'Noted as number 1');
    world.network.mend();
    await page.context().setOffline(false);
    const leave = async () => {
      await page.locator('#account').click();
      await page.locator('#account-panel .form-actions .button').last().click();
      await page.locator('#gate .button').waitFor();
    };
    await leave();
    await page.context().unroute('**/v1/redemptions/sync');
    await logIn(page, 'owner');
    await page.locator('.entry', { hasText: 'Espera a que Arami inicie sesión aquí' }).waitFor();
    expect(await counted(voucherId)).toEqual({ used: 0, entries: 0 });
    await leave();
    await logIn(page, 'staff');
    await page.locator('.entry-state', { hasText: 'Oñemombe’úma' }).waitFor();
    const { rows } = await world.site.pool.query(
      'SELECT users.email FROM marketplace.scans JOIN users.users ON users.id = staff_id WHERE voucher_id = $1',
      [voucherId],
    );
    expect(rows).toEqual([{ email: 'staff@pika.example' }]);
  });
});

describe.skipIf(chromiumPath === undefined)('the counter for everybody', () => {
  it.each([
    ['en', 'light'],
    ['es', 'dark'],
    ['gn', 'light'],
    ['ar', 'dark'],
  ] as const)('has no serious fault in %s, %s', async (language, colorScheme) => {
    const voucherId = await world.addVoucher({ limit_per_user: 1 });
    const { shortCode } = await world.claim(voucherId);
    const page = await openTill({ colorScheme });
    await page.locator('#language').selectOption(language);
    await page.waitForSelector(`html[lang=${language}][dir=${language === 'ar' ? 'rtl' : 'ltr'}]`);
    expect(await seriousFaults(page)).toEqual([]);
    await type(page, shortCode);
    await desk(page).locator('.button-main').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await desk(page).locator('.button-main').first().click();
    await page.waitForSelector('#desk[data-tone=done]');
    expect(await seriousFaults(page)).toEqual([]);
    await desk(page).locator('.button-main').first().click();
    await type(page, shortCode);
    await page.waitForSelector('#desk[data-tone=bad]');
    expect(await seriousFaults(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBe(0);
  });
});
