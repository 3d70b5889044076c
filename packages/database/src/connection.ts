import { Client, type ClientConfig } from 'pg';

/** Runs `work` on a connection of its own, which ends with it. One that dies in between fails its running statement. */
export async function withConnection<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
  settings: Omit<ClientConfig, 'connectionString'> = {},
): Promise<Result> {
  const client = new Client({ ...settings, connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
