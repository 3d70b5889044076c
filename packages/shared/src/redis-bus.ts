import type { BusDriver } from 'bentocache/types';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const busMessage = z.object({
  busId: z.string(),
  payload: z.object({ type: z.string(), keys: z.array(z.string()), namespace: z.string().optional() }),
});

/**
 * Tells the other processes which keys were written anew. bentocache's own driver subscribes once, at start, which fails
 * for good without an offline queue, and opens connections whose errors nobody hears; this one subscribes whenever the
 * connection is ready. What is said while it is not is lost: values are then as old as their time to live, no older.
 */
export function redisBus(publisher: Redis, subscriber: Redis): BusDriver {
  let ownId = '';
  const bus: BusDriver = {
    setId(id) {
      ownId = id;
      return bus;
    },
    onReconnect() {},
    async publish(channel, payload) {
      await publisher.publish(channel, JSON.stringify({ busId: ownId, payload }));
    },
    async subscribe(channel, handler) {
      const subscribe = () => {
        subscriber.subscribe(channel).catch(() => subscriber.disconnect(true));
      };
      subscriber.on('ready', subscribe);
      if (subscriber.status === 'ready') subscribe();
      subscriber.on('message', (_channel: string, text: string) => {
        const message = parse(text);
        if (busMessage.safeParse(message).success && message.busId !== ownId) void handler(message.payload);
      });
    },
    async unsubscribe(channel) {
      await subscriber.unsubscribe(channel);
    },
    async disconnect() {
      subscriber.disconnect();
    },
  };
  return bus;
}

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
