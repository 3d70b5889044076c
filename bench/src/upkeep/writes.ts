import pg from 'pg';
import { say } from '../console.ts';
import { closedLoop, Measured } from '../load/measure.ts';
import type { Options } from '../options.ts';

export interface WriteResult {
  id: 'triggers' | 'bare' | 'replica';
  label: string;
  clients: number;
  measured: Measured;
}

/** The triggers that keep the read model, as against those that check foreign keys. */
const ourTriggers = `
  SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname) AS off,
    format('ALTER TABLE %s ENABLE TRIGGER %I', t.tgrelid::regclass, t.tgname) AS back
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE NOT t.tgisinternal AND n.nspname = 'marketplace'`;

const modes = [
  ['triggers', 'with the cards kept true'],
  ['bare', 'bare: our triggers off, foreign keys checked'],
  ['replica', 'bare: session_replication_role = replica, no foreign keys either'],
] as const;

/** One voucher in one transaction: a draft, three texts in three languages, its link to a location, published. */
export async function measureWrites(url: string, { rounds, seconds }: Options): Promise<WriteResult[]> {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  const { rows: triggers } = await admin.query<{ off: string; back: string }>(ourTriggers);
  const places = await drawPlaces(admin);
  const clients = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const results: WriteResult[] = modes.flatMap(([id, label]) =>
    [1, 4].map((count) => ({ id, label, clients: count, measured: new Measured() })),
  );
  let number = 0;
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { id, clients: count, measured } of results) {
        if (id === 'bare') for (const { off } of triggers) await admin.query(off);
        const role = id === 'replica' ? 'replica' : 'origin';
        for (const client of clients) await client.query(`SET session_replication_role = ${role}`);
        const lanes = clients.slice(0, count).map((client) => async () => {
          const place = places[number++ % places.length];
          if (place === undefined) throw new Error('no places');
          await writeVoucher(client, place, number);
          return 0;
        });
        const part = await closedLoop(round === 0 ? Math.min(1, seconds) : seconds, lanes);
        if (round > 0) measured.add(part);
        if (id === 'bare') for (const { back } of triggers) await admin.query(back);
      }
      say(`writes, round ${round} of ${rounds}`);
    }
    return results;
  } finally {
    for (const client of clients) await client.end();
    await admin.end();
  }
}

interface Place {
  businessId: string;
  locationId: string;
  categoryId: string;
  words: string[];
}

async function drawPlaces(pool: pg.Pool): Promise<Place[]> {
  const { rows } = await pool.query<Place>(
    `SELECT b.id AS "businessId", l.id AS "locationId", b.category_id AS "categoryId",
      ARRAY(SELECT p.text FROM bench.phrases p WHERE p.number BETWEEN abs(hashtext(l.id::text)) % 190000 AND abs(hashtext(l.id::text)) % 190000 + 11 ORDER BY p.number) AS words
    FROM business.locations l JOIN business.businesses b ON b.id = l.business_id
    ORDER BY hashtext(l.id::text), l.id LIMIT 2000`,
  );
  return rows;
}

async function writeVoucher(
  client: pg.Client,
  { businessId, locationId, categoryId, words }: Place,
  number: number,
): Promise<void> {
  const id = `0195f000-${(number >> 16).toString(16).padStart(4, '0')}-7${(number & 0xfff).toString(16).padStart(3, '0')}-8${((number >> 12) & 0xf).toString(16).padStart(3, '0')}-${process.pid.toString(16).padStart(12, '0')}`;
  const keys = ['title', 'description', 'terms'].map((field) => `voucher.${id}.${field}`);
  await client.query('BEGIN');
  await client.query({
    name: 'bench_insert_voucher',
    text: `INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key,
        source_language, discount_type, percent_off, valid_from, valid_until)
      VALUES ($1, $2, $3, $4, $5, $6, 'en', 'percentage', 20, '2025-01-01', '2045-12-31')`,
    values: [id, businessId, categoryId, ...keys],
  });
  await client.query({
    name: 'bench_insert_texts',
    text: `INSERT INTO i18n.translations (key, language_code, value, domain)
      SELECT key, code, value, 'voucher' FROM unnest($1::text[], $2::text[], $3::text[]) AS row (key, code, value)`,
    values: [
      keys.flatMap((key) => [key, key, key]),
      keys.flatMap(() => ['es', 'en', 'gn']),
      keys.flatMap((_, field) => [0, 1, 2].map((language) => words[field * 3 + language] ?? 'a word')),
    ],
  });
  await client.query({
    name: 'bench_link_voucher',
    text: 'INSERT INTO marketplace.voucher_locations (voucher_id, location_id) VALUES ($1, $2)',
    values: [id, locationId],
  });
  await client.query({
    name: 'bench_publish_voucher',
    text: `UPDATE marketplace.vouchers SET state = 'published', updated_at = now() WHERE id = $1`,
    values: [id],
  });
  await client.query('COMMIT');
}
