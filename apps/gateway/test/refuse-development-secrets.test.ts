import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** With these every app passes, and stops for an address that no machine has, before it opens anything. */
const production = {
  NODE_ENV: 'production',
  HOST: '192.0.2.1',
  PORT: '0',
  CURSOR_SECRET: 'a secret of the tests',
  INVITATION_SECRET: 'a secret of the tests',
  IDENTITY_SECRET: 'a secret of the tests',
  VOUCHER_SECRET: 'a secret of the tests',
  PUBLIC_URL: 'https://pika.example',
  SMTP_URL: 'smtp://127.0.0.1:1',
};

const needed = {
  business: ['CURSOR_SECRET', 'INVITATION_SECRET'],
  gateway: ['CURSOR_SECRET', 'VOUCHER_SECRET', 'INVITATION_SECRET', 'IDENTITY_SECRET', 'PUBLIC_URL', 'SMTP_URL'],
  identity: ['INVITATION_SECRET', 'IDENTITY_SECRET', 'PUBLIC_URL', 'SMTP_URL'],
  vouchers: ['CURSOR_SECRET', 'VOUCHER_SECRET'],
};

async function startApp(app: string, env: Record<string, string | undefined>) {
  const main = `apps/${app}/src/main.ts`;
  const child = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', main], {
    cwd: repository,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { said, code };
}

const cases = Object.entries(needed).flatMap(([app, names]) => names.map((name) => [app, name] as const));

it.each(cases)('%s does not start in production without %s', { timeout: 60_000 }, async (app, name) => {
  const { said, code } = await startApp(app, { ...production, [name]: undefined });
  expect(said).toContain(`  ${name}: set it`);
  expect(code).toBe(1);
});

it.each(['business', 'gateway', 'vouchers'] as const)(
  '%s names all of them together, each once',
  { timeout: 60_000 },
  async (app) => {
    const bare = { ...production, ...Object.fromEntries(needed[app].map((name) => [name, undefined])) };
    const { said, code } = await startApp(app, bare);
    const named = [...said.matchAll(/^ +([A-Z_]+): set it/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(needed[app].toSorted());
    expect(code).toBe(1);
  },
);

it.each(Object.keys(needed))('%s asks for no more than that', { timeout: 60_000 }, async (app) => {
  expect((await startApp(app, production)).said).toContain('HOST names no address of this machine');
});
