/** The load generator's own process: told by its parent what to ask, it answers what it saw. */
import { getRequest, HttpConnection } from './http-connection.ts';
import { closedLoop, type LoadPart } from './measure.ts';

export interface HttpLoadOrder {
  port: number;
  connections: number;
  seconds: number;
  paths: readonly string[];
}

export type HttpLoadAnswer = { part: LoadPart } | { error: string };

async function run({ port, connections, seconds, paths }: HttpLoadOrder): Promise<LoadPart> {
  const requests = paths.map((path) => getRequest(path));
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  let turn = 0;
  try {
    return await closedLoop(
      seconds,
      open.map((connection) => () => {
        const request = requests[turn++ % requests.length];
        if (request === undefined) throw new Error('nothing to ask');
        return connection.ask(request);
      }),
    );
  } finally {
    for (const connection of open) connection.close();
  }
}

process.on('message', (order: HttpLoadOrder) => {
  run(order).then(
    (part) => process.send?.({ part } satisfies HttpLoadAnswer),
    (error: unknown) => process.send?.({ error: String(error) } satisfies HttpLoadAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
