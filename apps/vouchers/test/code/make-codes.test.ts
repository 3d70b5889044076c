import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { withKey, type ApiAnswer } from '@pika/tests';
import { vouchersJobs } from '@pika/vouchers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeIn, faultsIn, offerIn, openOfferWorld, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;
let voucherId: string;
type Name = keyof OfferWorld['headers'];

interface Batch {
  id: string;
  state: string;
  requestedCount: number;
  madeCount: number;
  finishedAt: string | null;
}

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  voucherId = offerIn(await world.draft()).id;
});

const path = (id = voucherId) => `/v1/vouchers/${id}/codes`;
const order = (body: unknown, as: Name = 'owner', id = voucherId) =>
  world.api.post(path(id), body, { ...world.headers[as], ...withKey() });
const batchIn = ({ body }: ApiAnswer) => body as Batch;
const list = (query = '', as: Name = 'owner') => world.api.get(`${path()}${query}`, world.headers[as]);
const batches = async () => ((await list()).body as { data: Batch[] }).data;
const csv = (query = '', as: Name = 'owner') =>
  world.api.get(`${path()}${query}`, { ...world.headers[as], Accept: 'text/csv' });

const work = async (signal: AbortSignal = new AbortController().signal) => {
  const jobs = vouchersJobs({
    database: world.test.database,
    voucherSecret: 'a secret of the tests',
    now: world.clock.now,
  });
  await jobs.find(({ name }) => name === 'make-codes')?.run(signal);
};
const codesOf = async (batchId: string) =>
  (
    await world.test.pool.query<{ code: string; kind: string }>(
      'SELECT code, kind::text FROM marketplace.voucher_codes WHERE batch_id = $1',
      [batchId],
    )
  ).rows;

const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** As the short code of a claim is checked. */
function isChecked(code: string): boolean {
  const values = Array.from(code, (character) => alphabet.indexOf(character));
  return !values.includes(-1) && values.reduce((sum, value, at) => sum + value * (values.length - at), 0) % 31 === 0;
}

