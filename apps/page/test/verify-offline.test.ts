import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rotateKeys, newId, openPrivateKey, type KeyRing, type StoredKey } from '@pika/shared';
import type * as VoucherToken from '@pika/shared/voucher-token';
import { signVoucherToken, writeRevocationFilter } from '@pika/shared/voucher-token';
import { sign } from 'node:crypto';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';

type Module = typeof VoucherToken;

const entry = fileURLToPath(new URL('../../../packages/shared/src/voucher-token/index.ts', import.meta.url));

it.skipIf(chromiumPath === undefined)('a browser without network verifies what the server signed', async () => {
  const kept: StoredKey[] = [];
  const ring: KeyRing = {
    store: { list: async () => kept, insert: async (key) => kept.push(key) > 0 },
    secret: 'a secret of the tests',
    purpose: 'test',
    signs: 'tokens of the test',
    secretName: 'NONE',
    tokenSeconds: 900,
    publishedAheadSeconds: 0,
  };
  const now = new Date();
  await rotateKeys(ring, { now });
  const [{ kid, publicJwk, encryptedPrivateKey, activeFrom, retiresAt } = expect.fail('no key')] = kept;
  const privateKey = openPrivateKey(encryptedPrivateKey, kid, ring);
  const signBytes = (bytes: Uint8Array) => sign(null, bytes, privateKey);
  const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
  const key = { kid, x: publicJwk.x, nbf: seconds(activeFrom), exp: seconds(retiresAt) };
  const [good, gone] = [newId(now), newId(now)];
  const expiresAt = new Date(now.getTime() + 600_000);
  const tokens = [good, gone].map((id) => signVoucherToken({ kind: 'claim', id, expiresAt }, key, signBytes).text);
  const filter = writeRevocationFilter([gone], { madeAt: now, kid, sign: signBytes });

  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'pika',
    platform: 'browser',
    target: 'es2022',
    minify: true,
  });
  const script = outputFiles[0]!.text;
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  onTestFinished(async () => {
    await browser.close();
    server.close();
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  // WebCrypto is for secure contexts, of which the own machine is one.
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: script });
  await context.setOffline(true);
  const verdicts = await page.evaluate(
    async ({ texts, bytes, jwk }) => {
      const { readVoucherKeys, readRevocationFilter, verifyVoucherToken } = (globalThis as unknown as { pika: Module })
        .pika;
      const published = { kty: 'OKP', crv: 'Ed25519', ...jwk };
      const keys = readVoucherKeys({ typ: 'pika-voucher-keys', keys: [published] }) ?? [];
      const read = await readRevocationFilter(Uint8Array.from(bytes), keys);
      const rules = { now: new Date(), ...(read.isGood && { revoked: read.filter }) };
      const forged = `${texts[0]!.slice(0, -1)}${texts[0]!.endsWith('0') ? '1' : '0'}`;
      return Promise.all([...texts, forged].map((text) => verifyVoucherToken(text, keys, rules)));
    },
    { texts: tokens, bytes: [...filter], jwk: key },
  );
  expect(verdicts).toMatchObject([
    { isGood: true, kind: 'claim', id: good, kid },
    { isGood: false, reason: 'revoked', id: gone },
    { isGood: false },
  ]);
  console.log(`[voucher token] the verifier is ${script.length} bytes of JavaScript`);
});
