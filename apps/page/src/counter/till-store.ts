/** What a till did and has still to hand in. It outlives the page. */
export interface Entry {
  /** A UUID: the Idempotency-Key of a redemption, the nonce of a scan without network. */
  nonce: string;
  way: 'redeem' | 'scan';
  /** Who did it: nobody else hands it in. */
  userId: string;
  userName: string;
  code: string;
  /** What the code stands for, where this is known without network: `claim:…`, `voucher:…`, `code:…`. */
  subject: string;
  locationId: string;
  amountMinor: number | null;
  currency: string | null;
  position: { latitude: number; longitude: number; accuracyMeters: number } | null;
  device: string;
  title: { text: string; language: string | null } | null;
  at: string;
  /** Null until the API has answered. */
  outcome: Outcome | null;
  rollback: Rollback | null;
}

export type Outcome =
  | {
      kind: 'redeemed';
      redemptionId: string;
      discountMinor: number | null;
      currency: string | null;
      rollbackUntil: string | null;
    }
  | { kind: 'refused'; reasons: string[] }
  /** A scan that is counted, but beyond what was left. */
  | { kind: 'overUse'; reasons: string[] };

export interface Rollback {
  key: string;
  reason: string;
  outcome: { kind: 'done' } | { kind: 'refused'; reason: string } | null;
}

export interface TillStore {
  list: () => Promise<Entry[]>;
  /** Resolves when it is on the disk. */
  put: (entry: Entry) => Promise<void>;
  remove: (nonce: string) => Promise<void>;
}

const storeName = 'entries';

/** Rejects where the browser keeps nothing for us. */
export async function openTillStore(): Promise<TillStore> {
  const request = indexedDB.open('pika-till', 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(storeName, { keyPath: 'nonce' }));
  const database = await settled(request);

  async function write(change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' });
    change(transaction.objectStore(storeName));
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('the entry was not kept')));
    });
  }

  return {
    list: () => settled(database.transaction(storeName).objectStore(storeName).getAll() as IDBRequest<Entry[]>),
    put: (entry) => write((store) => store.put(entry)),
    remove: (nonce) => write((store) => store.delete(nonce)),
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps nothing')));
  });
}
