/**
 * Refuses what breaks clients of the document released last (apps/gateway/openapi.released.json: the paths of every app), unless
 * tools/src/openapi-breaking/accepted.json gives a reason. With --release the present document becomes the released one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { breakingChanges } from './openapi-breaking/document.ts';
import type { Json } from './openapi-breaking/json.ts';

const acceptedFile = new URL('./openapi-breaking/accepted.json', import.meta.url);
const present = new URL('../../apps/gateway/openapi.json', import.meta.url);
const released = new URL('../../apps/gateway/openapi.released.json', import.meta.url);
const read = (file: URL): Json => JSON.parse(readFileSync(file, 'utf8'));

if (process.argv.includes('--release')) release();
else check();

function release(): void {
  writeFileSync(released, `${JSON.stringify(read(present))}\n`);
  writeFileSync(acceptedFile, '[]\n');
  console.log('Released: apps/gateway/openapi.json.');
}

function check(): void {
  const accepted = z
    .array(z.strictObject({ change: z.string(), reason: z.string().min(10) }))
    .parse(JSON.parse(readFileSync(acceptedFile, 'utf8')));
  const changes = breakingChanges(read(released), read(present));
  const excused = new Set(accepted.map(({ change }) => change));
  const breaking = changes.filter((change) => !excused.has(change));
  const idle = [...excused].filter((change) => !changes.includes(change));
  for (const change of breaking) console.error(`Breaking: ${change}`);
  for (const change of idle) console.error(`Accepted, but not the case: ${change}`);
  const isGood = breaking.length === 0 && idle.length === 0;
  console.log(
    isGood
      ? `Nothing breaks clients of the released document (${excused.size} accepted).`
      : 'Undo it, or give the reason in tools/src/openapi-breaking/accepted.json.',
  );
  process.exitCode = isGood ? 0 : 1;
}
