/** The load generator of redemptions: every request is somebody else's, with a key of its own. */
import { randomInt, randomUUID } from 'node:crypto';
import { HttpConnection, postRequest } from '../load/http-connection.ts';
import type { HttpLoadAnswer } from '../load/http-load-process.ts';
import { closedLoop, type LoadPart } from '../load/measure.ts';

export interface RedeemOrder {
  port: number;
  connections: number;
  seconds: number;
  voucherIds: readonly string[];
}

async function run({ port, connections, seconds, voucherIds }: RedeemOrder): Promise<LoadPart> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port, 201)));
  try {
    return await closedLoop(
      seconds,
      open.map((connection) => () => {
        const headers = { Authorization: `Bearer ${randomUUID()}`, 'Idempotency-Key': randomUUID() };
        return connection.ask(
          postRequest(`/v1/vouchers/${voucherIds[randomInt(voucherIds.length)]}/redeem`, headers, '{}'),
        );
      }),
    );
  } finally {
    for (const connection of open) connection.close();
  }
}

process.on('message', (order: RedeemOrder) => {
  run(order).then(
    (part) => process.send?.({ part } satisfies HttpLoadAnswer),
    (error: unknown) => process.send?.({ error: String(error) } satisfies HttpLoadAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
