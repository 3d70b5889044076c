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

const countersMax = 100_000;

/** Counts in this process. Remembers the latest 100,000 callers. `now` in milliseconds, never running backwards. */
export function slidingWindow({ requests, seconds }: Quota, now: () => number = () => performance.now()) {
  const sliceMs = (seconds * 1_000) / slicesPerWindow;
  const length = slicesPerWindow + 1;
  // In the order of their latest slices, because a counter is put at the end when it enters one.
  const counters = new Map<string, Counter>();

  function enter(key: string, slice: number): Counter {
    let counter = counters.get(key);
    if (counter?.slice === slice) return counter;
    counters.delete(key);
    if (counter === undefined || slice - counter.slice >= length) {
      counter = { slice, counts: new Uint32Array(length) };
    } else {
      for (let passed = counter.slice + 1; passed <= slice; passed++) counter.counts[passed % length] = 0;
      counter.slice = slice;
    }
    forget(slice);
    counters.set(key, counter);
    return counter;
  }

  /** Two at most, so that nobody pays for everybody; one comes at most. */
  function forget(slice: number): void {
    let tries = 2;
    for (const [key, counter] of counters) {
      if (tries-- === 0 || (slice - counter.slice < length && counters.size < countersMax)) return;
      counters.delete(key);
    }
  }

  return (key: string): Standing => {
    const at = now();
    const slice = Math.floor(at / sliceMs);
    const { counts } = enter(key, slice);
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
