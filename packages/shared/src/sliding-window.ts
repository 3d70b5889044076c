/** How many requests a caller may make in any span of `seconds`. */
export interface Quota {
  readonly requests: number;
  readonly seconds: number;
}

export interface Standing {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Until some of the quota comes back. */
  readonly resetMs: number;
}

/**
 * A window is counted in slices, and the slice that is only partly inside counts wholly: so no span of the window's
 * length ever sees more than the quota, wherever its borders lie. The price is that quota returns up to a slice late.
 */
export const slicesPerWindow = 10;

interface Counter {
  slice: number;
  readonly counts: Uint32Array;
}

/** Of one generation. */
const countersMax = 50_000;

/**
 * Counts in this process. Remembers at least the latest 50,000 callers and at most 100,000: in two generations, of which
 * the older one is forgotten whole, because taking a Map's oldest entries out one by one costs 26 µs each (measured), and
 * this 1 µs. `now` in milliseconds, never running backwards.
 */
export function slidingWindow({ requests, seconds }: Quota, now: () => number = () => performance.now()) {
  const sliceMs = (seconds * 1_000) / slicesPerWindow;
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
      counter = old.get(key) ?? { slice, counts: new Uint32Array(length) };
      young.set(key, counter);
    }
    return counter;
  }

  /** Empties the slices between the latest one and this. */
  function enter(counter: Counter, slice: number): Uint32Array {
    const { counts } = counter;
    if (slice - counter.slice >= length) counts.fill(0);
    else for (let passed = counter.slice + 1; passed <= slice; passed++) counts[passed % length] = 0;
    counter.slice = slice;
    return counts;
  }

  return (key: string): Standing => {
    const at = now();
    const slice = Math.floor(at / sliceMs);
    const counts = enter(counterOf(key, slice), slice);
    let taken = 0;
    for (const count of counts) taken += count;
    const isAllowed = taken < requests;
    if (isAllowed) counts[slice % length] = (counts[slice % length] ?? 0) + 1;
    let oldest = slice - slicesPerWindow;
    while (oldest < slice && !counts[oldest % length]) oldest++;
    return {
      isAllowed,
      remaining: isAllowed ? requests - taken - 1 : 0,
      resetMs: (oldest + length) * sliceMs - at,
    };
  };
}
