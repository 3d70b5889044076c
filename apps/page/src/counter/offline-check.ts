import {
  readRevocationFilter,
  readShortCode,
  readVoucherKeys,
  readVoucherToken,
  verifyVoucherToken,
  type RevocationFilter,
  type VoucherKey,
} from '@pika/shared/voucher-token';

export type OfflineVerdict =
  | 'good'
  | 'expired'
  | 'revoked'
  | 'unknownKey'
  | 'forged'
  /** A typed or printed code: only the API knows those. */
  | 'notCheckable'
  /** This till never got the keys, or its browser cannot compute. */
  | 'noKeys';

export interface OfflineCheck {
  verdict: OfflineVerdict;
  /** What the code stands for. */
  subject: string;
}

export interface OfflineChecker {
  /** Gets keys and withdrawn codes anew; keeps what it has where nobody answers. */
  refresh: () => Promise<void>;
  check: (text: string) => Promise<OfflineCheck>;
  /** Of when the list of withdrawn codes is. */
  knownUntil: () => Date | null;
}

export function createOfflineChecker(): OfflineChecker {
  let keys: VoucherKey[] | null = null;
  let filter: RevocationFilter | null = null;

  return {
    async refresh() {
      const [set, bytes] = await Promise.all([
        load('/.well-known/voucher-keys.json', (response) => response.json()),
        load('/v1/claims/revocations', (response) => response.arrayBuffer()),
      ]);
      keys = readVoucherKeys(set) ?? keys;
      if (bytes === null || keys === null) return;
      const read = await readRevocationFilter(new Uint8Array(bytes), keys).catch(() => null);
      if (read?.isGood === true) filter = read.filter;
    },
    async check(text) {
      const parts = readVoucherToken(text);
      if (parts === null) return { verdict: 'notCheckable', subject: `code:${readShortCode(text) ?? text}` };
      const subject = `${parts.kind}:${parts.id}`;
      if (keys === null) return { verdict: 'noKeys', subject };
      const rules = { now: new Date(), ...(filter === null ? {} : { revoked: filter }) };
      try {
        const verdict = await verifyVoucherToken(text, keys, rules);
        if (verdict.isGood) return { verdict: 'good', subject };
        const { reason } = verdict;
        return { verdict: reason === 'badSignature' || reason === 'malformed' ? 'forged' : reason, subject };
      } catch {
        return { verdict: 'noKeys', subject };
      }
    },
    knownUntil: () => filter?.madeAt ?? null,
  };
}

/** Null where nobody answers it. */
async function load<T>(path: string, read: (response: Response) => Promise<T>): Promise<T | null> {
  try {
    const response = await fetch(path);
    return response.ok ? await read(response) : null;
  } catch {
    return null;
  }
}
