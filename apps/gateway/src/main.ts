import { businessLocales, businessRouter } from '@pika/business';
import {
  databaseProblem,
  isSeeded,
  isStartError,
  maySeed,
  openLanguageDirectory,
  openStartedDatabase,
  platformJobs,
  seed,
  startDatabase,
  startJobs,
  watchPools,
  type Database,
} from '@pika/database';
import {
  assertPortFree,
  createLogger,
  createMessages,
  createServer,
  failStart,
  openCache,
  openEdge,
  readConfig,
  serve,
} from '@pika/shared';
import { cardJobs, refuseDevelopmentSecrets, startCardUpkeep, vouchersLocales, vouchersRouter } from '@pika/vouchers';
import { gatewaySettings } from './config.ts';
import { documentationPolicy, documentationRouter } from './documentation.ts';
import { pagePolicies, pageRouter } from './page.ts';
import { welcomeText } from './welcome.ts';

const say = (text: string) => console.log(`  ${text}`);
/** When the first process of `npm start` began, which checked and installed before this one; see tools/setup.mjs. */
const startedAt = Number(process.env['PIKA_STARTED_AT'] ?? performance.timeOrigin);
const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(gatewaySettings, process.env);
  refuseDevelopmentSecrets(config);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'gateway' });
  const edge = await openEdge('gateway', config, say);
  const started = await startDatabase({ exclusive: true, onProgress: say, onLost: fail });
  // Without a log: the statements of a seed are slow, and nobody waits for them.
  await seedOnce(openStartedDatabase(started, config));
  const database = openStartedDatabase(started, config, log, edge.onStatement);
  watchPools(database, edge.metrics);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const cache = openCache({
    redisUrl: config.REDIS_URL,
    onError: (error) => log.warn({ err: error }, 'cache'),
    onRedis: say,
  });
  edge.metrics.watch('cache_calls', 'Calls of the cache since the start, by how they went.', 'result', () =>
    cache.counts(),
  );
  const upkeep = await startCardUpkeep(database, log);
  const jobs = await startJobs(database, [...platformJobs(database), ...cardJobs(database)], log);
  const now = () => new Date();
  const page = { tileUrl: config.MAP_TILE_URL, tileAttribution: config.MAP_TILE_ATTRIBUTION };
  const server = createServer({
    ...edge.server,
    routers: [
      documentationRouter(),
      pageRouter(page),
      vouchersRouter({ database, cursorSecret: config.CURSOR_SECRET, nearbyBatch: upkeep.nearbyBatch, now }),
      businessRouter({ database, cache, now }),
    ],
    languages: languages.current,
    logger: log,
    messages: createMessages(vouchersLocales, businessLocales),
    problemFor: databaseProblem,
    readiness: async () => {
      const [inDatabase, inRedis] = await Promise.all([database.check(), cache.check()]);
      return { ...inDatabase, ...(inRedis === 'ok' ? { redis: inRedis } : {}) };
    },
    pages: { '/docs': documentationPolicy, ...pagePolicies(page) },
  });
  const { port } = await serve(server, {
    ...address,
    shutdownWait: config.SHUTDOWN_WAIT,
    async stop() {
      await jobs.stop();
      upkeep.stop();
      languages.stop();
      await cache.close();
      await database.close();
      await started.stop();
      await edge.close();
    },
  });
  const place = config.HOST === '127.0.0.1' || config.HOST === '0.0.0.0' ? 'localhost' : config.HOST;
  console.log(
    welcomeText({
      url: `http://${place}:${port}`,
      database: started.description,
      isEmbedded: started.kind === 'embedded',
      seconds: (Date.now() - startedAt) / 1_000,
    }),
  );
}

async function seedOnce(database: Database): Promise<void> {
  try {
    if (!(await maySeed(database)) || (await isSeeded(database))) return;
    say('Seeding businesses in Asunción, Encarnación, Ciudad del Este and Beirut');
    const { businesses, vouchers } = await seed(database);
    say(`Seeded ${businesses} businesses with ${vouchers} vouchers`);
  } finally {
    await database.close();
  }
}

start().catch(fail);
