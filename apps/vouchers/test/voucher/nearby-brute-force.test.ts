import { openCursor } from '@pika/shared';
import {
  isServer,
  openTestDatabase,
  randomFrom,
  testClock,
  testSeed,
  type Api,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWorld, type World } from '../world/make-world.ts';
import { randomMinute, randomQuestion, type AskedQuestion } from '../world/random-question.ts';
import { openReference, type Found, type Reference } from '../world/reference.ts';
import { cursorSecret, startVouchersApi } from '../vouchers-api.ts';
import { nearbyAnswer } from '../../src/voucher/voucher.schemas.ts';

const random = randomFrom(testSeed('nearby against brute force'));
const size = isServer() ? { locations: 3_000, vouchers: 6_000 } : { locations: 400, vouchers: 800 };
const minutes = isServer() ? 52 : 12;
const questionsPerMinute = isServer() ? 40 : 10;
const pagesMax = 5;

const clock = testClock('2026-03-04T12:00:00Z');
let test: OpenTestDatabase;
let api: Api;
let world: World;
let reference: Reference;

beforeAll(async () => {
  if (!isServer()) console.log('[nearby against brute force] fewer questions on the embedded engine');
  test = await openTestDatabase();
  world = await makeWorld(test, random, size);
  reference = await openReference(test.pool);
  api = await startVouchersApi(test, clock, () => random.pick([1, 2, 8, 30, 200]));
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

const counted = { questions: 0, pages: 0, rows: 0, empty: 0, filtered: 0 };

it('answers page after page what measuring every place answers', { timeout: 600_000 }, async () => {
  for (let minute = 0; minute < minutes; minute++) {
    // From here on common words are looked for near the point first, and rare ones in the word index.
    if (minute === minutes / 2) await learnCommonWords();
    const at = randomMinute(random);
    clock.set(new Date(at.getTime() + random.integer(0, 59_999)));
    for (let index = 0; index < questionsPerMinute; index++) {
      await compare(await randomQuestion(random, world, reference, at));
    }
  }
  console.log(
    `[nearby against brute force] ${counted.questions} questions, ${counted.pages} pages, ${counted.rows} rows equal ` +
      `(${counted.empty} questions without a result, ${counted.filtered} with a filter)`,
  );
  expect(counted.questions).toBe(minutes * questionsPerMinute);
  expect(counted.rows).toBeGreaterThan(counted.questions);
});

async function learnCommonWords(): Promise<void> {
  const { rows } = await test.pool.query<{ learnt: number }>('SELECT marketplace.refresh_word_frequencies() AS learnt');
  expect(rows[0]?.learnt, 'words that are common enough').toBeGreaterThan(0);
}

/** The answer as far as the reference knows it, in the reference's form. */
function comparable(body: unknown) {
  const { data, page } = nearbyAnswer.parse(body);
  const rows = data.map(({ category, business, location, ...row }) => ({
    id: row.id,
    title: row.title,
    description: row.description,
    terms: row.terms,
    language: row.language,
    served: row.served,
    category: [category.id, category.slug, category.name],
    business: [business.id, business.name],
    location: [location.id, location.latitude, location.longitude, location.timeZone, location.isOpen],
    redeemable: row.redeemable,
    distanceMeters: location.distanceMeters,
  }));
  return { rows, next: page.next };
}

async function compare({ parameters, headers, question }: AskedQuestion): Promise<void> {
  const expected = await reference.find(question);
  const limit = random.pick([1, 2, 3, 7, 20, 20, 100]);
  parameters.set('limit', String(limit));
  let next: string | null = null;
  for (let page = 0; page < pagesMax; page++) {
    if (next !== null) parameters.set('cursor', next);
    const path = `/v1/vouchers/nearby?${parameters.toString()}`;
    const label = `seed ${random.seed}, ${clock.now().toISOString()}, ${JSON.stringify(headers)} ${path}`;
    const answer = await api.get(path, headers);
    expect(answer.status, `${label}\n${answer.text}`).toBe(200);
    const slice = expected.slice(page * limit, (page + 1) * limit);
    const { rows, next: found } = comparable(answer.body);
    const wanted = await Promise.all(slice.map((each) => reference.show(each, question)));
    expect(rows, label).toEqual(wanted);
    const languages = reference.languagesOf(slice, question).toSorted();
    expect((answer.headers['content-language'] ?? '').split(', ').toSorted(), label).toEqual(
      languages.length === 0 ? [''] : languages,
    );
    counted.pages++;
    counted.rows += rows.length;
    next = found;
    expect(cursorPosition(next), label).toEqual(lastOf(slice, expected.length > (page + 1) * limit));
    if (next === null) break;
  }
  counted.questions++;
  if (expected.length === 0) counted.empty++;
  if (question.category ?? question.businessId ?? question.words ?? question.openAt) counted.filtered++;
}

function lastOf(slice: readonly Found[], hasMore: boolean) {
  const last = slice.at(-1);
  return hasMore && last ? [last.distance, last.location.id, last.voucher.id] : null;
}

/** Where the next page begins, to the last bit of the distance. */
function cursorPosition(cursor: string | null): unknown {
  return cursor === null ? null : (openCursor(cursor, cursorSecret) as { after: unknown }).after;
}
