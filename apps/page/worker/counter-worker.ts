declare const self: ServiceWorkerGlobalScope;
/** Put in by apps/page/build.ts: the files of the counter, and the name of just these. */
declare const ASSETS: readonly string[];
declare const VERSION: string;

const page = '/counter';
const prefix = 'pika-counter-';
const dataCache = 'pika-till-data';
/** Shorter than patience, for networks that are there but answer nothing. */
const patienceMs = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(prefix + VERSION)
      // Not out of the browser's own cache: what is kept must belong together.
      .then((cache) => cache.addAll([new Request(page, { cache: 'no-cache' }), ...ASSETS]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});

/** A page that is open may still load a part of the version before. */
async function forgetOld(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== prefix + VERSION);
  await Promise.all(versions.slice(0, -1).map((name) => caches.delete(name)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname === page) event.respondWith(keptOrFetched(page, request));
  else if (pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(pathname, request));
  else if (isNeededData(pathname)) event.respondWith(fetchedOrKept(request));
});

/** What is said to everybody, whoever asks. */
const isNeededData = (pathname: string) =>
  ['/.well-known/voucher-keys.json', '/v1/claims/revocations'].includes(pathname);

async function keptOrFetched(name: string, request: Request): Promise<Response> {
  const current = await caches.open(prefix + VERSION);
  return (await current.match(name)) ?? (await caches.match(name)) ?? fetch(request);
}

async function fetchedOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(dataCache);
  const kept = await cache.match(request.url);
  try {
    const response = await fetch(request, kept === undefined ? {} : { signal: AbortSignal.timeout(patienceMs) });
    if (response.status === 200) await cache.put(request.url, response.clone());
    return response.status >= 500 ? (kept ?? response) : response;
  } catch (error) {
    if (kept === undefined) throw error;
    return kept;
  }
}
