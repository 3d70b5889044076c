import {
  databaseProblem,
  databaseSettings,
  isStartError,
  openAuthentication,
  openLanguageDirectory,
  openStartedDatabase,
  platformJobs,
  refuseDemoAccounts,
  startDatabase,
  startJobs,
  watchPools,
} from '@pika/database';
import {
  assertPortFree,
  createLogger,
  createMessages,
  createServer,
  failStart,
  openEdge,
  readConfig,
  serve,
  serverSettings,
} from '@pika/shared';
import { z } from 'zod';
import { identitySettings, refuseDevelopmentSecrets } from './config.ts';
import { openMailer } from './mail/open-mailer.ts';
import { openIdentity } from './open-identity.ts';
import { identityLocales, identityRouter } from './router.ts';

const settings = z.object({ ...serverSettings(3003).shape, ...databaseSettings.shape, ...identitySettings.shape });

const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(settings, process.env);
  refuseDevelopmentSecrets(config);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'identity' });
  const edge = await openEdge('identity', config, (text) => log.warn(text));
  const started = await startDatabase({ onProgress: (text) => log.info(text), onLost: fail });
  const database = openStartedDatabase(started, config, log, edge.onStatement);
  watchPools(database, edge.metrics);
  await refuseDemoAccounts(database, config);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const authentication = await openAuthentication(database, {
    settings: { AUTH_ISSUER: config.AUTH_ISSUER },
    asksSessions: true,
    onError: (error) => log.error({ err: error }, 'authentication'),
  });
  const identity = await openIdentity({
    database,
    settings: config,
    authentication,
    mailer: openMailer(config, (text) => console.log(text)),
    publicUrl: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
    log,
  });
  const jobs = await startJobs(database, [...platformJobs(database), ...identity.jobs], log);
  const server = createServer({
    ...edge.server,
    routers: [identityRouter(identity.deps)],
    languages: languages.current,
    logger: log,
    messages: createMessages(identityLocales),
    problemFor: databaseProblem,
    authenticate: authentication.authenticate,
    readiness: async () => ({ ...(await database.check()) }),
  });
  const { host, port } = await serve(server, {
    ...address,
    shutdownWait: config.SHUTDOWN_WAIT,
    async stop() {
      await jobs.stop();
      await identity.stop();
      authentication.stop();
      languages.stop();
      await database.close();
      await started.stop();
      await edge.close();
    },
  });
  log.info(`Listening on http://${host}:${port}`);
}

start().catch(fail);
