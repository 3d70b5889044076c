import { forget, recall, remember } from '../storage.ts';

/** Whoever logs in later than this has something else in mind. */
const wishMs = 30 * 60_000;

/** What a guest wanted, until she is logged in; also in another tab, in which a new address is verified. */
export function keepWish(voucherId: string): void {
  remember('claim', `${Date.now()} ${voucherId}`);
}

export function takeWish(): string | null {
  const [at, voucherId] = (recall('claim') ?? '').split(' ');
  forget('claim');
  return voucherId !== undefined && Date.now() - Number(at) < wishMs ? voucherId : null;
}
