/**
 * Refuses what breaks clients of the documents released last (apps/<app>/openapi.released.json), unless
 * tools/src/openapi-breaking/accepted.json gives a reason. With --release the present documents become the released ones.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { breakingChanges } from './openapi-breaking/document.ts';
import type { Json } from './openapi-breaking/json.ts';

const acceptedFile = new URL('./openapi-breaking/accepted.json', import.meta.url);
const apps = new URL('../../apps/', import.meta.url);
const fileOf = (app: string, name: string) => fileURLToPath(new URL(`${app}/${name}.json`, apps));
const read = (file: string): Json => JSON.parse(readFileSync(file, 'utf8'));

const names = readdirSync(apps).filter((app) => existsSync(fileOf(app, 'openapi')));
const released = readdirSync(apps).filter((app) => existsSync(fileOf(app, 'openapi.released')));

if (process.argv.includes('--release')) release();
else check();

function release(): void {
  for (const app of names) writeFileSync(fileOf(app, 'openapi.released'), readFileSync(fileOf(app, 'openapi')));
  writeFileSync(acceptedFile, '[]\n');
  console.log(`Released: ${names.join(', ')}.`);
}

function check(): void {
  const accepted = z
    .array(z.strictObject({ change: z.string(), reason: z.string().min(10) }))
    .parse(JSON.parse(readFileSync(acceptedFile, 'utf8')));
  const changes = released.flatMap((app) => {
    if (!names.includes(app)) return [`${app}: is gone`];
    const [before, after] = [read(fileOf(app, 'openapi.released')), read(fileOf(app, 'openapi'))];
    return breakingChanges(before, after).map((change) => `${app}: ${change}`);
  });
  const excused = new Set(accepted.map(({ change }) => change));
  const breaking = changes.filter((change) => !excused.has(change));
  const idle = [...excused].filter((change) => !changes.includes(change));
  for (const change of breaking) console.error(`Breaking: ${change}`);
  for (const change of idle) console.error(`Accepted, but not the case: ${change}`);
  const isGood = breaking.length === 0 && idle.length === 0;
  console.log(
    isGood
      ? `Nothing breaks clients of the released documents (${released.length} apps, ${excused.size} accepted).`
      : 'Undo it, or give the reason in tools/src/openapi-breaking/accepted.json.',
  );
  process.exitCode = isGood ? 0 : 1;
}
