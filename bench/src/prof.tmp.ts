import pg from 'pg';
import { readFileSync } from 'node:fs';
import { drawPoints } from './nearby/points.ts';
/* usage: prof DB N  'name=SQL' ... ; $1 lat $2 lon in SQL, others literal; interleaved blocks; CPU us per call */
const [db, n, ...defs] = process.argv.slice(2);
const c = new pg.Client(`postgres://postgres@127.0.0.1:5544/${db}`);
await c.connect();
const pts = await drawPoints(c, 1500);
const pid = (await c.query('select pg_backend_pid() p')).rows[0].p;
const cpu = () => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
const vs = defs.map((d) => ({ name: d.slice(0, d.indexOf('=')), sql: d.slice(d.indexOf('=') + 1), us: [] as number[], lat: [] as number[] }));
const N = Number(n);
for (let round = 0; round < 6; round++) for (const v of vs) {
  const nparams = /\$2/.test(v.sql) ? 2 : 0;
  if (round === 0) for (const p of pts.slice(0, 400)) await c.query({ name: v.name, text: v.sql, values: nparams ? [p.latitude, p.longitude] : [] });
  for (let b = 0; b < 4; b++) {
    const a = cpu();
    for (let i = 0; i < N; i++) { const p = pts[(round * 4 * N + b * N + i) % pts.length]!; await c.query({ name: v.name, text: v.sql, values: nparams ? [p.latitude, p.longitude] : [] }); }
    v.us.push((cpu() - a) / N);
  }
}
for (const v of vs) { v.us.sort((a, b) => a - b); console.log(v.name.padEnd(30), 'cpu us/call: min', v.us[0]!.toFixed(0), 'p25', v.us[Math.floor(v.us.length * .25)]!.toFixed(0), 'median', v.us[Math.floor(v.us.length / 2)]!.toFixed(0)); }
await c.end();
