import { deployMigrations } from '@pika/database/tooling';
import {
  findPostgresBinaries,
  isServer,
  openTestDatabase,
  randomFrom,
  startLocalCluster,
  testSeed,
  type LocalCluster,
} from '@pika/tests';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { openHistory, type History } from './history.ts';
import { inLanes, insist, type Insisted } from './insist.ts';
import { miscounted } from './ledger.ts';
import { endRedeemProcesses, startRedeemProcess, type RedeemProcess } from './redeem-processes.ts';
import { fillStormWorld, type StormWorld } from './storm-world.ts';
import { askFor, ledgerOf, tally } from './storm.ts';

const random = randomFrom(testSeed('kill amid'));
const appKills = Number(process.env['PIKA_REDEEM_APP_KILLS'] ?? 8);
const serverKills = Number(process.env['PIKA_REDEEM_SERVER_KILLS'] ?? 3);
const redeemers = 200;
const left = 50;
const lanes = 60;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await endRedeemProcesses();
  for (const close of closers.splice(0)) await close();
});

interface Seen {
  told: number;
  lost: number;
  putOff: number;
  /** Told only by a repeat, of what an earlier try had done without a word. */
  doneUnheard: number;
  amid: number;
}

interface Scene {
  pool: pg.Pool;
  world: StormWorld;
  pickUrl: () => string;
  history: History;
  /** Does the harm; resolves when what was killed is there again. */
  strike: () => Promise<void>;
}

/** Fifty left, two hundred ask until they are told, and amid that something is killed. */
async function round({ pool, world, pickUrl, history, strike }: Scene, seen: Seen): Promise<void> {
  const [voucherId = ''] = await world.addVouchers(1, { limit_total: left });
  const asked = Array.from({ length: redeemers }, () => askFor(voucherId));
  const enough = random.integer(1, redeemers - lanes);
  let answered = 0;
  let striking = null as Promise<void> | null;
  let answeredWhenBack = redeemers;
  const answers = await inLanes(asked, lanes, async (each) => {
    const answer = await insist(each, pickUrl, history);
    answered += 1;
    if (answered === enough) {
      striking = strike().then(() => {
        answeredWhenBack = answered;
      });
    }
    return answer;
  });
  if (striking === null) throw new Error('nothing was killed');
  await striking;

  const where = `seed ${random.seed}`;
  expect(tally(answers), where).toEqual({ 201: left, '409 voucher.soldOut': redeemers - left });
  expect(await ledgerOf({ pool }, voucherId), where).toEqual({
    used: left,
    spent: 0,
    entries: left,
    attempts: redeemers,
  });
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM marketplace.redemptions WHERE voucher_id = $1', [
    voucherId,
  ]);
  const redeemed = answers.flatMap(({ id }) => (id === null ? [] : [id]));
  expect(rows.map(({ id }) => id).toSorted(), where).toEqual(redeemed.toSorted());
  expect(await miscounted(pool, [voucherId]), where).toEqual([]);
  for (const index of random.sample([...answers.keys()], 10)) {
    const repeat = await insist(asked[index]!, pickUrl, history);
    expect(repeat, where).toMatchObject({ isReplayed: true, text: answers[index]!.text });
  }
  count(answers, seen);
  if (answeredWhenBack < redeemers || answers.some(({ lost, putOff }) => lost + putOff > 0)) seen.amid += 1;
}

function count(answers: readonly Insisted[], seen: Seen): void {
  for (const { lost, putOff, isReplayed } of answers) {
    seen.told += 1;
    seen.lost += lost;
    seen.putOff += putOff;
    if (isReplayed) seen.doneUnheard += 1;
  }
}

const nothingSeen = (): Seen => ({ told: 0, lost: 0, putOff: 0, doneUnheard: 0, amid: 0 });

describe.skipIf(!isServer())('kill -9 (needs a server: the embedded engine ends with what it is in)', () => {
  it(
    'of an app process amid two hundred redeemers: nothing that was told is lost, nothing is done twice, all fifty are taken',
    () => {
      const history = openHistory('kill-amid-apps');
      return history.keptFor(async () => {
        const test = await openTestDatabase({ poolSize: 4 });
        closers.push(() => test.close());
        const world = await fillStormWorld(test.pool);
        const processes = await Promise.all([0, 1, 2].map(() => startRedeemProcess(test)));
        const pickUrl = () => random.pick(processes).url;
        const seen = nothingSeen();
        let kills = 0;
        const strike = async () => {
          const index = random.integer(0, processes.length - 1);
          const victim = processes[index]!;
          victim.kill();
          expect(await victim.ended).toBe('SIGKILL');
          history.add({ killed: victim.url });
          kills += 1;
          processes[index] = await startRedeemProcess(test);
        };
        const everybody = new Set<RedeemProcess>(processes);
        for (let done = 0; done < appKills; done++) {
          await round({ pool: test.pool, world, pickUrl, history, strike }, seen);
          for (const each of processes) everybody.add(each);
        }
        const died = [...everybody].filter(({ isAlive }) => !isAlive()).length;
        console.log(
          `[kill amid] ${kills} app processes killed in ${appKills} rounds of ${redeemers} redeemers (${seen.amid} amid requests): ` +
            `${seen.told} told, ${seen.lost} answers lost, of which ${seen.doneUnheard} had been done and were told by the repeat, ` +
            `${seen.putOff} put off; exactly ${left} each round`,
        );
        expect(kills).toBe(appKills);
        expect(died).toBe(kills);
        expect(seen.lost).toBeGreaterThan(0);
        expect([...everybody].flatMap(({ failures }) => failures)).toEqual([]);
      });
    },
    120_000 + appKills * 30_000,
  );

  it.skipIf(findPostgresBinaries() === null)(
    'of PostgreSQL amid two hundred redeemers: the same, and no app process dies of it',
    () => {
      const history = openHistory('kill-amid-postgres');
      return history.keptFor(async () => {
        const cluster: LocalCluster = await startLocalCluster({
          fsync: 'on',
          synchronous_commit: 'on',
          full_page_writes: 'on',
        });
        closers.push(cluster.stop);
        await deployMigrations(cluster.url);
        const pool = new pg.Pool({ connectionString: cluster.url, max: 2 });
        pool.on('error', () => undefined);
        closers.unshift(() => pool.end());
        const world = await fillStormWorld(pool);
        const processes = await Promise.all(
          [0, 1, 2].map(() => startRedeemProcess({ url: cluster.url, kind: 'local' })),
        );
        const pickUrl = () => random.pick(processes).url;
        const seen = nothingSeen();
        const strike = () => cluster.crash();
        for (let done = 0; done < serverKills; done++) await round({ pool, world, pickUrl, history, strike }, seen);
        console.log(
          `[kill amid] PostgreSQL killed ${serverKills} times amid ${redeemers} redeemers (${seen.amid} amid requests): ` +
            `${seen.told} told, ${seen.lost} answers lost, ${seen.putOff} put off, ${seen.doneUnheard} had been done and were told by ` +
            `the repeat; exactly ${left} each round, every app process alive`,
        );
        expect(processes.map(({ isAlive }) => isAlive())).toEqual([true, true, true]);
        expect(seen.putOff).toBeGreaterThan(0);
      });
    },
    180_000 + serverKills * 60_000,
  );
});
