import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { password, stubAccount, type AccountStub } from './account-stub.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startSite, type Site } from './site.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site: Site;
let browser: Browser;
/** Errors of scripts, and what the policy of the page forbade. */
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
  const found = complaints.splice(0);
  if (found.length > 0) throw new Error(`The page complained: ${found.join('; ')}`);
});

interface Visit {
  context: BrowserContext;
  page: Page;
  api: AccountStub;
}

async function visit(path = '/', options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  const api = await stubAccount(context);
  return { context, api, page: await openTab(context, path) };
}

async function openTab(context: BrowserContext, path = '/'): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // That an answer is no 200 is what some tests want.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  await page.goto(site.url + path);
  await loaded(page);
  return page;
}

const loaded = (page: Page) => page.waitForSelector('#list[aria-busy="false"]', { state: 'attached' });
const panel = (page: Page) => page.locator('#account-panel');
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
const field = (page: Page, label: string) => panel(page).getByLabel(label, { exact: true });
const isIn = (page: Page, name = 'Ana') => page.locator(`#account[aria-label="Account of ${name}"]`).waitFor();
const isOut = (page: Page) => page.locator('#account[aria-label="Log in"]').waitFor();
const said = (page: Page, text: string) => panel(page).getByRole('status').filter({ hasText: text }).waitFor();
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name ?? '');
/** All that the page keeps on the device. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('pika');
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
    });
    const tokens = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction('session').objectStore('session').getAll();
      request.addEventListener('success', () => resolve(request.result));
    });
    database.close();
    return JSON.stringify([tokens, localStorage, sessionStorage, document.cookie]);
  });

async function logIn(page: Page): Promise<void> {
  await page.locator('#account').click();
  await field(page, 'E-mail').fill('ana@pika.example');
  await field(page, 'Password').fill(password);
  await press(page, 'Log in');
  await isIn(page);
}

/** Opens a part of the account of who is logged in. */
async function enter(page: Page, part: string): Promise<void> {
  await page.locator('#account').click();
  await press(page, part);
  await panel(page).getByRole('heading', { name: part, exact: true }).waitFor();
  await panel(page).locator('.panel-body[aria-busy="false"]').waitFor();
}

/** Lets the access token be refused from now on. */
const expire = ({ accepted }: AccountStub) => accepted.clear();

