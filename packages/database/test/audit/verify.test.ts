import { exportAuditRoot, parseAuditRoots, verifyAudit, type AuditRoot } from '@pika/database';
import { addLanguages, isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import { randomWriter } from './random-writer.ts';
import { operationsWithoutCopy, sqlOperations } from './all-operations.ts';
import { tamperings, type Log, type Sealed } from './tamper.ts';

const rounds = isServer() ? 1_000 : 150;
const perSeal = 20;
const random = randomFrom(testSeed('audit tampering'));

let test: OpenTestDatabase;
let client: pg.PoolClient;
let log: Log;

beforeAll(async () => {
  test = await openTestDatabase();
  client = await test.pool.connect();
  await addLanguages(client);
  const writer = randomWriter(test.database, random, isServer() ? sqlOperations : operationsWithoutCopy);
  while (writer.count() < 90) await writer.write(client);
  const roots: AuditRoot[] = [];
  await vi.waitUntil(
    async () => {
      const { rows } = await client.query<{ sealed: number }>('SELECT audit.seal($1) AS sealed', [perSeal]);
      if (rows[0]?.sealed !== 0) roots.push(await exportAuditRoot(test.url));
      const { rows: counted } = await client.query<{ entries: number }>(
        'SELECT count(*)::int AS entries FROM audit.entries',
      );
      return roots.at(-1)?.position === counted[0]?.entries;
    },
    { timeout: 60_000, interval: 5 },
  );
  const { rows: sealed } = await client.query<Sealed>(
    `SELECT s.position::int, s.entry_id::text AS "entryId", s.transaction_id::text AS "transactionId",
       EXISTS (SELECT FROM audit.seals l WHERE l.last_position = s.position) AS "endsSeal"
     FROM audit.sealed_entries s ORDER BY s.position`,
  );
  log = { sealed, roots };
  await client.query(
    `CREATE FUNCTION public.rewrite_chain(p_from bigint, p_to bigint) RETURNS void LANGUAGE plpgsql AS $$
     DECLARE
       v_chain bytea := coalesce((SELECT chain_hash FROM audit.sealed_entries WHERE position = p_from - 1), decode(repeat('00', 32), 'hex'));
       v_hash bytea;
     BEGIN
       FOR i IN p_from .. p_to LOOP
         SELECT audit.row_hash(e) INTO v_hash FROM audit.entries e JOIN audit.sealed_entries s ON s.entry_id = e.id WHERE s.position = i;
         v_chain := sha256(v_chain || v_hash);
         UPDATE audit.sealed_entries SET row_hash = v_hash, chain_hash = v_chain WHERE position = i;
       END LOOP;
     END $$`,
  );
});

afterAll(async () => {
  client?.release();
  await test?.close();
});

describe('a log that nobody touched', () => {
  it('verifies, with and without roots, and again after more was written', async () => {
    const whole = { verified: log.sealed.length, archived: 0, unsealed: 0, fault: null };
    expect(log.sealed.length).toBeGreaterThan(100);
    expect(log.roots.length).toBeGreaterThan(5);
    expect(await verifyAudit(test.url)).toEqual(whole);
    expect(await verifyAudit(test.url, log.roots)).toEqual(whole);
    await client.query('BEGIN');
    await client.query(`UPDATE i18n.languages SET name = name || '!' WHERE code IN ('es', 'en')`);
    expect(await verifyLog(client, log.roots)).toEqual({ ...whole, unsealed: 2 });
    await client.query('ROLLBACK');
  });

  it('has one hash, whatever the session of the sealer is set to', async () => {
    await client.query('BEGIN');
    await client.query(
      `SET LOCAL TimeZone = 'Asia/Kathmandu'; SET LOCAL DateStyle = 'SQL, DMY'; SET LOCAL extra_float_digits = -10`,
    );
    const { rows } = await client.query(
      `SELECT count(*)::int AS number FROM audit.entries e JOIN audit.sealed_entries s ON s.entry_id = e.id AND s.row_hash = audit.row_hash(e)`,
    );
    await client.query('ROLLBACK');
    expect(rows).toEqual([{ number: log.sealed.length }]);
  });
});

describe(`${rounds} tamperings by a superuser`, () => {
  it('are all found, and the first wrong row is named', { timeout: 900_000 }, async () => {
    const found = new Map<string, number>();
    const kinds = Object.entries(tamperings);
    for (let round = 0; round < rounds; round++) {
      const [name, tamper] = kinds[round % kinds.length]!;
      await client.query('BEGIN');
      for (const table of ['audit.entries', 'audit.sealed_entries', 'audit.seals']) {
        await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      }
      const { roots, isNamed } = await tamper(client, random, log);
      const { fault } = await verifyLog(client, roots);
      await client.query('ROLLBACK');
      const label = `seed ${random.seed}, round ${round}, ${name}: ${JSON.stringify(fault)}`;
      expect(fault, label).not.toBeNull();
      expect(fault !== null && isNamed(fault), label).toBe(true);
      found.set(name, (found.get(name) ?? 0) + 1);
    }
    console.log(`[audit tampering] ${[...found].map(([name, number]) => `${name} ${number}`).join(', ')}`);
    expect([...found.values()].reduce((sum, number) => sum + number, 0)).toBe(rounds);
    expect(await verifyAudit(test.url, log.roots)).toMatchObject({ fault: null });
  });

  it('are not seen where the tail is cut and no root was kept: that is what roots are for', async () => {
    await client.query('BEGIN');
    for (const table of ['audit.entries', 'audit.sealed_entries', 'audit.seals']) {
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    }
    await tamperings['cutTail']?.(client, random, log);
    expect(await verifyLog(client, [])).toMatchObject({ fault: null });
    await client.query('ROLLBACK');
  });
});

describe('a file of roots', () => {
  it('holds one on each line, in any order', () => {
    const [first, second] = log.roots as [AuditRoot, AuditRoot];
    expect(parseAuditRoots(`${JSON.stringify(second)}\n\n${JSON.stringify(first)}\n`)).toEqual([first, second]);
  });

  it.each(['', '\n', 'nonsense', '{"version":1}', '[]'])('is refused when it is %j', (text) => {
    expect(() => parseAuditRoots(text)).toThrow('file of roots');
  });
});
