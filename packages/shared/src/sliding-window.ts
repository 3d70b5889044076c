/** How many requests a caller may make in any span of `seconds`. */
export interface Quota {
  readonly requests: number;
  readonly seconds: number;
}

export interface Standing {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Until some of the quota comes back: never longer than the window. */
  readonly resetMs: number;
}

/**
 * A window is counted in slices, and a slice counts wholly until its latest request is a window old: so no span of the
 * window's length ever sees more than the quota, wherever its borders lie. The price is that quota returns up to a slice
 * late.
 */
export const slicesPerWindow = 10;

interface Counter {
  slice: number;
  readonly counts: Uint32Array;
  /** When the latest request of each slice was allowed. */
  readonly latest: number[];
}

/** Of one generation. */
const countersMax = 50_000;

/**
 * Counts in this process. Remembers at least the latest 50,000 callers and at most 100,000: in two generations, of which
 * the older one is forgotten whole, because taking a Map's oldest entries out one by one costs 26 µs each (measured), and
 * this 2 µs. `now` in milliseconds, never running backwards.
 */
export function slidingWindow({ requests, seconds }: Quota, now: () => number = () => performance.now()) {
  const windowMs = seconds * 1_000;
  const sliceMs = windowMs / slicesPerWindow;
  const length = slicesPerWindow + 1;
  let young = new Map<string, Counter>();
  let old = new Map<string, Counter>();
  let bornIn = 0;

  function counterOf(key: string, slice: number): Counter {
    if (slice - bornIn >= length || young.size >= countersMax) {
      old = young;
      young = new Map();
      bornIn = slice;
    }
    let counter = young.get(key);
    if (counter === undefined) {
      counter = old.get(key) ?? {
        slice,
        counts: new Uint32Array(length),
        latest: Array.from({ length }, () => 0),
      };
      young.set(key, counter);
    }
    return counter;
  }

  /** Empties the slices between the latest one and this. */
  function enter(counter: Counter, slice: number): void {
    const { counts } = counter;
    if (slice - counter.slice >= length) counts.fill(0);
    else for (let passed = counter.slice + 1; passed <= slice; passed++) counts[passed % length] = 0;
    counter.slice = slice;
  }

  return (key: string): Standing => {
    const at = now();
    const slice = Math.floor(at / sliceMs);
    const counter = counterOf(key, slice);
    enter(counter, slice);
    const { counts, latest } = counter;
    const ageOf = (each: number) => at - (latest[each % length] ?? at);
    let oldest = Math.max(0, slice - slicesPerWindow);
    if (ageOf(oldest) >= windowMs) counts[oldest % length] = 0;
    let taken = 0;
    for (const count of counts) taken += count;
    const isAllowed = taken < requests;
    if (isAllowed) {
      counts[slice % length] = (counts[slice % length] ?? 0) + 1;
      latest[slice % length] = at;
    }
    while (oldest < slice && !counts[oldest % length]) oldest++;
    return {
      isAllowed,
      remaining: isAllowed ? requests - taken - 1 : 0,
      resetMs: windowMs - ageOf(oldest),
    };
  };
}
