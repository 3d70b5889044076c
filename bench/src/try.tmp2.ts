import pg from 'pg';
import { writeQuestions } from './nearby/scenarios.ts';
import { DatabaseLoad } from './load/database-load.ts';
import { Measured } from './load/measure.ts';
const [db, batch, secs, fns, only] = process.argv.slice(2);
const url = `postgres://postgres@127.0.0.1:5544/${db}`;
const pool = new pg.Pool({ connectionString: url, max: 4 });
const q = await writeQuestions(pool, Number(batch), 2000);
const names = fns!.split(',');
const loads = [];
for (const fn of names)
  loads.push(
    await DatabaseLoad.connect(
      url,
      q.statements.map((t) => t.replace('marketplace.search_nearby', fn)),
      4,
    ),
  );
for (const s of q.scenarios.values()) {
  if (only && !only.split(',').includes(s.id)) continue;
  const ms = names.map(() => new Measured());
  for (let r = 0; r < 4; r++)
    for (const [i, l] of loads.entries()) {
      const part = await l.run(s, 4, r === 0 ? 1 : Number(secs));
      if (r > 0) ms[i]!.add(part);
    }
  console.log(
    s.id.padEnd(26),
    ms
      .map((m, i) => {
        const [p50, p99] = m.percentiles(0.5, 0.99);
        return `${names[i]!.split('.')[1]!.slice(0, 8)} ${m.perSecond.toFixed(0)}/s ${p50!.toFixed(2)}/${p99!.toFixed(1)}`.padEnd(
          36,
        );
      })
      .join(''),
    ms[1] ? (ms[1].perSecond / ms[0]!.perSecond).toFixed(2) + '×' : '',
  );
}
for (const l of loads) l.close();
await pool.end();
