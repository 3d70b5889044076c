/** A process that serves as the apps do: told by its environment, it says its port on standard output. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import { createLogger, createMessages, createServer, readConfig, serve, serverSettings } from '../src/index.ts';
import { market } from './harness.ts';

const config = readConfig(serverSettings(0, 'silent'), process.env);
const work = Router()
  .get('/work', async (_request, response) => {
    await sleep(5 + Math.random() * 30);
    response.end('x'.repeat(20_000));
  })
  .get('/never', () => {
    console.log('asked');
  });
const server = createServer({
  routers: [work],
  languages: () => market,
  logger: createLogger({ level: config.LOG_LEVEL, name: 'test' }),
  messages: createMessages(),
});
const { port } = await serve(server, {
  port: config.PORT,
  host: config.HOST,
  shutdownWait: config.SHUTDOWN_WAIT,
  stop: async () => console.log('stopped'),
});
console.log(`port ${port}`);
