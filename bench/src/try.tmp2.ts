import pg from 'pg';
import { writeQuestions } from './nearby/scenarios.ts';
import { DatabaseLoad } from './load/database-load.ts';
import { say } from './console.ts';
const url = `postgres://postgres@127.0.0.1:5544/${process.argv[2]}`;
const batch = Number(process.argv[3]);
const secs = Number(process.argv[4]);
const only = process.argv[5]?.split(',');
const pool = new pg.Pool({ connectionString: url, max: 4 });
const q = await writeQuestions(pool, batch, 2000);
if (process.env.FN) q.statements = q.statements.map((t) => t.replace('marketplace.search_nearby', process.env.FN!));
say(`written; statements ${q.statements.length}`);
const load = await DatabaseLoad.connect(url, q.statements, 8);
for (const s of q.scenarios.values()) {
  if (only && !only.includes(s.id)) continue;
  await load.run(s, 4, secs / 2);
  const m = await load.measure(s, 4, secs);
  const [p50, p99] = m.percentiles(0.5, 0.99);
  say(
    `${s.id.padEnd(28)} ${m.perSecond.toFixed(0).padStart(6)}/s p50 ${p50!.toFixed(2)} p99 ${p99!.toFixed(2)} bytes ${m.bytesPerRequest.toFixed(0)}`,
  );
}
load.close();
await pool.end();
