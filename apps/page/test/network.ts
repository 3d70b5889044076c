import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut: nothing of it is emulated, so a service worker has no network either. */
export interface Network {
  url: string;
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
}

export async function openNetwork(target: string): Promise<Network> {
  const { port: targetPort, hostname } = new URL(target);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const far = connect(Number(targetPort), hostname);
    for (const [one, other] of [
      [client, far],
      [far, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      drop();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
