import { ApiError, exchange } from '../exchange.ts';
import { readToken, writeToken } from './token-store.ts';

/** What logging in and renewing answer. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
}

/** `expired`: the API no longer takes the session, without the person having asked for it. */
export type SessionChange = 'begun' | 'ended' | 'expired';

/** `isHere`: in this tab. */
export type SessionWatcher = (change: SessionChange, isHere: boolean) => void;

const marginMs = 30_000;
/** Two tries fit into the ten seconds in which the API gives the same successor for the same refresh token. */
const renewalTimeoutMs = 4_000;

let access: { token: string; until: number } | null = null;
/** Whether there is a refresh token; undefined until somebody asked. */
let isHeld: boolean | undefined;
let renewing: Promise<string | null> | null = null;
let notify: SessionWatcher = () => undefined;
const otherTabs = new BroadcastChannel('pika.session');

/** As far as this tab knows. */
export const isLoggedIn = (): boolean => isHeld === true;

export async function wasLoggedIn(): Promise<boolean> {
  isHeld ??= (await readToken()) !== null;
  return isHeld;
}

/** Tells of each change of the session, also of those in another tab. */
export function watchSession(changed: SessionWatcher): void {
  notify = changed;
  otherTabs.addEventListener('message', ({ data: change }: MessageEvent<SessionChange>) => {
    access = null;
    isHeld = change === 'begun';
    changed(change, false);
  });
}

export async function beginSession(tokens: Tokens): Promise<void> {
  await alone(() => keep(tokens));
  tell('begun');
}

/** Ends it in every tab, after what the API is still asked for with it. That it had ended there already is well too. */
export async function endSession(last: () => Promise<unknown>): Promise<void> {
  await last().catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  });
  await alone(drop);
  tell('ended');
}

/**
 * The access token, or null where nobody is logged in. Renews one that is about to expire, or is the `refused` one: once,
 * however many ask. Throws `ApiError` where the API cannot be asked; the session then lasts.
 */
export async function accessToken(refused: string | null = null): Promise<string | null> {
  if (access !== null && access.token !== refused && Date.now() < access.until) return access.token;
  if (!(await wasLoggedIn())) return null;
  renewing ??= alone(renew).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Asks for a new access token before the next request, because what the present one says is out of date. */
export function renewSoon(): void {
  access = null;
}

async function renew(): Promise<string | null> {
  // Read under the lock: another tab may have exchanged it, or logged out.
  const refreshToken = await readToken();
  if (refreshToken === null) return null;
  const ask = () =>
    exchange<Tokens>('/v1/auth/refresh', {
      method: 'POST',
      body: { refreshToken },
      signal: AbortSignal.timeout(renewalTimeoutMs),
    });
  try {
    const { body } = await ask().catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 0) return ask();
      throw error;
    });
    await keep(body);
    return body.accessToken;
  } catch (error) {
    if (!(error instanceof ApiError) || ![400, 401, 403].includes(error.status)) throw error;
    // Without the lock another tab may have begun a session in between.
    if ((await readToken()) !== refreshToken) return renew();
    await drop();
    tell('expired');
    return null;
  }
}

function tell(change: SessionChange): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origin
  otherTabs.postMessage(change);
  notify(change, true);
}

async function keep({ accessToken: token, refreshToken, expiresIn }: Tokens): Promise<void> {
  await writeToken(refreshToken);
  access = { token, until: Date.now() + expiresIn * 1_000 - marginMs };
  isHeld = true;
}

async function drop(): Promise<void> {
  access = null;
  isHeld = false;
  await writeToken(null);
}

/** One tab at a time. Without the Web Locks API, as over plain HTTP, the ten seconds of grace must do. */
function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  return 'locks' in navigator ? navigator.locks.request('pika.session', work) : work();
}
