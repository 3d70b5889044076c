import { openTestDatabase, requireServer, type OpenTestDatabase } from '@pika/tests';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importElements } from '../src/places/import-elements.ts';
import { emptyReport, placesDone } from '../src/places/import-report.ts';
import { createPlaceMapper } from '../src/places/map-place.ts';
import { overpassPlace } from '../src/places/overpass.ts';
import type { SourceElement } from '../src/places/place.ts';
import { sampleElements, sampleOverpass } from '../src/places/sample-elements.ts';
import { importFile } from './import-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pika-resume-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a database of its own for each test. */
async function withDatabase(work: (test: OpenTestDatabase) => Promise<void>): Promise<void> {
  const test = await openTestDatabase();
  try {
    await work(test);
  } finally {
    await test.close();
  }
}

const countPlaces = ({ asOwner }: OpenTestDatabase) => asOwner((db) => db.business.count());

/** All that an import writes, without times. */
async function contentOf({ pool }: OpenTestDatabase): Promise<unknown> {
  const { rows } = await pool.query(`
    SELECT b.source_id, b.source_hash, b.closed_at IS NOT NULL AS closed, other.source_id AS duplicate_of,
      l.latitude, l.longitude, l.weekly_hours::text, l.hours_text,
      (SELECT count(*) FROM business.special_days s WHERE s.location_id = l.id) AS days,
      (SELECT string_agg(t.language_code || t.value, ',' ORDER BY t.key, t.language_code)
       FROM i18n.translations t WHERE t.key IN (b.name_key, b.other_names_key)) AS names
    FROM business.businesses b JOIN business.locations l ON l.business_id = b.id
    LEFT JOIN business.businesses other ON other.id = b.possible_duplicate_of
    ORDER BY b.source_id`);
  return rows;
}

const elementsOf = (count: number): SourceElement[] =>
  [...sampleElements(count)].map((value, index) => ({ index, where: `byte ${index}`, value }));

const map = () => createPlaceMapper(overpassPlace, { language: 'und', today: '2026-11-21' });
const options = { withDemoVouchers: false, isDryRun: false, ownerId: null, batchSize: 50 };

describe('an import that breaks off', () => {
  it('leaves the batches before, whole, and goes on when it is run again', () =>
    withDatabase(async (broken) => {
      const elements = elementsOf(400);
      function* breaking() {
        yield* elements.slice(0, 230);
        throw new Error('the disk is gone');
      }
      const report = emptyReport();
      await expect(importElements(broken.database, breaking(), map(), { ...options, report })).rejects.toThrow('disk');
      // The fourth batch may still be on its way. Two of the first two hundred elements are closed.
      expect([149, 198]).toContain(await countPlaces(broken));
      expect(await importElements(broken.database, elements, map(), options)).toMatchObject({ updated: 0 });
      const resumed = await contentOf(broken);
      await withDatabase(async (other) => {
        await importElements(other.database, elements, map(), options);
        expect(resumed).toEqual(await contentOf(other));
      });
      expect(resumed).toHaveLength(396);
    }));

  it('by its signal ends between two batches', () =>
    withDatabase(async (test) => {
      const controller = new AbortController();
      const report = await importElements(test.database, elementsOf(1_000), map(), {
        ...options,
        signal: controller.signal,
        onProgress: (state) => {
          if (placesDone(state) > 100) controller.abort();
        },
      });
      expect(report.isInterrupted).toBe(true);
      expect(placesDone(report)).toBe(await countPlaces(test));
      expect(placesDone(report)).toBeLessThan(300);
    }));

  it('by a row that the database refuses has all others, and names that one', () =>
    withDatabase(async (test) => {
      const mapper = map();
      const report = await importElements(
        test.database,
        elementsOf(120),
        (element) => {
          const mapped = mapper(element);
          return 'place' in mapped && element.index === 70
            ? { ...mapped, place: { ...mapped.place, timeZone: 'Mars/Olympus' } }
            : mapped;
        },
        options,
      );
      // One more is closed.
      expect(report.imported).toBe(118);
      expect(await countPlaces(test)).toBe(118);
      expect(report.skipped.get('refused')).toMatchObject({ count: 1, first: [{ index: 70 }] });
    }));
});

describe('the command', () => {
  const file = () => {
    const path = join(folder, 'many.json');
    writeFileSync(path, [...sampleOverpass(20_000)].join(''));
    return path;
  };

  function start(url: string, ...args: string[]): ChildProcess & { output: () => string } {
    const child = spawn(
      process.execPath,
      ['--conditions=@pika/source', '--import', 'tsx', 'tools/src/import-places.ts', ...args],
      { env: { ...process.env, DATABASE_URL: url } },
    );
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    return Object.assign(child, { output: () => output });
  }

  async function untilPlaces(test: OpenTestDatabase, least: number): Promise<void> {
    const deadline = Date.now() + 60_000;
    while ((await countPlaces(test)) < least) {
      if (Date.now() > deadline) throw new Error('no place came in');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('is killed and run again, and the result is that of one run', { timeout: 300_000 }, (context) => {
    requireServer(context);
    return withDatabase(async (test) => {
      const path = file();
      const killed = start(test.url, '--file', path);
      await untilPlaces(test, 1_000);
      killed.kill('SIGKILL');
      await once(killed, 'close');
      const half = await countPlaces(test);
      expect(half).toBeLessThan(19_800);
      const again = start(test.url, '--file', path);
      expect(await once(again, 'close'), again.output()).toEqual([0, null]);
      expect(again.output()).toMatch(new RegExp(`Unchanged +${half}\\n`));
      const resumed = await contentOf(test);
      await withDatabase(async (other) => {
        await importFile(other.database, path, { language: 'und', today: new Date().toISOString().slice(0, 10) });
        expect(resumed).toEqual(await contentOf(other));
      });
    });
  });

  it('ends on Ctrl-C within five seconds, with a report and how to go on', (context) => {
    requireServer(context);
    return withDatabase(async (test) => {
      const child = start(test.url, '--file', file());
      await untilPlaces(test, 500);
      const stoppedAt = Date.now();
      child.kill('SIGINT');
      expect(await once(child, 'close')).toEqual([130, null]);
      expect(Date.now() - stoppedAt).toBeLessThan(5_000);
      expect(child.output()).toContain('Run the same command again to go on.');
      expect(child.output()).toMatch(new RegExp(`Imported +${await countPlaces(test)} new places`));
    });
  });

  it('ends with 1 after a file that is cut short, and after an owner that nobody knows', (context) => {
    requireServer(context);
    return withDatabase(async (test) => {
      const path = join(folder, 'short.json');
      writeFileSync(path, [...sampleOverpass(30)].join('').slice(0, -300));
      const short = start(test.url, '--file', path);
      expect(await once(short, 'close')).toEqual([1, null]);
      expect(short.output()).toMatch(/1 × the file ends before its list does.*: #\d+ at byte \d+/);
      const unowned = start(test.url, '--file', path, '--owner', 'Nobody@pika.example');
      expect(await once(unowned, 'close')).toEqual([1, null]);
      expect(unowned.output()).toContain('There is no user with the e-mail address nobody@pika.example');
      expect(await countPlaces(test)).toBeGreaterThan(20);
    });
  });
});
