import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { noon, startSite, type Site } from './site.ts';

const password = 'four small yellow birds';
const seededBusiness = '01941f29-7c00-7841-863a-7cd1fde7f01d';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  [site, browser] = await Promise.all([startSite(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const loaded = (page: Page) => page.waitForSelector('#list[aria-busy="false"]', { state: 'attached' });
const panel = (page: Page) => page.locator('#account-panel');
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
const field = (page: Page, label: string) => panel(page).getByLabel(label, { exact: true });
const said = (page: Page, text: string) => panel(page).getByRole('status').filter({ hasText: text }).waitFor();

async function open(): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(site.url);
  await loaded(page);
  return page;
}

/** Registers and verifies by the API. */
async function addPerson(email: string, language = 'en'): Promise<void> {
  const answer = await site.post('/v1/auth/register', { email, password, displayName: 'Ana', language });
  expect(answer.status).toBe(202);
  const [, token] = (await site.linkTo(email)).split('=');
  expect((await site.post('/v1/auth/verify-email', { token })).status).toBe(204);
}

async function logIn(page: Page, email: string): Promise<void> {
  await page.locator('#account').click();
  await field(page, 'E-mail').fill(email);
  await field(page, 'Password').fill(password);
  await press(page, 'Log in');
  await page.locator('#account.round-active').waitFor();
}

async function enter(page: Page, part: string): Promise<void> {
  await page.locator('#account').click();
  await press(page, part);
  await panel(page).getByRole('heading', { name: part, exact: true }).waitFor();
  await panel(page).locator('.panel-body[aria-busy="false"]').waitFor();
}

/** What an authenticator app shows at the time of the site (RFC 6238). */
function codeOf(secret: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(secret.trim(), (letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.parse(noon) / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe.skipIf(chromiumPath === undefined)('the page with the API as it is', () => {
  it('registers, verifies by the mail, logs in, stays so over a reload, and logs out', async () => {
    const email = 'register@pika.example';
    const page = await open();
    await page.locator('#account').click();
    await press(page, 'Create an account');
    const complaints = async () => {
      await panel(page).locator('.form-actions [aria-disabled]').waitFor({ state: 'detached' });
      return panel(page).locator('.form-complaint').allTextContents();
    };
    await press(page, 'Create an account');
    await panel(page).locator('[aria-invalid=true]').first().waitFor();
    expect(await complaints()).toEqual(['Please fill this in.', 'Please fill this in.', 'Please fill this in.', '']);
    await field(page, 'Name').fill('Ana');
    await field(page, 'E-mail').fill('ana');
    await field(page, 'Password').fill('short');
    await press(page, 'Create an account');
    await panel(page).locator('.form-complaint', { hasText: 'At least 8 characters' }).waitFor();
    expect(await complaints()).toEqual([
      '',
      'This is no e-mail address. One looks like ana@example.com.',
      'At least 8 characters, please.',
      '',
    ]);
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill('password');
    await press(page, 'Create an account');
    await panel(page).locator('.form-complaint', { hasText: 'Too many people use this password' }).waitFor();
    await field(page, 'Password').fill(password);
    await press(page, 'Create an account');
    await said(page, 'Almost there');
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    await panel(page).getByRole('alert').filter({ hasText: /./ }).waitFor();

    await page.goto(site.url + (await site.linkTo(email)));
    await press(page, 'Confirm your e-mail address');
    await said(page, 'Your e-mail address is confirmed');
    await press(page, 'Close');
    await logIn(page, email);
    const before = await site.pool.query('SELECT count(*)::int AS tokens FROM identity.refresh_tokens');
    await page.reload();
    await page.locator('#account.round-active').waitFor();
    await loaded(page);
    const after = await site.pool.query('SELECT count(*)::int AS tokens FROM identity.refresh_tokens');
    expect(after.rows[0].tokens).toBe(before.rows[0].tokens + 1);

    await page.locator('#account').click();
    await press(page, 'Log out');
    await page.locator('#account[aria-label="Log in"]').waitFor();
    const { rows } = await site.pool.query(
      'SELECT revoke_reason FROM identity.sessions JOIN users.users ON users.id = user_id WHERE email = $1',
      [email],
    );
    expect(rows).toEqual([{ revoke_reason: 'log_out' }]);
  });

  it('survives tabs that renew the session at the same time', async () => {
    const email = 'tabs@pika.example';
    await addPerson(email);
    const page = await open();
    await logIn(page, email);
    const tabs = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const tab = await page.context().newPage();
        await tab.goto(site.url);
        await loaded(tab);
        return tab;
      }),
    );
    for (const tab of tabs) await tab.locator('#account.round-active').waitFor();
    const { rows } = await site.pool.query(
      'SELECT revoked_at FROM identity.sessions JOIN users.users ON users.id = user_id WHERE email = $1',
      [email],
    );
    expect(rows).toEqual([{ revoked_at: null }]);
  });

  it('changes the profile, the language and the mails, and keeps addresses', async () => {
    const email = 'profile@pika.example';
    await addPerson(email);
    const page = await open();
    await logIn(page, email);
    await enter(page, 'Profile');
    await field(page, 'Name').fill('Ana María');
    await panel(page).getByRole('button', { name: 'Save' }).first().click();
    await said(page, 'Saved.');
    await page.locator('#account[aria-label="Account of Ana María"]').waitFor();
    await field(page, 'New offers').check();
    await panel(page).getByRole('button', { name: 'Save' }).last().click();
    await panel(page).locator('.form-said').last().filter({ hasText: 'Saved.' }).waitFor();
    await press(page, 'Close');

    await enter(page, 'Addresses');
    await press(page, 'Add');
    await panel(page).locator('[name=label][aria-invalid=true]').waitFor();
    await field(page, 'Label').fill('Home');
    await field(page, 'City').fill('Asunción');
    await press(page, 'Add');
    await panel(page).locator('.panel-list li', { hasText: 'Asunción' }).waitFor();
    const addresses = `SELECT label, city, street, addresses.deleted_at IS NULL AS kept FROM users.addresses
      JOIN users.users ON users.id = user_id WHERE email = $1`;
    const address = { label: 'Home', city: 'Asunción', street: null };
    expect((await site.pool.query(addresses, [email])).rows).toEqual([{ ...address, kept: true }]);
    await press(page, 'Remove Home');
    await said(page, 'Removed.');
    expect((await site.pool.query(`${addresses} AND addresses.deleted_at IS NULL`, [email])).rows).toEqual([]);
    await press(page, 'Close');

    await enter(page, 'Profile');
    expect(await field(page, 'New offers').isChecked()).toBe(true);
    await field(page, 'Language').selectOption('ar');
    await panel(page).getByRole('button', { name: 'Save' }).last().click();
    await page.waitForSelector('html[lang=ar][dir=rtl]');
    await page.reload();
    await page.waitForSelector('html[lang=ar][dir=rtl]');
  });

  it('turns the second step on, logs in with it, exports and erases', async () => {
    const email = 'second@pika.example';
    await addPerson(email);
    const page = await open();
    await logIn(page, email);
    await enter(page, 'Password and second step');
    await field(page, 'Password').fill(password);
    await press(page, 'Set it up');
    const secret = (await panel(page).locator('.secret').first().textContent()) ?? '';
    await field(page, 'Code').fill(codeOf(secret));
    await press(page, 'Turn it on');
    const backupCode = await panel(page).locator('.backup-codes li').first().textContent();
    await press(page, 'Close');
    await page.locator('#account').click();
    await press(page, 'Log out');
    await page.locator('#account[aria-label="Log in"]').waitFor();
    await page.locator('#account').click();
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    await said(page, 'asks for a code');
    await field(page, 'Code').fill(backupCode ?? '');
    await press(page, 'Log in');
    await page.locator('#account.round-active').waitFor();

    await enter(page, 'Where you are logged in');
    expect(await panel(page).locator('.panel-list li').count()).toBe(1);
    expect(await panel(page).locator('.panel-list li').textContent()).toContain('this one');
    await press(page, 'Close');
    await enter(page, 'Password and second step');
    await panel(page).getByRole('button', { name: 'Turn it off' }).waitFor();
    await press(page, 'Close');
    await enter(page, 'Your data');
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download everything')]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(email);
    await field(page, 'Password').fill('wrong');
    await press(page, 'Erase the account');
    await panel(page).getByRole('alert').filter({ hasText: /./ }).first().waitFor();
    await field(page, 'Password').fill(password);
    await press(page, 'Erase the account');
    await said(page, 'Your account is erased.');
    const { rows } = await site.pool.query('SELECT count(*)::int AS people FROM users.users WHERE email = $1', [email]);
    expect(rows).toEqual([{ people: 0 }]);
  });

  it('sets a new password by the mail', async () => {
    const email = 'reset@pika.example';
    await addPerson(email);
    const page = await open();
    await page.locator('#account').click();
    await press(page, 'Forgotten password');
    await field(page, 'E-mail').fill(email);
    await press(page, 'Send the link');
    await said(page, 'If there is an account');
    await expect.poll(() => site.linkTo(email), { timeout: 20_000 }).toContain('#reset=');
    await page.goto(site.url + (await site.linkTo(email)));
    await field(page, 'New password').fill('five large green fish');
    await press(page, 'Choose a new password');
    await said(page, 'Your password is changed.');
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill('five large green fish');
    await press(page, 'Log in');
    await page.locator('#account.round-active').waitFor();
  });
});

describe.skipIf(chromiumPath === undefined)('an invitation by mail', () => {
  const memberOf = async (email: string) => {
    const { rows } = await site.pool.query<{ role: string }>(
      `SELECT role::text AS role FROM business.members JOIN users.users ON users.id = user_id
       WHERE business_id = $1 AND email = $2`,
      [seededBusiness, email],
    );
    return rows;
  };

  /** As an owner of a seeded business does by the API. */
  async function invite(email: string, invitedBy: string): Promise<string> {
    await addPerson(invitedBy);
    await site.pool.query(
      `INSERT INTO business.members (business_id, user_id, role) SELECT $1, id, 'owner' FROM users.users WHERE email = $2`,
      [seededBusiness, invitedBy],
    );
    const { body } = await site.post('/v1/auth/login', { email: invitedBy, password });
    const answer = await site.post(
      `/v1/businesses/${seededBusiness}/invitations`,
      { email, role: 'manager' },
      {
        Authorization: `Bearer ${(body as { accessToken: string }).accessToken}`,
        'Idempotency-Key': `"${randomUUID()}"`,
      },
    );
    expect(answer.status, answer.text).toBe(201);
    await expect.poll(() => site.linkTo(email), { timeout: 20_000 }).toContain('#invitation=');
    return site.linkTo(email);
  }

  it('leads through registration to a role that works at once', async () => {
    const email = 'invited@pika.example';
    const link = await invite(email, 'inviting@pika.example');
    const page = await open();
    await page.goto(site.url + link);
    await said(page, 'Log in to accept the invitation');
    await press(page, 'Create an account');
    await field(page, 'Name').fill('Ana');
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill(password);
    await press(page, 'Create an account');
    await said(page, 'Almost there');
    await expect.poll(() => site.linkTo(email), { timeout: 20_000 }).toContain('#verify=');
    await page.goto(site.url + (await site.linkTo(email)));
    await press(page, 'Confirm your e-mail address');
    await said(page, 'Your e-mail address is confirmed');
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill(password);
    await press(page, 'Log in');
    const asked = page.waitForRequest((request) => request.url().includes(`/v1/businesses/${seededBusiness}`));
    await press(page, 'Accept');
    await said(page, 'Your role: manager.');
    expect(await memberOf(email)).toEqual([{ role: 'manager' }]);
    const authorization = (await (await asked).headerValue('authorization')) ?? '';
    const members = await site.get(`/v1/businesses/${seededBusiness}/invitations`, { authorization });
    expect(members.status).toBe(200);

    await page.goto(site.url + link);
    await press(page, 'Accept');
    await said(page, 'Your role: manager.');
  });

  it('to somebody else, or too old, is refused in the language of the reader', async () => {
    const [right, wrong] = ['right@pika.example', 'wrong@pika.example'];
    await addPerson(wrong, 'es');
    await addPerson(right, 'es');
    const link = await invite(right, 'owning@pika.example');
    const page = await open();
    await page.goto(`${site.url}/?language=es${link.slice(1)}`);
    const logInAs = async (email: string) => {
      await said(page, 'Inicie sesión para aceptar');
      await field(page, 'Correo electrónico').fill(email);
      await field(page, 'Contraseña').fill(password);
      await panel(page).locator('[type=submit]').click();
      await panel(page).getByText(email).waitFor();
      await press(page, 'Aceptar');
    };
    const alert = (text: string) => panel(page).getByRole('alert').filter({ hasText: text }).waitFor();
    await logInAs(wrong);
    await alert('No existe esta invitación.');
    await site.pool.query(
      `UPDATE business.invitations SET created_at = $2::timestamptz - interval '8 days',
      expires_at = $2::timestamptz - interval '1 day' WHERE email = $1`,
      [right, noon],
    );
    await press(page, 'Usar otra cuenta');
    await logInAs(right);
    await alert('La invitación ha vencido.');
    expect(await memberOf(right)).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)('Swagger UI', () => {
  it(
    'gets a token by its own example, takes it in Authorize, and asks as that person, also after a reload',
    { timeout: 180_000 },
    async () => {
      const email = 'consumer@pika.example';
      await addPerson(email);
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${site.url}/docs/`);
      const tryOut = async (id: string) => {
        const block = page.locator(`.opblock[id$="-${id}"]`);
        await block.locator('.opblock-summary-control').click();
        await block.getByRole('button', { name: 'Try it out' }).click();
        return block;
      };
      const login = await tryOut('logIn');
      const example = JSON.parse(await login.locator('textarea').first().inputValue()) as Record<string, string>;
      expect(example).toEqual({ email, password: 'pika-demo-password' });
      await login.locator('textarea').first().fill(JSON.stringify({ email, password }));
      await login.getByRole('button', { name: 'Execute' }).click();
      const answer = await login.locator('.live-responses-table .highlight-code').first().textContent();
      const [, token = ''] = /"accessToken":\s*"([^"]+)"/.exec(answer ?? '') ?? [];

      await page.locator('.auth-wrapper .authorize').click();
      await page.locator('.auth-container input').fill(token);
      await page.locator('.auth-container').getByRole('button', { name: 'Apply credentials' }).click();
      await page.locator('.auth-container').getByRole('button', { name: 'Close' }).click();
      const statusOf = async (id = 'getProfile') => {
        const block = await tryOut(id);
        await block.getByRole('button', { name: 'Execute' }).click();
        return block.locator('.live-responses-table .response-col_status').last().textContent();
      };
      expect(await statusOf()).toContain('200');
      expect(await statusOf('updatePreferences')).toContain('200');
      // Where it was opened stands in the address.
      await page.goto('about:blank');
      await page.goto(`${site.url}/docs/`);
      expect(await statusOf()).toContain('200');
    },
  );
});