describe.skipIf(chromiumPath === undefined)('logging in', () => {
  it('hides the password, and lets it be pasted and filled in', async () => {
    const { page } = await visit();
    await page.locator('#account').click();
    const input = field(page, 'Password');
    expect(await input.getAttribute('type')).toBe('password');
    expect(await input.getAttribute('autocomplete')).toBe('current-password');
    expect(await field(page, 'E-mail').getAttribute('autocomplete')).toBe('username');
    await input.focus();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate((text) => navigator.clipboard.writeText(text), password);
    await page.keyboard.press('ControlOrMeta+v');
    expect(await input.inputValue()).toBe(password);
  });

  it('begins in the first field, goes by keyboard, and gives the focus back', async () => {
    const { page, api } = await visit();
    await page.locator('#account').focus();
    await page.keyboard.press('Enter');
    await page.locator('#account-panel input[name=email]').waitFor();
    await expect.poll(() => focused(page)).toBe('email');
    await page.keyboard.type(' ana@pika.example ');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await isIn(page);
    expect(await panel(page).isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('account');
    expect(api.bodyOf('POST /v1/auth/login')).toEqual({ email: 'ana@pika.example', password });
  });

  it('says why it failed, and when to try again', async () => {
    const { page } = await visit();
    await page.locator('#account').click();
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill('wrong');
    await press(page, 'Log in');
    await panel(page).getByRole('alert').filter({ hasText: 'E-mail and password do not fit. Try again.' }).waitFor();
    await field(page, 'Password').fill('again');
    await press(page, 'Log in');
    await panel(page).getByRole('alert').filter({ hasText: 'Too many tries. Try again in 30 seconds.' }).waitFor();
    await field(page, 'Password').fill('locked');
    await press(page, 'Log in');
    const alert = panel(page).getByRole('alert').filter({ hasText: 'by a link' });
    expect(await alert.textContent()).toBe('Too many. Try again in 30 seconds, or by a link.');
    expect(await kept(page)).not.toContain('refresh-');
  });

  it('asks for the code where there is a second step', async () => {
    const { page, api } = await visit();
    api.code = '123456';
    await page.locator('#account').click();
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill(password);
    expect(await field(page, 'Code').isVisible()).toBe(false);
    await press(page, 'Log in');
    await said(page, 'asks for a code');
    expect(await focused(page)).toBe('code');
    await page.keyboard.type('123 456');
    await page.keyboard.press('Enter');
    await isIn(page);
    expect(api.bodyOf('POST /v1/auth/login')).toMatchObject({ code: '123456' });
  });

  it('speaks the language of the person, and asks for the offers as that person', async () => {
    const { page, api } = await visit();
    api.person.language = 'es';
    await page.locator('#account').click();
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    await page.locator('h1', { hasText: 'Ofertas cerca de Asunción' }).waitFor();
    await loaded(page);
    const { headers } = api.asked.findLast(({ call }) => call === 'GET /v1/vouchers/nearby') ?? {};
    expect(api.accepted).toContain(headers?.['authorization']?.replace('Bearer ', ''));
    expect(headers?.['accept-language']).toBe('es');
    await page.reload();
    await loaded(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await page.goto(`${site.url}/?language=gn`);
    await loaded(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('gn');
  });
});

describe.skipIf(chromiumPath === undefined)('the session', () => {
  it('lasts over a reload; the access token is never stored', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await page.reload();
    await isIn(page);
    expect(api.countOf('POST /v1/auth/refresh')).toBe(1);
    const stored = await kept(page);
    expect(stored).toContain(api.sessions[0]?.refreshToken);
    expect(stored).not.toContain('access-');
    expect(stored).not.toMatch(/ana/i);
  });

  it('is renewed once for all who ask at the same time', async () => {
    const { page, api } = await visit();
    await logIn(page);
    expire(api);
    await enter(page, 'Profile');
    await field(page, 'Name').waitFor();
    expect(api.countOf('POST /v1/auth/refresh')).toBe(1);
    expect(api.sessions[0]?.isRevoked).toBe(false);
  });

  it('is renewed before the access token expires, not only after it was refused', async () => {
    const { page, api } = await visit();
    api.expiresIn = 20;
    await logIn(page);
    api.expiresIn = 600;
    await enter(page, 'Profile');
    expect(api.countOf('POST /v1/auth/refresh')).toBeGreaterThan(0);
    expect(api.asked.filter(({ call }) => call === 'GET /v1/me').length).toBeGreaterThan(0);
    await isIn(page);
  });

  it('survives several tabs that renew it at the same time', async () => {
    const { context, page, api } = await visit();
    await logIn(page);
    const tabs = [page, ...(await Promise.all([1, 2, 3].map(() => openTab(context))))];
    for (let round = 0; round < 5; round += 1) {
      expire(api);
      const before = api.countOf('POST /v1/auth/refresh');
      const radius = round % 2 === 0 ? '1000' : '2000';
      const isFirstPage = (url: string) => url.includes(`radiusMeters=${radius}`) && !url.includes('cursor');
      await Promise.all(
        tabs.map(async (tab) => {
          const answered = tab.waitForResponse((response) => isFirstPage(response.url()) && response.status() === 200);
          await tab.selectOption('#radius', radius);
          await answered;
        }),
      );
      expect(api.countOf('POST /v1/auth/refresh')).toBeGreaterThan(before);
    }
    expect(api.sessions.map(({ isRevoked }) => isRevoked)).toEqual([false]);
    for (const tab of tabs) await isIn(tab);
  });

  it('outlives a lost answer, and an API that is away', async () => {
    const { page, api } = await visit();
    await logIn(page);
    let tries = 0;
    await page.route('**/v1/auth/refresh', (route) => {
      tries += 1;
      return tries === 1 ? route.abort() : route.fallback();
    });
    await page.reload();
    await isIn(page);
    expect(tries).toBe(2);
    await page.unroute('**/v1/auth/refresh');
    await page.route('**/v1/auth/refresh', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.reload();
    await page.locator('#account[aria-label="Account of Account"], #account.round-active').first().waitFor();
    await page.locator('.offer-title a').first().waitFor();
    await page.unroute('**/v1/auth/refresh');
    await page.reload();
    await isIn(page);
    expect(api.sessions[0]?.isRevoked).toBe(false);
  });

  it('that the API ended is told, and the list goes on for everybody', async () => {
    const { page, api } = await visit();
    await logIn(page);
    for (const session of api.sessions) session.isRevoked = true;
    expire(api);
    await page.selectOption('#radius', '2000');
    await page.locator('#toast', { hasText: 'You were logged out' }).waitFor();
    await isOut(page);
    await loaded(page);
    expect(await page.locator('.offer-title a').count()).toBeGreaterThan(0);
    expect(await kept(page)).not.toContain('refresh-');
    await page.locator('#toast button').click();
    await field(page, 'E-mail').waitFor();
    expect(await page.locator('#toast').isVisible()).toBe(false);
  });

  it('begins and ends in all tabs', async () => {
    const { context, page, api } = await visit();
    const other = await openTab(context);
    await logIn(page);
    await isIn(other);
    await page.locator('#account').click();
    await panel(page).getByText('ana@pika.example').waitFor();
    await press(page, 'Log out');
    await isOut(page);
    await isOut(other);
    for (const tab of [page, other]) expect((await tab.content()).includes('ana@pika.example')).toBe(false);
    expect(await panel(page).isVisible()).toBe(false);
    expect(api.countOf('POST /v1/auth/logout')).toBe(1);
    expect(await kept(page)).not.toContain('refresh-');
  });
});

describe.skipIf(chromiumPath === undefined)('an account', () => {
  it('is made, with what is wrong said at the field', async () => {
    const { page, api } = await visit('/?language=ar');
    await page.locator('#account').click();
    await press(page, 'إنشاء حساب');
    await field(page, 'الاسم').fill('Ana');
    await field(page, 'البريد الإلكتروني').fill('ana@pika.example');
    await field(page, 'كلمة السر').fill('short');
    await press(page, 'إنشاء حساب');
    await panel(page).locator('[aria-invalid=true]').waitFor();
    expect(await focused(page)).toBe('password');
    const described = await field(page, 'كلمة السر').getAttribute('aria-describedby');
    const texts = await Promise.all((described ?? '').split(' ').map((id) => page.locator(`#${id}`).textContent()));
    expect(texts).toContain('اكتب 12 حرفاً على الأقل.');
    expect(api.asked.findLast(({ call }) => call.includes('register'))?.headers['accept-language']).toBe('ar');

    await field(page, 'كلمة السر').fill(password);
    await press(page, 'إنشاء حساب');
    await said(page, 'بقيت خطوة');
    expect(api.bodyOf('POST /v1/auth/register')).toEqual({
      email: 'ana@pika.example',
      password,
      displayName: 'Ana',
      language: 'ar',
    });
  });

  it('is verified by the link of the mail, when the person says so', async () => {
    const { page, api } = await visit('/#verify=good');
    await panel(page).getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
    expect(page.url()).not.toContain('good');
    expect(api.countOf('POST /v1/auth/verify-email')).toBe(0);
    await press(page, 'Confirm your e-mail address');
    await said(page, 'Your e-mail address is confirmed');
    expect(api.bodyOf('POST /v1/auth/verify-email')).toEqual({ token: 'good' });
  });

  it('says that a link no longer works, also in a page that was open already', async () => {
    const { page } = await visit();
    await page.evaluate(() => {
      location.hash = '#verify=old';
    });
    await press(page, 'Confirm your e-mail address');
    await panel(page).getByRole('alert').filter({ hasText: 'This link was used or is too old.' }).waitFor();
    expect(page.url()).not.toContain('old');
  });

  it('gets a new password by mail', async () => {
    const { page, api } = await visit();
    await page.locator('#account').click();
    await press(page, 'Forgotten password');
    await field(page, 'E-mail').fill('ana@pika.example');
    await press(page, 'Send the link');
    await said(page, 'If there is an account');
    await page.keyboard.press('Escape');
    await page.goto(`${site.url}/#reset=a.token_of-it`);
    await field(page, 'New password').fill('short');
    await press(page, 'Choose a new password');
    await panel(page).locator('.form-complaint', { hasText: 'At least 12 characters, please.' }).waitFor();
    await field(page, 'New password').fill(password);
    await press(page, 'Choose a new password');
    await said(page, 'Your password is changed.');
    expect(api.bodyOf('POST /v1/auth/password/reset')).toEqual({ token: 'a.token_of-it', newPassword: password });
  });
});

describe.skipIf(chromiumPath === undefined)('an invitation', () => {
  const acceptCall = 'POST /v1/businesses/invitations/accept';
  const asksToAccept = (page: Page) => panel(page).getByRole('heading', { name: 'Accept the invitation' }).waitFor();

  it('is accepted by who is logged in, who then asks with a token of the new role', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await page.goto(`${site.url}/#invitation=good`);
    await asksToAccept(page);
    expect(page.url()).not.toContain('good');
    await panel(page).getByText('ana@pika.example').waitFor();
    expect(api.countOf(acceptCall)).toBe(0);
    const before = api.countOf('POST /v1/auth/refresh');
    await press(page, 'Accept');
    await said(page, 'You now belong to');
    expect(await panel(page).getByRole('status').first().textContent()).toMatch(
      /^You now belong to \u2068.{3,}\u2069\. Your role: manager\.$/,
    );
    expect(api.bodyOf(acceptCall)).toEqual({ token: 'good' });
    expect(api.countOf('POST /v1/auth/refresh')).toBe(before + 1);
    expect(await kept(page)).not.toContain('good');
  });

  it('waits for who has to log in first', async () => {
    const { page } = await visit('/#invitation=good');
    await said(page, 'Log in to accept the invitation');
    expect(page.url()).not.toContain('good');
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    await asksToAccept(page);
    await press(page, 'Accept');
    await said(page, 'You now belong to');
    await press(page, 'Close');
    await page.locator('#account').click();
    await press(page, 'Log out');
    await isOut(page);
    await logIn(page);
    expect(await panel(page).isVisible()).toBe(false);
  });

  it('waits for who registers, and whose address is verified in another tab', async () => {
    const { context, page } = await visit('/#invitation=good');
    await said(page, 'Log in to accept the invitation');
    await press(page, 'Create an account');
    await field(page, 'Name').fill('Ana');
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill(password);
    await press(page, 'Create an account');
    await said(page, 'Almost there');
    const tab = await openTab(context, '/#verify=good');
    await press(tab, 'Confirm your e-mail address');
    await said(tab, 'Your e-mail address is confirmed');
    await field(tab, 'E-mail').fill('ana@pika.example');
    await field(tab, 'Password').fill(password);
    await press(tab, 'Log in');
    await asksToAccept(tab);
    await isIn(page);
    expect(await panel(page).getByRole('heading', { name: 'Accept the invitation' }).count()).toBe(0);
  });

  it.each([
    ['old', 'The invitation has expired. Ask for another one.'],
    ['foreign', 'No such invitation. It was sent to another address.'],
  ])('that is %s says so, and can be tried with another account', async (token, reason) => {
    const { page, api } = await visit();
    await logIn(page);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#invitation=${token}`);
    await asksToAccept(page);
    await press(page, 'Accept');
    await panel(page).getByRole('alert').filter({ hasText: reason }).waitFor();
    await press(page, 'Use another account');
    await said(page, 'Log in to accept the invitation');
    await isOut(page);
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    await asksToAccept(page);
    await press(page, 'Accept');
    await panel(page).getByRole('alert').filter({ hasText: reason }).waitFor();
    expect(api.countOf(acceptCall)).toBe(2);
    expect(await kept(page)).not.toContain(token);
  });

  it('outlives a session that the API ended', async () => {
    const { page, api } = await visit();
    await logIn(page);
    for (const session of api.sessions) session.isRevoked = true;
    expire(api);
    await page.goto(`${site.url}/#invitation=good`);
    await said(page, 'You were logged out');
    await field(page, 'E-mail').fill('ana@pika.example');
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    await asksToAccept(page);
  });
});

describe.skipIf(chromiumPath === undefined)('the profile', () => {
  it('saves name and language, and the page follows', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await enter(page, 'Profile');
    await field(page, 'Name').fill('');
    await panel(page).getByRole('button', { name: 'Save' }).first().click();
    await panel(page).locator('.form-complaint', { hasText: 'Please fill this in.' }).waitFor();
    await field(page, 'Name').fill('Ana María');
    await panel(page).getByRole('button', { name: 'Save' }).first().click();
    await said(page, 'Saved.');
    await isIn(page, 'Ana María');
    await field(page, 'Language').selectOption('ar');
    await panel(page).getByRole('button', { name: 'Save' }).last().click();
    await page.waitForSelector('html[lang=ar][dir=rtl]');
    expect(api.person).toMatchObject({ displayName: 'Ana María', language: 'ar' });
  });

  it('tells that it was changed elsewhere meanwhile', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await enter(page, 'Profile');
    api.person.version = 7;
    await panel(page).getByRole('button', { name: 'Save' }).first().click();
    await panel(page).getByRole('alert').filter({ hasText: 'It has changed.' }).waitFor();
  });

  it('tells so also where the other part was saved in between', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await enter(page, 'Profile');
    api.person.displayName = 'Somebody else';
    api.person.version = 7;
    await panel(page).getByRole('button', { name: 'Save' }).last().click();
    await panel(page).getByRole('alert').filter({ hasText: 'It has changed.' }).waitFor();
    await field(page, 'Name').fill('Ana María');
    await panel(page).getByRole('button', { name: 'Save' }).first().click();
    await panel(page).getByRole('alert').filter({ hasText: 'It has changed.' }).first().waitFor();
    expect(api.person.displayName).toBe('Somebody else');
  });

  it('keeps what to be told of', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await enter(page, 'Profile');
    await field(page, 'New offers').check();
    await panel(page).getByRole('button', { name: 'Save' }).last().click();
    await said(page, 'Saved.');
    expect(api.bodyOf('PATCH /v1/me/preferences')).toEqual({
      language: null,
      notifications: { emailActivity: true, emailOffers: true },
    });
  });

  it('has addresses', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await enter(page, 'Addresses');
    await press(page, 'Add');
    await panel(page).locator('.form-complaint', { hasText: 'Please fill this in.' }).waitFor();
    await field(page, 'Label').fill('Home');
    await field(page, 'City').fill('Asunción');
    await press(page, 'Add');
    await panel(page).locator('.panel-list li', { hasText: 'Home' }).waitFor();
    expect(api.bodyOf('POST /v1/me/addresses')).toMatchObject({ label: 'Home', street: null, countryCode: 'PY' });
    await press(page, 'Remove Home');
    await said(page, 'Removed.');
    expect(await panel(page).locator('.panel-list li').count()).toBe(0);
  });

  it('shows the devices, and logs out of one and of all', async () => {
    const { page, api } = await visit();
    await logIn(page);
    api.sessions.push({ id: '01941f29-7c00-742e-8d2f-6d010638d381', refreshToken: '', isRevoked: false });
    await enter(page, 'Where you are logged in');
    const devices = panel(page).locator('.panel-list li');
    await expect.poll(() => devices.count()).toBe(2);
    expect(await devices.first().textContent()).toContain('Chrome · Linux');
    expect(await devices.first().textContent()).toContain('this one');
    await devices.nth(1).getByRole('button').click();
    await said(page, 'Logged out there.');
    await expect.poll(() => devices.count()).toBe(1);
    await press(page, 'Log out everywhere');
    await isOut(page);
    expect(api.countOf('POST /v1/auth/logout-all')).toBe(1);
  });

  it('keeps names and addresses apart from a text from right to left', async () => {
    const { page, api } = await visit('/', { viewport: { width: 320, height: 640 } });
    await logIn(page);
    api.person.language = 'ar';
    await page.reload();
    await page.waitForSelector('html[dir=rtl]');
    await page.locator('#account').click();
    await press(page, 'الأجهزة المتصلة');
    const device = panel(page).locator('.panel-list li').first();
    await device.waitFor();
    const used = (await device.locator('p').nth(1).textContent()) ?? '';
    expect(used).toMatch(/^آخر استخدام: \S+\u00a0\S+\u00a0\S+$/);
    expect(await device.locator('p').nth(2).textContent()).toBe('192.0.2.7');
    for (const part of [device.locator('strong'), device.locator('bdi')]) {
      expect(await part.evaluate((shown) => getComputedStyle(shown).unicodeBidi)).toBe('isolate');
    }
  });

  it('sets up the second step: QR code, key, backup codes', async () => {
    const { page } = await visit();
    await logIn(page);
    await enter(page, 'Password and second step');
    await field(page, 'Password').fill('wrong');
    await press(page, 'Set it up');
    await panel(page).getByRole('alert').filter({ hasText: 'This is not your password.' }).waitFor();
    await field(page, 'Password').fill(password);
    await press(page, 'Set it up');
    await panel(page).getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    expect(await panel(page).locator('.secret').allTextContents()).toEqual([
      'JBSWY3DPEHPK3PXP',
      'otpauth://totp/Pika:ana%40pika.example?issuer=Pika&secret=JBSWY3DPEHPK3PXP',
    ]);
    await field(page, 'Code').fill('000000');
    await press(page, 'Turn it on');
    await panel(page).locator('.form-complaint', { hasText: 'not the right one' }).waitFor();
    await field(page, 'Code').fill('123456');
    await press(page, 'Turn it on');
    await panel(page).getByRole('heading', { name: 'Your backup codes' }).waitFor();
    expect(await panel(page).locator('.backup-codes li').allTextContents()).toEqual(['aaaa-bbbb', 'cccc-dddd']);
  });

  it('turns the second step off', async () => {
    const { page, api } = await visit();
    api.person.hasSecondFactor = true;
    await logIn(page);
    await enter(page, 'Password and second step');
    await field(page, 'Password').fill(password);
    await field(page, 'Code').fill('123 456');
    await press(page, 'Turn it off');
    await said(page, 'No code is asked for any more.');
    expect(api.bodyOf('POST /v1/auth/totp/disable')).toEqual({ password, code: '123456' });
  });

  it('changes the password', async () => {
    const { page, api } = await visit();
    await logIn(page);
    await enter(page, 'Password and second step');
    await field(page, 'Current password').fill(password);
    await field(page, 'New password').fill('another password');
    await press(page, 'Change the password');
    await said(page, 'Your password is changed.');
    expect(api.bodyOf('POST /v1/auth/password/change')).toEqual({
      currentPassword: password,
      newPassword: 'another password',
    });
  });

  it('is downloaded, and erased', async () => {
    const { page } = await visit();
    await logIn(page);
    await enter(page, 'Your data');
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download everything')]);
    expect(file.suggestedFilename()).toBe('pika.json');
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toEqual({ user: { email: 'ana@pika.example' } });
    await field(page, 'Password').fill('wrong');
    await press(page, 'Erase the account');
    await panel(page).getByRole('alert').filter({ hasText: 'It does not fit.' }).waitFor();
    await isIn(page);
    await field(page, 'Password').fill(password);
    await press(page, 'Erase the account');
    await said(page, 'Your account is erased.');
    await isOut(page);
    expect(await kept(page)).not.toContain('refresh-');
  });
});

