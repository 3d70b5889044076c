import { Socket } from 'node:net';
import { openMemoryEngine, type MemoryEngine } from '@pika/database/tooling';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let engine: MemoryEngine;
let pool: Pool;

beforeAll(async () => {
  engine = await openMemoryEngine();
  pool = new Pool({ connectionString: engine.url, max: 10 });
  await pool.query('CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL)');
});

afterAll(async () => {
  await pool?.end();
  await engine?.stop();
});

const setCounter = (n: number) =>
  pool.query('INSERT INTO counters VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET n = $1', [n]);
const counter = async () => (await pool.query<{ n: number }>('SELECT n FROM counters')).rows[0]?.n;

const sockets = new WeakMap<Client, Socket>();

async function rawClient(url = engine.url) {
  const socket = new Socket();
  const client = new Client({ connectionString: url, stream: () => socket });
  sockets.set(client, socket);
  client.on('error', () => {});
  await client.connect();
  return client;
}

const cut = (client: Client) => sockets.get(client)?.destroy();

describe('many connections on one backend', () => {
  it('keeps statements of different connections apart, named and unnamed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async (_, i) => {
        const name = i % 3 === 0 ? 'same' : undefined;
        const even = await pool.query({ text: 'SELECT $1::int AS a', values: [i], ...(name ? { name } : {}) });
        const odd = await pool.query('SELECT $1::text AS a, $2::int AS b', ['x'.repeat(i), i]);
        return even.rows[0].a === i && odd.rows[0].b === i;
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });

  it('lets two connections prepare different statements under one name', async () => {
    const [first, second] = [await rawClient(), await rawClient()];
    await first.query({ name: 'pick', text: 'SELECT 1 AS a', values: [] });
    await second.query({ name: 'pick', text: 'SELECT 2 AS b', values: [] });
    expect((await first.query({ name: 'pick', text: 'SELECT 1 AS a', values: [] })).rows).toEqual([{ a: 1 }]);
    await first.end();
    await second.end();
    await expect
      .poll(async () => (await pool.query(`SELECT FROM pg_prepared_statements WHERE name LIKE '%\\_pick'`)).rowCount)
      .toBe(0);
  });

  it('stays well however many statements fail', async () => {
    for (const text of ['SELECT FROM no_such_table', 'SELECT 1 / $1::int']) {
      const client = await rawClient();
      for (let count = 0; count < 3_000; count += 1) {
        await expect(client.query(text, text.includes('$1') ? [0] : [])).rejects.toThrow(/does not exist|by zero/);
      }
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      await client.end();
    }
  });

  it('serialises read-modify-write transactions', async () => {
    await setCounter(0);
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const client = await pool.connect();
        await client.query('BEGIN');
        const { rows } = await client.query('SELECT n FROM counters WHERE id = $1', [1]);
        await client.query('UPDATE counters SET n = $1', [rows[0].n + 1]);
        await client.query('COMMIT');
        client.release();
      }),
    );
    expect(await counter()).toBe(100);
  });

  it('rolls back when a connection drops between statements, and others go on', async () => {
    await setCounter(5);
    const client = await rawClient();
    await client.query('BEGIN');
    await client.query('UPDATE counters SET n = 6');
    const waiting = counter();
    cut(client);
    expect(await waiting).toBe(5);
  });

  it('rolls back when a connection drops while its statement runs', async () => {
    await setCounter(5);
    const client = await rawClient();
    await client.query('BEGIN');
    client.query('UPDATE counters SET n = 7; SELECT pg_sleep(0.3)').catch(() => {});
    setImmediate(() => cut(client));
    expect(await counter()).toBe(5);
  });

  it('answers a failed statement as a server does, and the connection stays usable', async () => {
    const client = await rawClient();
    await expect(client.query('SELECT $1::int / 0', [1])).rejects.toMatchObject({ code: '22012' });
    await client.query('BEGIN');
    await expect(client.query('SELECT no_such_column')).rejects.toMatchObject({ code: '42703' });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it('refuses COPY FROM STDIN with an error instead of dying', async () => {
    await expect(pool.query('COPY counters FROM STDIN')).rejects.toMatchObject({ code: '0A000' });
    expect(await counter()).toBe(5);
  });

  it('wants the password of its address', async () => {
    const wrong = new URL(engine.url);
    wrong.password = 'guess';
    await expect(rawClient(wrong.href)).rejects.toMatchObject({ code: '28P01' });
  });

  it('refuses the connection after the last allowed one', async () => {
    const clients: Client[] = [];
    const refused = await (async () => {
      for (let i = 0; i < 60; i++) {
        try {
          clients.push(await rawClient());
        } catch (error) {
          return error instanceof Error && 'code' in error ? error.code : undefined;
        }
      }
      return 'none';
    })();
    expect(refused).toBe('53300');
    await Promise.all(clients.map((client) => client.end()));
    await expect.poll(async () => (await rawClient().then((client) => client.end())) ?? 'connected').toBe('connected');
  });
});
