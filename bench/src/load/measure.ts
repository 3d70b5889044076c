/** What a closed loop of clients saw. Latencies are kept one by one, so percentiles are exact. */
export class Measured {
  requests = 0;
  seconds = 0;
  bytes = 0;
  readonly #latencies: Float64Array[] = [];

  add(part: { seconds: number; bytes: number; latenciesMs: Float64Array }): void {
    this.requests += part.latenciesMs.length;
    this.seconds += part.seconds;
    this.bytes += part.bytes;
    this.#latencies.push(part.latenciesMs);
  }

  get perSecond(): number {
    return this.requests / this.seconds;
  }

  get bytesPerRequest(): number {
    return this.bytes / this.requests;
  }

  /** Milliseconds below which the given share of all requests stayed. */
  percentiles(...shares: number[]): number[] {
    const all = new Float64Array(this.requests);
    let at = 0;
    for (const part of this.#latencies) {
      all.set(part, at);
      at += part.length;
    }
    all.sort();
    return shares.map((share) => all[Math.min(all.length - 1, Math.floor(share * all.length))] ?? Number.NaN);
  }
}

export interface LoadPart {
  seconds: number;
  bytes: number;
  latenciesMs: Float64Array;
}

/**
 * Each client sends its next request when the last was answered, for some seconds. What begins in the first tenth
 * (at most one second) warms up and is not counted. Every client has at least one request counted, however long it takes.
 */
export async function closedLoop(seconds: number, clients: readonly (() => Promise<number>)[]): Promise<LoadPart> {
  const startedAt = performance.now();
  const countFrom = startedAt + Math.min(1_000, seconds * 100);
  const endAt = startedAt + seconds * 1_000;
  const latencies: number[] = [];
  let bytes = 0;
  let busyMs = 0;
  const lane = async (send: () => Promise<number>): Promise<void> => {
    let hasCounted = false;
    for (let from = performance.now(); from < endAt || !hasCounted;) {
      const size = await send();
      const to = performance.now();
      if (from >= countFrom) {
        hasCounted = true;
        latencies.push(to - from);
        busyMs += to - from;
        bytes += size;
      }
      from = to;
    }
  };
  await Promise.all(clients.map(lane));
  return { seconds: busyMs / 1_000 / clients.length, bytes, latenciesMs: Float64Array.from(latencies) };
}
