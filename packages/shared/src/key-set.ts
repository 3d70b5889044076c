import { importJWK, type CryptoKey } from 'jose';
import { z } from 'zod';
import { unavailable } from './problem.ts';

const publicKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1).max(100),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});

/** A set of public keys as RFC 7517 writes it, with nothing but keys that verify access tokens. */
export const publicKeySet = z.object({ keys: z.array(publicKeySchema) });

export type PublicKey = z.output<typeof publicKeySchema>;
export type PublicKeySet = z.output<typeof publicKeySet>;

export interface KeySet {
  /** The key of that name, or null where the issuer has published none. Throws 503 where no set was ever read. */
  find(kid: string): Promise<CryptoKey | null>;
  refresh(): Promise<void>;
  stop(): void;
}

export interface KeySetOptions {
  /** Where the issuer publishes its keys, or what else reads them. */
  readonly source: string | (() => Promise<unknown>);
  /** Told of every look-up that failed; the keys of the one before stay good. */
  readonly onError: (error: unknown) => void;
  /** How often the keys are looked up: a withdrawn one is refused within that time. */
  readonly refreshSeconds?: number;
  /** How often at most they are looked up because of a name that is not known. */
  readonly unknownSeconds?: number;
  readonly now?: () => number;
}

const retryAfterSeconds = 5;

/** Keeps the published keys of the one issuer at hand, from memory. Does not wait for an issuer that is away. */
export async function openKeySet({
  source,
  onError,
  refreshSeconds = 300,
  unknownSeconds = 10,
  now = () => performance.now(),
}: KeySetOptions): Promise<KeySet> {
  const load = typeof source === 'string' ? () => fetchKeySet(source) : source;
  let keys: ReadonlyMap<string, CryptoKey> | null = null;
  let triedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  function refresh(): Promise<void> {
    triedAt = now();
    running ??= read().finally(() => {
      running = null;
    });
    return running;
  }

  async function read(): Promise<void> {
    const published = publicKeySet.parse(await load());
    keys = new Map(await Promise.all(published.keys.map(async (key) => [key.kid, await importKey(key)] as const)));
  }

  const tryRefresh = () => refresh().catch(onError);
  await tryRefresh();
  const timer = setInterval(() => void tryRefresh(), refreshSeconds * 1_000);
  timer.unref();

  return {
    async find(kid) {
      const known = keys?.get(kid);
      if (known !== undefined) return known;
      if (running !== null) await running.catch(() => undefined);
      else if (now() - triedAt >= unknownSeconds * 1_000) await tryRefresh();
      if (keys === null) throw unavailable(retryAfterSeconds, new Error('The keys of access tokens were never read.'));
      return keys.get(kid) ?? null;
    },
    refresh,
    stop: () => clearInterval(timer),
  };
}

async function importKey(key: PublicKey): Promise<CryptoKey> {
  const imported = await importJWK(key, 'EdDSA');
  if (imported instanceof Uint8Array) throw new TypeError(`${key.kid} is no public key`);
  return imported;
}

const fetchMillis = 3_000;
const bytesMax = 64_000;

async function fetchKeySet(url: string): Promise<unknown> {
  const answer = await fetch(url, {
    redirect: 'error',
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(fetchMillis),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const bytes: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > bytesMax) throw new Error(`${url} answered more than ${bytesMax} bytes`);
    bytes.push(chunk);
  }
  return JSON.parse(Buffer.concat(bytes).toString());
}
