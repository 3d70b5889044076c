import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { openKeySet, rememberingVerifier, signAccessToken, type KeySetOptions } from '../src/index.ts';

function newKey(kid: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } };
}

async function open(options: Partial<KeySetOptions> & Pick<KeySetOptions, 'source'>) {
  const errors: unknown[] = [];
  const keySet = await openKeySet({ onError: (error) => errors.push(error), ...options });
  onTestFinished(() => keySet.stop());
  return { keySet, errors };
}

/** An issuer whose answer the test changes, and a clock it moves. */
function issuer() {
  const state = { keys: [newKey('a')], isAway: false, asked: 0, at: 0 };
  const source = async () => {
    state.asked++;
    if (state.isAway) throw new Error('away');
    return { keys: state.keys.map(({ jwk }) => jwk) };
  };
  return { state, options: { source, now: () => state.at, unknownSeconds: 10 } };
}

it('looks up an unknown name once in ten seconds, for everybody who asks at once', async () => {
  const { state, options } = issuer();
  const { keySet } = await open(options);
  state.keys.push(newKey('b'));
  expect(await keySet.find('b')).toBeNull();
  expect(state.asked).toBe(1);
  state.at = 10_000;
  const found = await Promise.all(Array.from({ length: 50 }, () => keySet.find('b')));
  expect(found.every((key) => key !== null)).toBe(true);
  expect(state.asked).toBe(2);
  for (let name = 0; name < 1_000; name++) expect(await keySet.find(`nobody-${name}`)).toBeNull();
  expect(state.asked).toBe(2);
});

it('keeps the last good set while the issuer is away or talks nonsense', async () => {
  const { state, options } = issuer();
  const { keySet, errors } = await open(options);
  state.isAway = true;
  state.at = 10_000;
  expect(await keySet.find('b')).toBeNull();
  expect(await keySet.find('a')).not.toBeNull();
  expect(errors).toHaveLength(1);
  state.isAway = false;
  state.keys = [{ ...newKey('a'), jwk: { ...newKey('a').jwk, kty: 'oct' } }];
  state.at = 20_000;
  expect(await keySet.find('b')).toBeNull();
  expect(await keySet.find('a')).not.toBeNull();
  expect(errors).toHaveLength(2);
});

it('says 503 before it has ever seen a set, and recovers', async () => {
  const { state, options } = issuer();
  state.isAway = true;
  const { keySet } = await open(options);
  await expect(keySet.find('a')).rejects.toMatchObject({ status: 503 });
  state.isAway = false;
  state.at = 10_000;
  expect(await keySet.find('a')).not.toBeNull();
});

it('forgets a key that is published no more, by itself', async () => {
  const { state, options } = issuer();
  const { keySet } = await open({ ...options, refreshSeconds: 0.02 });
  expect(await keySet.find('a')).not.toBeNull();
  state.keys = [newKey('b')];
  await expect.poll(() => keySet.find('a'), { timeout: 10_000 }).toBeNull();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/jwks.json`;
}

it('follows no redirection and reads no more than 64 KB', async () => {
  const good = await serve((_request, response) => response.end(JSON.stringify({ keys: [newKey('a').jwk] })));
  expect(await (await open({ source: good })).keySet.find('a')).not.toBeNull();
  const elsewhere = await serve((_request, response) => response.writeHead(302, { Location: good }).end());
  const huge = await serve((_request, response) =>
    response.end(JSON.stringify({ keys: [], padding: 'a'.repeat(70_000) })),
  );
  const failing = await serve((_request, response) => response.writeHead(500).end('{"keys":[]}'));
  for (const source of [elsewhere, huge, failing]) {
    const { keySet, errors } = await open({ source });
    expect(errors).toHaveLength(1);
    await expect(keySet.find('a')).rejects.toMatchObject({ status: 503 });
  }
});

it('remembers good tokens until they expire or their key is gone', async () => {
  const { state, options } = issuer();
  const { keySet } = await open(options);
  const [key] = state.keys;
  if (key === undefined) throw new Error('no key');
  let now = Date.now();
  let finds = 0;
  const counted = {
    find: (kid: string) => {
      finds++;
      return keySet.find(kid);
    },
  };
  const sign = () =>
    signAccessToken(
      { sub: randomUUID(), sid: randomUUID(), roles: [], businesses: {}, jti: randomUUID(), issuedAt: new Date(now) },
      { issuer: 'https://issuer', kid: key.kid, privateKey: key.privateKey },
    );
  const verify = rememberingVerifier({ keySet: counted, issuer: 'https://issuer', now: () => new Date(now) }, 2);
  const [one, two, three] = [await sign(), await sign(), await sign()];
  const claims = await verify(one);
  expect(await verify(one)).toBe(claims);
  await verify(two);
  expect(await verify(one)).toBe(claims);
  await verify(three);
  // Of three, the one that was used longest ago is forgotten, and verified anew.
  expect(await verify(one)).toBe(claims);
  await expect(verify(`${one.slice(0, -8)}AAAAAAAA`)).rejects.toMatchObject({ status: 401 });

  now += 604_000;
  await verify(one);
  now += 2_000;
  await expect(verify(one)).rejects.toMatchObject({ status: 401 });
  now -= 606_000;

  await verify(two);
  state.keys = [newKey('b')];
  await keySet.refresh();
  await expect(verify(two)).rejects.toMatchObject({ status: 401 });
  expect(finds).toBeGreaterThan(0);
});
