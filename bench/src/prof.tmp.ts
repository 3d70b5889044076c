import pg from 'pg';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { drawPoints } from './nearby/points.ts';
const [db, n, ...defs] = process.argv.slice(2);
const c = new pg.Client(`postgres://postgres@127.0.0.1:5544/${db}`);
await c.connect();
const pts = await drawPoints(c, 1500, process.env.DENSEST === '1');
const pid = (await c.query('select pg_backend_pid() p')).rows[0].p;
const cpu = () => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
const vs = defs.map((d) => ({
  name: d.slice(0, d.indexOf('=')),
  sql: d.slice(d.indexOf('=') + 1),
  us: [] as number[],
  instr: [] as number[],
  cyc: [] as number[],
  turn: 0,
}));
const N = Number(n);
const call = async (v: (typeof vs)[0]) => {
  const p = pts[v.turn++ % pts.length]!;
  await c.query({ name: v.name, text: v.sql, values: /\$2/.test(v.sql) ? [p.latitude, p.longitude] : [] });
};
for (let round = 0; round < 6; round++)
  for (const v of vs) {
    if (round === 0) for (let i = 0; i < Math.min(400, 3 * N); i++) await call(v);
    const perf = spawn('perf', ['stat', '-x,', '-e', 'instructions,cycles', '-p', String(pid)]);
    let out = '';
    perf.stderr.on('data', (d) => (out += d));
    await new Promise((r) => setTimeout(r, 120));
    for (let b = 0; b < 3; b++) {
      const a = cpu();
      for (let i = 0; i < N; i++) await call(v);
      v.us.push((cpu() - a) / N);
    }
    perf.kill('SIGINT');
    await new Promise((r) => perf.on('close', r));
    const [i, cy] = out
      .trim()
      .split('\n')
      .map((l) => Number(l.split(',')[0]));
    v.instr.push(i! / (3 * N));
    v.cyc.push(cy! / (3 * N));
  }
const f = (xs: number[]) => {
  xs.sort((a, b) => a - b);
  return [xs[0]!, xs[Math.floor(xs.length / 2)]!];
};
for (const v of vs) {
  const [um, ud] = f(v.us),
    [im] = f(v.instr),
    [cm] = f(v.cyc);
  console.log(
    v.name.padEnd(26),
    `us min ${um!.toFixed(0)} med ${ud!.toFixed(0)}   kinstr ${(im! / 1000).toFixed(0)}   kcycles ${(cm! / 1000).toFixed(0)}`,
  );
}
await c.end();