describe('202', () => {
  it('tells the batch at once, and the job makes it', async () => {
    const answer = await order({ kind: 'qr', count: 25_000, prefix: 'PK-' });
    expect(answer.status, answer.text).toBe(202);
    const { id } = batchIn(answer);
    expect(answer.body).toMatchObject({
      state: 'waiting',
      requestedCount: 25_000,
      madeCount: 0,
      length: 14,
      prefix: 'PK-',
    });
    await work();
    expect(await batches()).toMatchObject([{ id, state: 'done', madeCount: 25_000 }]);
    const codes = await codesOf(id);
    expect(new Set(codes.map(({ code }) => code)).size).toBe(25_000);
    expect(codes.every(({ code, kind }) => kind === 'qr' && code.startsWith('PK-') && isChecked(code.slice(3)))).toBe(
      true,
    );
    expect(codes.every(({ code }) => code.length === 18)).toBe(true);
  });

  it('draws every character evenly', async () => {
    const { id } = batchIn(await order({ kind: 'short', count: 3_000, length: 29 }));
    await work();
    const counts = new Map<string, number>();
    for (const { code } of await codesOf(id)) {
      for (const character of code.slice(0, 29)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted().join('')).toBe(alphabet);
    const expected = (3_000 * 29) / 30;
    const deviation = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Chi-squared with 29 degrees of freedom is beyond this once in a million.
    expect(deviation).toBeLessThan(80);
  });

  it('makes one batch for one key', async () => {
    const headers = { ...world.headers.owner, 'Idempotency-Key': randomUUID() };
    const first = await world.api.post(path(), { kind: 'qr', count: 2 }, headers);
    const second = await world.api.post(path(), { kind: 'qr', count: 2 }, headers);
    expect(second.text).toBe(first.text);
    expect(await batches()).toHaveLength(1);
  });

  it('has a static code of one’s own there at once', async () => {
    const code = `HOLA-${randomUUID().slice(0, 6).toUpperCase()}`;
    const answer = await order({ kind: 'static', code }, 'key');
    expect(answer.body).toMatchObject({ state: 'done', madeCount: 1 });
    expect(await codesOf(batchIn(answer).id)).toEqual([{ code, kind: 'static' }]);
    const again = await order({ kind: 'static', code });
    expect([again.status, codeIn(again)]).toEqual([409, 'code.taken']);
    const drawn = batchIn(await order({ kind: 'static' }));
    await work();
    expect((await codesOf(drawn.id))[0]?.code).toHaveLength(9);
  });

  it('goes on where it stopped, and what it counts is what is there', async () => {
    const { id } = batchIn(await order({ kind: 'qr', count: 50_000 }));
    await world.test.pool.query('SELECT marketplace.make_codes(20000)');
    const stopped = new AbortController();
    stopped.abort();
    await work(stopped.signal);
    const [halfway] = await batches();
    expect(halfway).toMatchObject({ state: 'running', madeCount: 20_000, finishedAt: null });
    expect(await codesOf(id)).toHaveLength(halfway!.madeCount);
    await work();
    expect(await batches()).toMatchObject([{ state: 'done', madeCount: 50_000 }]);
    expect(await codesOf(id)).toHaveLength(50_000);
  });

  it('makes none twice where there are hardly any left', async () => {
    const { id } = batchIn(await order({ kind: 'static', length: 6 }));
    const { pool } = world.test;
    // Words of two characters: 900 at most, less those that no character checks.
    await pool.query(
      `UPDATE marketplace.code_batches SET requested_count = 2000, length = 2, prefix = 'FEW' WHERE id = $1`,
      [id],
    );
    for (let count = 0; count < 20; count += 1) await pool.query('SELECT marketplace.make_codes(500)');
    await pool.query('SELECT marketplace.make_codes(500)');
    const codes = (await codesOf(id)).map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(800);
    expect(codes.length).toBeLessThanOrEqual(900);
    expect(new Set(codes).size).toBe(codes.length);
    expect((await batches())[0]).toMatchObject({ state: 'running', madeCount: codes.length });
    await pool.query('DELETE FROM marketplace.code_batches WHERE id = $1', [id]);
  });

  it('fails with a voucher that has ended', async () => {
    await order({ kind: 'qr', count: 10 });
    await world.move('owner', voucherId, 'archive');
    await work();
    expect(await batches()).toMatchObject([{ state: 'failed', madeCount: 0 }]);
    const answer = await order({ kind: 'qr', count: 10 });
    expect([answer.status, codeIn(answer)]).toEqual([409, 'voucher.wrongState']);
  });
});

describe('200', () => {
  it('exports every code as CSV, of all batches or of one', async () => {
    const one = batchIn(await order({ kind: 'qr', count: 4_100 }));
    const other = batchIn(await order({ kind: 'short', count: 3 }));
    await work();
    const answer = await csv();
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv',
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="codes-${voucherId}.csv"`,
    });
    const lines = answer.text.split('\r\n');
    expect(lines[0]).toBe('code,kind,batchId,createdAt,revokedAt,usedAt');
    expect(lines.at(-1)).toBe('');
    const found = lines.slice(1, -1).map((line) => line.split(',')[0]);
    const all = [...(await codesOf(one.id)), ...(await codesOf(other.id))].map(({ code }) => code);
    expect(found.toSorted()).toEqual(all.toSorted());
    const few = (await csv(`?batchId=${other.id}`)).text.split('\r\n');
    expect(few).toHaveLength(5);
    expect(few[1]).toMatch(new RegExp(`^[2-9A-Z]{15},short,${other.id},\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ,,$`));
  });

  it('answers nobody who has left, and goes on', async () => {
    await order({ kind: 'qr', count: 40_000 });
    await work();
    await new Promise<void>((resolve, reject) => {
      const headers = { ...world.headers.owner, Accept: 'text/csv' };
      const asked = request(`${world.api.url}${path()}`, { headers }, (incoming) => {
        incoming.once('data', () => {
          incoming.destroy();
          resolve();
        });
      });
      asked.on('error', reject).end();
    });
    expect((await list()).status).toBe(200);
    expect(world.api.failures).toEqual([]);
  });

  it('tells who revoked a code, and nobody takes that back', async () => {
    const { id } = batchIn(await order({ kind: 'qr', count: 1 }));
    await work();
    for (const revokedAt of [new Date('2026-03-04T15:00:00Z'), new Date('2027-03-04T15:00:00Z')]) {
      await world.test.asOwner((tx) => tx.voucherCode.updateMany({ where: { batchId: id }, data: { revokedAt } }));
    }
    const { rows } = await world.test.pool.query(
      'SELECT revoked_at AS "revokedAt", revoked_by AS "revokedBy" FROM marketplace.voucher_codes WHERE batch_id = $1',
      [id],
    );
    expect(rows).toEqual([{ revokedAt: new Date('2026-03-04T15:00:00Z'), revokedBy: 'system:test' }]);
  });

  it('audits the batch and not each code', async () => {
    const { id } = batchIn(await order({ kind: 'qr', count: 100 }));
    await work();
    const { rows } = await world.test.pool.query<{ table: string; actor: string }>(
      `SELECT table_name AS table, actor FROM audit.entries
       WHERE schema_name = 'marketplace' AND (row_key ->> 'id' = $1 OR table_name = 'voucher_codes') AND row_key IS NOT NULL`,
      [id],
    );
    expect(rows).toEqual([
      { table: 'code_batches', actor: `user:${world.ids.owner}` },
      { table: 'code_batches', actor: 'system:make-codes' },
    ]);
  });
});

describe('400', () => {
  it.each([
    ['a short secret', { kind: 'qr', length: 13 }, 'length: tooSmall'],
    ['a secret of one’s own', { kind: 'short', code: 'HOLA-2026' }, 'code: onlyStatic'],
    ['many static ones', { kind: 'static', count: 2 }, 'count: tooBig'],
    ['too many', { kind: 'qr', count: 1_000_001 }, 'count: tooBig'],
    ['what could be a claim', { kind: 'static', code: '2222222222' }, 'code: looksLikeClaim'],
    ['small letters', { kind: 'static', code: 'hola-2026' }, 'code: invalidFormat'],
  ])('refuses %s', async (_what, body, fault) => {
    expect(faultsIn(await order(body))).toEqual([fault]);
  });
});

describe('403 and 404', () => {
  it.each([
    ['redeemer', 403, 403],
    ['readKey', 403, 200],
    ['stranger', 404, 404],
    ['otherKey', 404, 404],
  ] as const)('to %s: %i to make, %i to read', async (name, toMake, toRead) => {
    expect((await order({ kind: 'qr' }, name)).status).toBe(toMake);
    expect((await list('', name)).status).toBe(toRead);
    expect((await csv('', name)).status).toBe(toRead);
  });

  it('shows no batch of another voucher', async () => {
    const { id } = batchIn(await order({ kind: 'qr' }));
    const other = offerIn(await world.draft()).id;
    await work();
    const headers = { ...world.headers.owner, Accept: 'text/csv' };
    expect((await world.api.get(`${path(other)}?batchId=${id}`, headers)).text.split('\r\n')).toHaveLength(2);
  });
});
