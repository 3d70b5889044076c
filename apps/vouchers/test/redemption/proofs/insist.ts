import type { History } from './history.ts';
import { send, type Answer, type Sent } from './send.ts';

export interface Insisted extends Answer {
  /** Tries without a whole answer: nobody knew then what had become of them. */
  lost: number;
  /** Tries that were told to come again. */
  putOff: number;
}

const pauseMillis = 20;
const triesMax = 3_000;

/** A client that repeats its request, with the same key, to any server until it is told what came of it. */
export async function insist(asked: Sent, pickUrl: () => string, history: History): Promise<Insisted> {
  let lost = 0;
  let putOff = 0;
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const url = pickUrl();
    const answer = await send(url, asked).catch((error: Error) => error);
    history.add({ url, key: asked.key, ...(answer instanceof Error ? { lost: answer.message } : answer) });
    if (answer instanceof Error) lost += 1;
    else if (answer.status === 503 || answer.codes[0] === 'idempotency.inFlight') putOff += 1;
    else return { ...answer, lost, putOff };
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
  throw new Error(`${asked.key} was never told what came of it`);
}

/** Does the work of every item, so many at once. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
