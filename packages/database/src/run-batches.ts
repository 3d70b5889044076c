/** Repeats what does up to `limit` rows at once and says how many, until a batch is not full or the signal is aborted. */
export async function runBatches(
  limit: number,
  signal: AbortSignal,
  batch: (limit: number) => Promise<readonly { done: number }[]>,
): Promise<void> {
  for (let done = limit; done >= limit && !signal.aborted;) done = (await batch(limit))[0]?.done ?? 0;
}
