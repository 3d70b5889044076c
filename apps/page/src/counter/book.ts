import { reasonOf } from '../account/form.ts';
import { ApiError } from '../exchange.ts';
import { say } from '../texts.ts';
import { handInScans, isOpen, redeemCode, rollBack, type MergedScan, type OfflineScan } from './counter-api.ts';
import type { Entry, Outcome, TillStore } from './till-store.ts';

export interface Book {
  /** The newest first. */
  entries: () => readonly Entry[];
  find: (nonce: string) => Entry | undefined;
  /** Keeps it, then asks the API, in this tab or after it, until there is an answer. */
  add: (entry: Entry) => Promise<void>;
  rollBack: (nonce: string, reason: string) => Promise<void>;
  /** Hands in what waits, if somebody can be reached. */
  handIn: () => Promise<void>;
}

const keptMax = 100;
const repeatMs = 5_000;
const scansMax = 500;

export const isWaiting = ({ outcome, rollback }: Entry): boolean =>
  outcome === null || (rollback !== null && rollback.outcome === null);

/** `changed` is told of each entry that is another than before, and of when the API was reached or not. */
export async function openBook(
  store: TillStore,
  {
    userId,
    changed,
    reached,
  }: { userId: () => string | null; changed: (nonce: string) => void; reached: (isReached: boolean) => void },
): Promise<Book> {
  const byTime = (one: Entry, other: Entry) => Date.parse(other.at) - Date.parse(one.at);
  let all = (await store.list()).toSorted(byTime);
  let running: Promise<void> | null = null;
  let isAskedAgain = false;

  async function keep(entry: Entry): Promise<void> {
    await store.put(entry);
    all = [entry, ...all.filter(({ nonce }) => nonce !== entry.nonce)].toSorted(byTime);
    changed(entry.nonce);
  }

  async function dropOld(): Promise<void> {
    const old = all.filter((entry) => !isWaiting(entry)).slice(keptMax);
    all = all.filter((entry) => !old.includes(entry));
    for (const { nonce } of old) await store.remove(nonce);
  }

  const mine = () => all.filter((entry) => isWaiting(entry) && entry.userId === userId());

  async function handInOnce(): Promise<void> {
    // Another tab of this till may have handed in, and written, in between.
    all = (await store.list()).toSorted(byTime);
    const waiting = mine().toReversed();
    if (waiting.length === 0) return;
    try {
      for (const entry of waiting) {
        if (entry.outcome === null && entry.way === 'redeem') {
          await keep({ ...entry, outcome: await outcomeOfRedeeming(entry) });
        }
      }
      const scans = waiting.filter(({ outcome, way }) => outcome === null && way === 'scan');
      for (let at = 0; at < scans.length; at += scansMax) await handInBatch(scans.slice(at, at + scansMax));
      for (const { nonce } of waiting) {
        const entry = all.find((each) => each.nonce === nonce);
        if (entry !== undefined) await rollBackOnce(entry);
      }
      reached(true);
    } catch (error) {
      if (!isOpen(error)) throw error;
      reached(!(error instanceof ApiError && error.status === 0));
    }
  }

  /** One that the API does not even read must not keep the others waiting. */
  async function handInBatch(scans: readonly Entry[]): Promise<void> {
    try {
      for (const scan of await handInScans(scans.map(scanOf))) {
        const entry = scans.find(({ nonce }) => nonce === scan.nonce);
        if (entry !== undefined) await keep({ ...entry, outcome: outcomeOfMerging(scan) });
      }
    } catch (error) {
      if (!(error instanceof ApiError) || isOpen(error)) throw error;
      const [only, ...others] = scans;
      if (only !== undefined && others.length === 0) {
        await keep({ ...only, outcome: { kind: 'refused', reasons: [reasonOf(error)] } });
      } else for (const scan of scans) await handInBatch([scan]);
    }
  }

  async function rollBackOnce(entry: Entry): Promise<void> {
    const { rollback, outcome } = entry;
    if (rollback === null || rollback.outcome !== null || outcome?.kind !== 'redeemed') return;
    const done = await rollBack(outcome.redemptionId, rollback.reason, rollback.key).then(
      () => ({ kind: 'done' as const }),
      (error: unknown) => {
        if (isOpen(error)) throw error;
        return { kind: 'refused' as const, reason: reasonOf(error) };
      },
    );
    await keep({ ...entry, rollback: { ...rollback, outcome: done } });
  }

  async function run(): Promise<void> {
    do {
      isAskedAgain = false;
      await alone(handInOnce);
    } while (isAskedAgain);
    await dropOld();
  }

  const book: Book = {
    entries: () => all,
    find: (nonce) => all.find((entry) => entry.nonce === nonce),
    async add(entry) {
      await keep(entry);
      void book.handIn();
    },
    async rollBack(nonce, reason) {
      const entry = book.find(nonce);
      if (entry === undefined) return;
      const key = entry.rollback?.reason === reason ? entry.rollback.key : newNonce();
      await keep({ ...entry, rollback: { key, reason, outcome: null } });
      void book.handIn();
    },
    handIn() {
      isAskedAgain = true;
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
  };
  setInterval(() => {
    if (mine().length > 0) void book.handIn();
  }, repeatMs);
  return book;
}

async function outcomeOfRedeeming(entry: Entry): Promise<Outcome> {
  const { code, locationId, position, device, nonce } = entry;
  try {
    const redeemed = await redeemCode(code, { locationId, device, ...position, ...amountOf(entry) }, nonce);
    const { id: redemptionId, discountMinor, currency, rollbackUntil } = redeemed;
    return { kind: 'redeemed', redemptionId, discountMinor, currency, rollbackUntil };
  } catch (error) {
    if (!(error instanceof ApiError) || isOpen(error)) throw error;
    const reasons = error.problem.violations.map(({ message }) => message);
    return { kind: 'refused', reasons: reasons.length > 0 ? reasons : [reasonOf(error)] };
  }
}

function outcomeOfMerging({ verdict, violations, redemptionId }: MergedScan): Outcome {
  const reasons = violations.map(({ message }) => message);
  if (verdict === 'within' && redemptionId !== null) {
    return { kind: 'redeemed', redemptionId, discountMinor: null, currency: null, rollbackUntil: null };
  }
  if (verdict === 'overUse') return { kind: 'overUse', reasons };
  return { kind: 'refused', reasons: [say(`merged.${verdict}`), ...reasons] };
}

const scanOf = ({ nonce, code, locationId, at, device, ...entry }: Entry): OfflineScan => ({
  nonce,
  code,
  locationId,
  scannedAt: at,
  device,
  ...amountOf(entry),
});

const amountOf = ({ amountMinor, currency }: Pick<Entry, 'amountMinor' | 'currency'>) =>
  amountMinor === null || currency === null ? {} : { amountMinor, currency };

/** One tab at a time, where the browser can say so; the API takes each only once anyway. */
const alone = (work: () => Promise<void>): Promise<void> =>
  'locks' in navigator ? navigator.locks.request('pika.till', work) : work();

/** `crypto.randomUUID` is not there over plain HTTP. */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
