const storeName = 'session';
const keyName = 'refreshToken';

let opening: Promise<IDBDatabase | null> | null = null;
/** Where the browser keeps nothing for us. */
let inMemory: string | null = null;

/**
 * The refresh token, as the tab that wrote last left it. IndexedDB, because `localStorage` reaches other tabs of Chromium
 * some time after it was written: who holds the lock would still read the token that was exchanged before.
 */
export async function readToken(): Promise<string | null> {
  const database = await open();
  if (database === null) return inMemory;
  const found: unknown = await settled(database.transaction(storeName).objectStore(storeName).get(keyName));
  return typeof found === 'string' ? found : null;
}

/** Resolves when it is on the disk; null forgets it. */
export async function writeToken(token: string | null): Promise<void> {
  const database = await open();
  if (database === null) {
    inMemory = token;
    return;
  }
  const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' });
  const store = transaction.objectStore(storeName);
  if (token === null) store.delete(keyName);
  else store.put(token, keyName);
  await new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('the token was not kept')));
  });
}

function open(): Promise<IDBDatabase | null> {
  opening ??= tryToOpen().catch(() => null);
  return opening;
}

async function tryToOpen(): Promise<IDBDatabase> {
  const request = indexedDB.open('pika', 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(storeName));
  return settled(request);
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps nothing')));
  });
}
