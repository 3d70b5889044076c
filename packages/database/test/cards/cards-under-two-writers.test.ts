import { addLanguages, isServer, openTestDatabase, randomFrom, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, drainQueue } from './compare.ts';
import { makeScenario, writes } from './scenario.ts';
import { interleave, pidOf, untilBlocked } from './two-writers.ts';

const random = randomFrom(1);
let test: OpenTestDatabase;

beforeAll(async () => {
  if (!isServer()) return;
  test = await openTestDatabase();
  await addLanguages(test.pool);
});

afterAll(() => test?.close());

/** What may happen side by side; both orders are tried. */
const pairs: readonly (readonly [keyof typeof writes, keyof typeof writes])[] = [
  ['publish', 'link'],
  ['publish', 'unlink'],
  ['publish', 'translateDraft'],
  ['publish', 'changeDraft'],
  ['publish', 'removeDraftText'],
  ['publish', 'nameBusiness'],
  ['publish', 'rekeyBusiness'],
  ['publish', 'paintBusiness'],
  ['publish', 'nameCategory'],
  ['publish', 'moveCategory'],
  ['publish', 'switchLanguageOn'],
  ['publish', 'changeChain'],
  ['publish', 'moveHere'],
  ['publish', 'zoneHere'],
  ['publish', 'closeHere'],
  ['publish', 'archive'],
  ['insertPublished', 'nameBusiness'],
  ['insertPublished', 'rekeyBusiness'],
  ['insertPublished', 'nameCategory'],
  ['insertPublished', 'moveCategory'],
  ['insertPublished', 'switchLanguageOn'],
  ['insertPublished', 'moveHere'],
  ['insertPublished', 'closeHere'],
  ['insertPublished', 'archive'],
  ['link', 'zoneThere'],
  ['linkMore', 'archiveLonely'],
  ['linkMore', 'unlinkHere'],
  ['linkMore', 'moveCategory'],
  ['unlinkHere', 'unlinkThere'],
  ['unlinkHere', 'removeThere'],
  ['archive', 'moveCategory'],
  ['archive', 'moveHere'],
  ['moveVoucher', 'moveChild'],
  ['moveVoucher', 'moveCategory'],
  ['moveVoucher', 'archive'],
  ['moveCategory', 'moveChild'],
  ['moveCategory', 'nameCategory'],
  ['translatePublished', 'describePublished'],
  ['translatePublished', 'nameBusiness'],
  ['translatePublished', 'nameCategory'],
  ['translatePublished', 'switchLanguageOn'],
  ['translatePublished', 'moveThere'],
  ['nameBusiness', 'nameCategory'],
  ['nameBusiness', 'paintBusiness'],
  ['moveHere', 'moveThere'],
  ['moveHere', 'zoneThere'],
  ['prune', 'publish'],
];

describe.skipIf(!isServer())('two writers at once leave the cards true', () => {
  beforeAll(async () => {
    await test.pool.query(`UPDATE i18n.languages SET is_active = false WHERE code = 'de'`);
  });

  for (const [one, other] of pairs) {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      it(`${first}, and before it is committed ${second}`, async () => {
        const { pool } = test;
        await pool.query(`UPDATE i18n.languages SET is_active = false WHERE code = 'de'`);
        await pool.query(`UPDATE i18n.languages SET chain = '{gn,es}' WHERE code = 'gn'`);
        const scenario = await makeScenario(test, random);
        await drainQueue(pool);
        expect(await differences(pool)).toEqual([]);
        await interleave(test, writes[first](scenario), writes[second](scenario));
        await drainQueue(pool);
        const found = await differences(pool);
        await pool.query(`DELETE FROM business.businesses WHERE id = $1`, [scenario.business]);
        expect(found).toEqual([]);
      });
    }
  }
});

describe.skipIf(!isServer())('while a voucher is being written', () => {
  it.each([
    ['a business is suspended', `UPDATE business.businesses SET status = 'suspended' WHERE id = $1`, 'business'],
    ['a category is put elsewhere in its list', 'UPDATE catalog.categories SET position = 7 WHERE id = $1', 'category'],
  ] as const)('%s without waiting', async (_name, text, what) => {
    const { pool } = test;
    const scenario = await makeScenario(test, random);
    const [writer, other] = [await pool.connect(), await pool.connect()];
    await writer.query('BEGIN');
    await writer.query('UPDATE marketplace.vouchers SET percent_off = 20 WHERE id = $1', [scenario.published]);
    const changing = await startAndWait(other, text.replace('$1', `'${scenario[what]}'`));
    const isDone = changing.isSettled();
    await writer.query('COMMIT');
    await changing.done;
    for (const each of [writer, other]) each.release();
    expect(isDone).toBe(true);
  });
});

describe.skipIf(!isServer())('a change of languages while the queue is worked off', () => {
  for (const waitsFor of ['a place', 'a new word'] as const) {
    it(`is queued again, where the runner waits for ${waitsFor}`, async () => {
      const { pool } = test;
      await pool.query(`UPDATE i18n.languages SET is_active = false WHERE code = 'de'`);
      const scenario = await makeScenario(test, random);
      await drainQueue(pool);
      await pool.query(`DELETE FROM marketplace.search_words WHERE word = 'asado'`);
      await pool.query('INSERT INTO marketplace.stale_vouchers (voucher_id) VALUES ($1)', [scenario.published]);
      const [blocker, runner, switcher] = [await pool.connect(), await pool.connect(), await pool.connect()];
      await blocker.query('BEGIN');
      await (waitsFor === 'a place'
        ? blocker.query('SELECT FROM business.locations WHERE id = $1 FOR UPDATE', [scenario.there])
        : blocker.query(`INSERT INTO marketplace.search_words (language_code, word) VALUES ('~', 'asado')`));
      const draining = await startAndWait(runner, 'SELECT marketplace.refresh_stale_cards(500)');
      expect(draining.isSettled(), 'the runner should have waited').toBe(false);
      const switching = await startAndWait(switcher, `UPDATE i18n.languages SET is_active = true WHERE code = 'de'`);
      await blocker.query('ROLLBACK');
      await Promise.all([draining.done, switching.done]);
      for (const each of [blocker, runner, switcher]) each.release();
      await drainQueue(pool);
      expect(await differences(pool)).toEqual([]);
    });
  }
});

/** Begins a statement, and goes on when it has ended or waits for another session. */
async function startAndWait(db: pg.PoolClient, text: string) {
  const pid = await pidOf(db);
  let isSettled = false;
  const done = db.query(text).finally(() => {
    isSettled = true;
  });
  await untilBlocked(test, pid, () => isSettled);
  return { done, isSettled: () => isSettled };
}
