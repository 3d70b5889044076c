/** Writes an Overpass answer with any number of made-up places, the same at every run, to try the importer with. */
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { sampleOverpass } from './places/sample-elements.ts';

const { file, count = '1000000' } = parseArgs({
  options: { file: { type: 'string' }, count: { type: 'string' } },
}).values;

if (file === undefined || !/^[1-9]\d*$/.test(count)) {
  console.error('Usage: node tools/run.mjs tools/src/generate-places.ts --file FILE [--count 1000000]');
  process.exitCode = 1;
} else {
  await pipeline(
    Readable.from(sampleOverpass(Number(count))),
    createWriteStream(resolve(process.env['INIT_CWD'] ?? process.cwd(), file)),
  );
  console.log(`Wrote ${count} elements to ${file}`);
}
