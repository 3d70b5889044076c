import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

/** Twenty with PIKA_PROOFS=long. */
const rounds = process.env['PIKA_PROOFS'] === 'long' ? 20 : 3;
const clients = 16;

interface Served {
  child: ChildProcess;
  port: number;
  lines: string[];
  ended: Promise<number | null>;
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

async function startProcess(environment: Record<string, string> = {}): Promise<Served> {
  const file = fileURLToPath(new URL('./serving-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines: string[] = [];
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => {
    running.delete(child);
    return code ?? null;
  });
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  await expect.poll(() => lines.join(), { timeout: 20_000 }).toMatch(/port \d+/);
  return { child, port: Number(lines[0]?.slice('port '.length)), lines, ended };
}

interface Counts {
  answered: number;
  refused: number;
  failures: string[];
}

/** One request; a connection that nobody takes is told apart from one that was taken and broke. */
function ask(agent: Agent, port: number, counts: Counts, path = '/work'): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request({ agent, port, host: '127.0.0.1', path }, (incoming) => {
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
      });
      incoming.on('end', () => {
        if (path === '/work' && (incoming.statusCode !== 200 || length !== 20_000)) {
          counts.failures.push(`${incoming.statusCode} with ${length} bytes`);
        } else counts.answered += 1;
        resolve(incoming.statusCode ?? 0);
      });
      incoming.on('error', (error) => {
        counts.failures.push(`answer: ${error.message}`);
        resolve(0);
      });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') counts.refused += 1;
      else counts.failures.push(`request: ${error.message}`);
      resolve(-1);
    });
    outgoing.end();
  });
}

const noCounts = (): Counts => ({ answered: 0, refused: 0, failures: [] });

describe('SIGTERM under load', () => {
  test(
    `behind a balancer, ${rounds} times: no request fails, none is refused`,
    async () => {
      const settings = { SHUTDOWN_WAIT: '400' };
      let current = await startProcess(settings);
      const agent = new Agent({ keepAlive: true });
      const counts = noCounts();
      let target = current.port;
      let isLoading = true;
      const load = Promise.all(
        Array.from({ length: clients }, async () => {
          while (isLoading) await ask(agent, target, counts);
        }),
      );
      for (let round = 0; round < rounds; round++) {
        const next = await startProcess(settings);
        const answeredBefore = counts.answered;
        await expect.poll(() => counts.answered).toBeGreaterThan(answeredBefore + 100);
        current.child.kill('SIGTERM');
        const looks = noCounts();
        // As a balancer does: who is not ready gets no more requests.
        await expect.poll(() => ask(agent, current.port, looks, '/health/ready'), { interval: 20 }).toBe(503);
        target = next.port;
        expect(await current.ended).toBe(0);
        expect(current.lines.at(-1)).toBe('stopped');
        current = next;
      }
      isLoading = false;
      await load;
      agent.destroy();
      expect(counts).toEqual({ answered: counts.answered, refused: 0, failures: [] });
      current.child.kill('SIGTERM');
      expect(await current.ended).toBe(0);
    },
    rounds * 15_000,
  );

  test(
    `without one, ${rounds} times: every request that was taken is answered`,
    async () => {
      for (let round = 0; round < rounds; round++) {
        const { child, port, ended } = await startProcess();
        const agent = new Agent({ keepAlive: true });
        const counts = noCounts();
        const load = Promise.all(
          Array.from({ length: clients }, async () => {
            while ((await ask(agent, port, counts)) === 200);
          }),
        );
        await expect.poll(() => counts.answered).toBeGreaterThan(100);
        child.kill('SIGTERM');
        await load;
        agent.destroy();
        expect(counts).toEqual({ answered: counts.answered, refused: clients, failures: [] });
        expect(await ended).toBe(0);
      }
    },
    rounds * 15_000,
  );
});

describe('a second signal', () => {
  test('ends the process at once with 1', async () => {
    const { child, port, lines, ended } = await startProcess({ SHUTDOWN_WAIT: '60000' });
    const agent = new Agent({ keepAlive: true });
    const counts = noCounts();
    const unanswered = ask(agent, port, counts, '/never');
    await expect.poll(() => lines).toContain('asked');
    child.kill('SIGTERM');
    await expect.poll(() => ask(agent, port, noCounts(), '/health/ready')).toBe(503);
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    await unanswered;
    expect(counts.failures).toHaveLength(1);
    agent.destroy();
  });
});
