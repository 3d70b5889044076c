import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OURS, readNames } from './catalog-tables.ts';

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const columns = (selected: string, condition: string) =>
  readNames(
    test,
    `WITH ${OURS} SELECT ${selected} FROM ours
    JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE ${condition}`,
  );

describe('money', () => {
  /** Tables with amounts and no currency of catalog.currencies beside them, and why. */
  const withoutCurrency: Readonly<Record<string, string>> = {
    'marketplace.campaign_counters': 'in the currency of the campaign',
    'marketplace.claims': 'in the currency of the voucher',
    'marketplace.redemptions': 'the currency is copied from the voucher, where it is one',
    'marketplace.scans': 'as the till told it: what is refused is kept too',
    'marketplace.voucher_counters': 'in the currency of the voucher',
  };

  it('is counted in whole minor units of 64 bits', async () => {
    const amounts = await columns(`name || '.' || attname`, `attname LIKE '%\\_minor'`);
    expect(amounts.length).toBeGreaterThan(10);
    expect(
      await columns(`name || '.' || attname`, `attname LIKE '%\\_minor' AND atttypid <> 'bigint'::regtype`),
    ).toEqual([]);
    const approximate = `atttypid = 'money'::regtype OR attname ~ '(amount|price|budget|balance|discount|cap|fee|total)$'
      AND atttypid IN ('numeric'::regtype, 'real'::regtype, 'double precision'::regtype)`;
    expect(await columns(`name || '.' || attname`, approximate)).toEqual([]);
  });

  it('has a currency of the catalogue in its row, or a reason here', async () => {
    const bare = await columns(
      'DISTINCT name',
      `attname LIKE '%\\_minor' AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conrelid = ours.oid AND contype = 'f' AND confrelid = 'catalog.currencies'::regclass)`,
    );
    expect(bare.toSorted()).toEqual(Object.keys(withoutCurrency).toSorted());
  });

  it('knows the decimals of each currency as ISO 4217 does', async () => {
    const { rows } = await test.pool.query<{ code: string; exponent: number }>(
      'SELECT code, exponent FROM catalog.currencies ORDER BY code',
    );
    const of = (exponent: number) => rows.filter((row) => row.exponent === exponent).map(({ code }) => code);
    const without = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
    const withThree = 'BHD IQD JOD KWD LYD OMR TND';
    expect(of(0).join(' ')).toBe(without);
    expect(of(3).join(' ')).toBe(withThree);
    expect(of(2)).toEqual(expect.arrayContaining('ARS BOB BRL EUR GBP HUF IDR LBP MGA MRU USD UYU ZWG'.split(' ')));
    expect(of(0).length + of(2).length + of(3).length).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(150);
  });

  it.each(['CLF', 'UYI', 'XAU', 'XXX', 'XTS', 'HRK', 'VEF', 'ZWL'])(
    'is never counted in %s, which nobody pays with',
    async (code) => {
      const { rowCount } = await test.pool.query('SELECT FROM catalog.currencies WHERE code = $1', [code]);
      expect(rowCount).toBe(0);
    },
  );
});

describe('a primary key named id', () => {
  /** Tables whose id is no UUID of version 7 from the application, and why. */
  const others: Readonly<Record<string, string>> = {
    'audit.entries': 'a number in the order of writing',
    'public.outbox_events': 'a number in the order of commits, per aggregate',
  };

  /** The tables whose Prisma model makes its own id, read from the schema as text. */
  function modelsWithVersion7(): string[] {
    const folder = fileURLToPath(new URL('../../prisma/schema/', import.meta.url));
    const text = readdirSync(folder)
      .map((file) => readFileSync(`${folder}${file}`, 'utf8'))
      .join('\n');
    return [...text.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].flatMap(([, body = '']) => {
      if (!/^ +id +String +@id\([^)]*\) @default\(uuid\(7\)\) @db\.Uuid$/m.test(body)) return [];
      return [`${/@@schema\("(.+)"\)/.exec(body)?.[1]}.${/@@map\("(.+)"\)/.exec(body)?.[1]}`];
    });
  }

  it('is a UUID that Prisma makes in version 7, or has a reason here', async () => {
    const keys = await columns(
      'name',
      `attname = 'id' AND attnum = ANY (SELECT unnest(indkey) FROM pg_index WHERE indrelid = ours.oid AND indisprimary)`,
    );
    const uuids = await columns('name', `attname = 'id' AND atttypid = 'uuid'::regtype`);
    const version7 = modelsWithVersion7();
    expect(version7.length).toBeGreaterThan(15);
    expect(keys.filter((name) => !uuids.includes(name) || !version7.includes(name)).toSorted()).toEqual(
      Object.keys(others).toSorted(),
    );
  });

  it('comes out in version 7 and in the order of time', async () => {
    const made: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const user = await test.asOwner((db) =>
        db.user.create({ data: { email: `${name}@pika.example`, displayName: name } }),
      );
      made.push(user.id);
    }
    expect(made.map((id) => id[14])).toEqual(['7', '7', '7']);
    expect(made.map((id) => id.slice(0, 13)).toSorted()).toEqual(made.map((id) => id.slice(0, 13)));
  });
});

describe('a comment', () => {
  it('stands on every table', async () => {
    const silent = await readNames(
      test,
      `WITH ${OURS} SELECT name FROM ours WHERE coalesce(obj_description(oid, 'pg_class'), '') = ''`,
    );
    expect(silent).toEqual([]);
  });

  it('stands on every enum', async () => {
    const silent = await readNames(
      test,
      `SELECT n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype = 'e' AND n.nspname <> 'pgboss' AND coalesce(obj_description(t.oid, 'pg_type'), '') = ''
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')`,
    );
    expect(silent).toEqual([]);
  });
});