describe.skipIf(chromiumPath === undefined)('the dialog', () => {
  const parts = ['Profile', 'Addresses', 'Password and second step', 'Where you are logged in', 'Your data'];

  it('closes by Escape without closing what is beneath', async () => {
    const { page } = await visit('/vouchers/01941f29-7c00-742e-8d2f-6d010638d381');
    await page.locator('#detail .place').first().waitFor();
    await page.locator('#account').click();
    await field(page, 'E-mail').waitFor();
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'hidden' });
    expect(await page.locator('#detail').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('account');
  });

  it('fits on 320 pixels', async () => {
    const { page } = await visit('/', { viewport: { width: 320, height: 640 } });
    const overflow = () =>
      page.evaluate(() => {
        const dialog = document.getElementById('account-panel');
        return [
          document.documentElement.scrollWidth - window.innerWidth,
          (dialog?.scrollWidth ?? 0) - (dialog?.clientWidth ?? 0),
        ];
      });
    await logIn(page);
    for (const part of parts) {
      await enter(page, part);
      expect(await overflow(), part).toEqual([0, 0]);
      if (part.startsWith('Password')) {
        await field(page, 'Password').fill(password);
        await press(page, 'Set it up');
        await panel(page).getByRole('img').waitFor();
        expect(await overflow(), 'second step').toEqual([0, 0]);
      }
      await press(page, 'Close');
    }
  });

  it.each<[string, BrowserContextOptions]>([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
  ])('has no serious barriers (axe): %s', async (_name, options) => {
    const { page } = await visit('/', { ...options, bypassCSP: true });
    await page.addScriptTag({ content: axe });
    const barriers = () =>
      page.evaluate(async () => {
        const { violations } = await (
          window as unknown as {
            axe: {
              run: (
                root: string,
              ) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
            };
          }
        ).axe.run('#account-panel');
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
      });
    await page.locator('#account').click();
    await press(page, 'Create an account');
    await press(page, 'Create an account');
    await panel(page).locator('[aria-invalid=true]').first().waitFor();
    expect(await barriers()).toEqual([]);
    await press(page, 'Close');
    await logIn(page);
    for (const part of parts) {
      await enter(page, part);
      expect(await barriers(), part).toEqual([]);
      await press(page, 'Close');
    }
  });
});
