import pg from 'pg';
import { drawPoints } from './nearby/points.ts';
const c = new pg.Client(`postgres://postgres@127.0.0.1:5544/${process.argv[2]}`);
await c.connect();
const pts = await drawPoints(c, 1500);
await c.query(
  'drop table if exists v.found; create table v.found(lat float8 primary key, lon float8, l uuid[], v uuid[], d float8[])',
);
for (const p of pts)
  await c.query(
    `insert into v.found select $1::float8,$2::float8, location_ids[:20], voucher_ids[:20], distances[:20] from marketplace.find_nearby($1,$2,5000,null,null,null,null,'{es}',null,now(),20,null,null,null,8)`,
    [p.latitude, p.longitude],
  );
await c.query('analyze v.found');
await c.end();
