import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What was sent and answered, in order, for who has to find out why a proof failed. */
export interface History {
  add(event: Readonly<Record<string, unknown>>): void;
  /** Runs the proof; where it fails, writes the history and says where. */
  keptFor(proof: () => Promise<void>): Promise<void>;
}

const lengthMax = 200_000;

export function openHistory(name: string): History {
  const events: string[] = [];
  const startedAt = performance.now();
  return {
    add(event) {
      events.push(JSON.stringify({ ms: Math.round(performance.now() - startedAt), ...event }));
      if (events.length > lengthMax) events.splice(0, lengthMax / 2);
    },
    async keptFor(proof) {
      try {
        await proof();
      } catch (error) {
        const folder = join(tmpdir(), 'pika-proofs');
        mkdirSync(folder, { recursive: true });
        const file = join(folder, `${name}-${process.pid}.jsonl`);
        writeFileSync(file, `${events.join('\n')}\n`);
        console.log(`[${name}] its last ${events.length} events are in ${file}`);
        throw error;
      }
    },
  };
}
