import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { randomFrom, testSeed, isServer, withKey } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerIn, openOfferWorld, type OfferWorld } from '../offer-world.ts';

const file = fileURLToPath(new URL('./making-process.ts', import.meta.url));
const rounds = Number(process.env['PIKA_KILL_ROUNDS'] ?? 3);

let world: OfferWorld;
const children: ChildProcess[] = [];

beforeAll(async () => {
  if (isServer()) world = await openOfferWorld();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world?.close();
});

interface Counts {
  state: string;
  made: number;
  there: number;
  distinct: number;
}

async function counts(): Promise<Counts> {
  const { rows } = await world.test.pool.query<Counts>(
    `SELECT batch.state::text, batch.made_count AS made, count(code.id)::integer AS there,
       count(DISTINCT code.code)::integer AS distinct
     FROM marketplace.code_batches batch LEFT JOIN marketplace.voucher_codes code ON code.batch_id = batch.id
     GROUP BY batch.id ORDER BY batch.id DESC LIMIT 1`,
  );
  return rows[0]!;
}

/** Resolves when the process has made at least so many, or ends by itself. */
async function killAfter(target: number): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', file, world.test.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let isDone = false;
  child.stdout?.on('data', (text: Buffer) => (isDone ||= text.toString().includes('done')));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const made = async () => {
    const { rows } = await world.test.pool.query<{ made: number }>(
      'SELECT made_count AS made FROM marketplace.code_batches ORDER BY id DESC LIMIT 1',
    );
    return rows[0]?.made ?? 0;
  };
  while (!isDone && (await made()) < target);
  child.kill('SIGKILL');
  await ended;
}

describe.skipIf(!isServer())('a process that is killed while it makes codes', () => {
  it(`leaves no code uncounted and none twice, ${rounds} times`, { timeout: 60_000 + rounds * 30_000 }, async () => {
    const random = randomFrom(testSeed('kill-the-maker'));
    const { id } = offerIn(await world.draft());
    const count = 20_000 * (rounds + 2);
    await world.api.post(`/v1/vouchers/${id}/codes`, { kind: 'qr', count }, { ...world.headers.owner, ...withKey() });
    let killed = 0;
    for (let round = 0; round < rounds; round += 1) {
      const before = (await counts()).made;
      await killAfter(before + random.integer(1, 20_000));
      const now = await counts();
      expect(now.there).toBe(now.made);
      expect(now.distinct).toBe(now.there);
      expect(now.made).toBeGreaterThan(before);
      if (now.state === 'running') killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    await killAfter(count);
    expect(await counts()).toEqual({ state: 'done', made: count, there: count, distinct: count });
    console.log(`[kill-the-maker] ${killed} of ${rounds} kills came while a batch was being made`);
  });
});
