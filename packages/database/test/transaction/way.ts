import { createServer, connect, type Socket } from 'node:net';

/** A way to the server that can be cut, or keep the answers back, until a message of the client holds some text. */
export interface Way {
  url: string;
  cutAt: (text: string, isDelivered: boolean) => void;
  answerAfter: (text: string) => void;
  close: () => void;
}

export async function openWay(to: string): Promise<Way> {
  const server = new URL(to);
  let cut: { text: string; isDelivered: boolean } | null = null;
  let awaited: string | null = null;
  const sockets = new Set<Socket>();
  const way = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    let kept: Buffer[] = [];
    client.on('data', (chunk: Buffer) => {
      if (awaited !== null && chunk.includes(awaited)) {
        awaited = null;
        client.write(Buffer.concat(kept));
        kept = [];
      }
      if (cut !== null && chunk.includes(cut.text)) {
        if (cut.isDelivered) upstream.write(chunk);
        cut = null;
        client.destroy();
        upstream.end();
      } else upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (awaited === null) client.write(chunk);
      else kept.push(chunk);
    });
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.end());
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  const address = way.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const url = new URL(to);
  url.port = String(address.port);
  return {
    url: url.href,
    cutAt: (text, isDelivered) => (cut = { text, isDelivered }),
    answerAfter: (text) => (awaited = text),
    close: () => {
      for (const socket of sockets) socket.destroy();
      way.close();
    },
  };
}
