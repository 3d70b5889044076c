/**
 * The bound of what Node can do with the search: node:http and one pg pool, nothing of the edge. It asks the product's
 * own statement and passes the text through.
 */
import { createServer } from 'node:http';
import { searchNearby } from '@pika/vouchers';
import pg from 'pg';

const { BENCH_URL = '', BENCH_PORT = '0', BENCH_BATCH = '8', BENCH_POOL = '10' } = process.env;
const pool = new pg.Pool({ connectionString: BENCH_URL, max: Number(BENCH_POOL) });
const chains: Readonly<Record<string, string[]>> = { es: ['es'], en: ['en'], gn: ['gn', 'es'] };

const server = createServer((request, response) => {
  const query = new URLSearchParams(request.url?.slice(request.url.indexOf('?')));
  searchNearby(
    { pool, namedStatements: true },
    {
      latitude: Number(query.get('latitude')),
      longitude: Number(query.get('longitude')),
      radiusMeters: Number(query.get('radiusMeters')),
      bounds: null,
      category: null,
      businessId: null,
      words: null,
      language: { chain: chains[query.get('language') ?? 'es'] ?? [], matchLength: 1 },
      openAt: null,
      at: new Date(),
      limit: 20,
      after: null,
      batch: Number(BENCH_BATCH),
      onlyRedeemable: false,
      userId: null,
      format: 'json',
    },
  ).then(
    ({ data, next }) => {
      const body = Buffer.from(`{"data":[${data}],"page":{"next":${next === null ? 'null' : '"…"'}}}`);
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Content-Length', body.length);
      response.end(body);
    },
    (error: unknown) => {
      console.error(error);
      response.statusCode = 500;
      response.end();
    },
  );
});
server.keepAliveTimeout = 65_000;
server.listen(Number(BENCH_PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
