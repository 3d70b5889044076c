import { createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigError } from './config.ts';
import { edgeSettings } from './edge.ts';
import { listenOn, PortInUseError, type ListenAddress } from './http-server.ts';
import type { PikaServer } from './server.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** The settings of every process that serves, with the port it takes unless told otherwise. */
export function serverSettings(port: number, logLevel: (typeof logLevels)[number] = 'info') {
  return z.object({
    PORT: z.int().min(0).max(65_535).default(port).describe('Port to listen on; 0 takes any free one'),
    HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all'),
    LOG_LEVEL: z
      .enum(logLevels)
      .default(logLevel)
      .describe('From which level on log lines are written; info shows every request'),
    NODE_ENV: z
      .enum(['development', 'test', 'production'])
      .default('development')
      .describe('production refuses development secrets'),
    SHUTDOWN_WAIT: z
      .int()
      .min(0)
      .max(60_000)
      .default(0)
      .describe('Milliseconds between not being ready and taking no more connections, for load balancers to notice'),
    ...edgeSettings.shape,
  });
}

export interface ServeSettings extends ListenAddress {
  /** Milliseconds in which load balancers see that this process is not ready any more, while it still answers. */
  readonly shutdownWait?: number;
  /** Runs after the last request was answered: workers, then connections, then the engine. */
  stop(): Promise<void>;
}

/**
 * Listens, and ends the process on SIGINT or SIGTERM: not ready any more, the wait, running requests finish, then `stop`,
 * exit 0. A second signal, or more than `deadlineMs` after the wait, ends it at once with 1.
 */
export async function serve(server: PikaServer, settings: ServeSettings, deadlineMs = 4_000): Promise<ListenAddress> {
  const address = await server.listen(settings);
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    const waitMs = settings.shutdownWait ?? 0;
    setTimeout(() => process.exit(1), waitMs + deadlineMs).unref();
    server.retire();
    (waitMs === 0 ? Promise.resolve() : sleep(waitMs))
      .then(() => server.close(deadlineMs / 2))
      .then(() => settings.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return address;
}

/** Throws `PortInUseError` before anything else is begun. */
export async function assertPortFree(address: ListenAddress): Promise<void> {
  const probe = createTcpServer();
  await listenOn(probe, address);
  await new Promise((resolve) => probe.close(resolve));
}

function isHostError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN'].includes(String(error.code))
  );
}

/** Ends a start that failed: a cause that a person can mend in one sentence, anything else with its stack. Exit 1. */
export function failStart(error: unknown, isExpected: (error: unknown) => boolean = () => false): never {
  if (error instanceof PortInUseError) {
    console.error(`${error.message} Stop what uses it, or set PORT to another.`);
  } else if (isHostError(error)) {
    console.error(`HOST names no address of this machine (${error.message}); 127.0.0.1 and 0.0.0.0 always work.`);
  } else if (error instanceof Error && (error instanceof ConfigError || isExpected(error))) {
    console.error(error.message);
  } else {
    console.error(error);
  }
  process.exit(1);
}
