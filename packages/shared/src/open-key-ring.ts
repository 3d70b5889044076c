import type { KeyObject } from 'node:crypto';
import { ConfigError } from './config.ts';
import { activeKey, ensureKeys, type KeyRing, type StoredKey } from './key-ring.ts';
import { openPrivateKey } from './private-key.ts';

export interface OpenKeyRing {
  /** Those that are not retired, also the one that will sign. */
  published(): readonly StoredKey[];
  /** The key that signs now. Asks nobody, so it may stand in a transaction. */
  active(): { key: StoredKey; privateKey: KeyObject };
  refresh(): Promise<void>;
  stop(): void;
}

interface KeyRingOptions {
  now: () => Date;
  /** Told of look-ups that failed; what was known stays in use. */
  onError: (error: unknown) => void;
  everySeconds?: number;
}

/**
 * Keeps the keys at hand, looked up every minute; where none signs, one is made. Throws `ConfigError` where the secret does
 * not open the one that signs, because a new one in its place would end everything that it signed.
 */
export async function openKeyRing(
  ring: KeyRing,
  { now, onError, everySeconds = 60 }: KeyRingOptions,
): Promise<OpenKeyRing> {
  const opened = new Map<string, KeyObject>();
  let keys: readonly StoredKey[] = [];

  function privateKeyOf({ kid, encryptedPrivateKey }: StoredKey): KeyObject {
    const known = opened.get(kid) ?? openKept(ring, encryptedPrivateKey, kid);
    opened.set(kid, known);
    return known;
  }

  async function refresh(): Promise<void> {
    const found = await ensureKeys(ring, now());
    const active = activeKey(found, now(), ring.tokenSeconds);
    if (active !== undefined) privateKeyOf(active);
    keys = found;
    for (const kid of opened.keys()) if (!found.some((key) => key.kid === kid)) opened.delete(kid);
  }

  await refresh();
  const timer = setInterval(() => void refresh().catch(onError), everySeconds * 1_000);
  timer.unref();

  return {
    published: () => keys.filter(({ retiresAt }) => retiresAt > now()),
    active() {
      const key = activeKey(keys, now(), ring.tokenSeconds);
      if (key === undefined) throw new Error(`No key signs ${ring.signs}.`);
      return { key, privateKey: privateKeyOf(key) };
    },
    refresh,
    stop: () => clearInterval(timer),
  };
}

function openKept(ring: KeyRing, sealed: Uint8Array, kid: string): KeyObject {
  try {
    return openPrivateKey(sealed, kid, ring);
  } catch (cause) {
    throw new ConfigError(
      `${ring.secretName} does not open the keys that sign ${ring.signs}: set the one they were made under, or begin anew with npm run keys:rotate -- --at-once.`,
      { cause },
    );
  }
}
