const startedAt = performance.now();

/** One line of progress with the seconds since the start. */
export function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(7);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

/** Says what was done and how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work();
  say(`${what} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
  return result;
}
