import { pino, type DestinationStream, type Logger } from 'pino';
import { errorFacts } from './error-facts.ts';

export type { Logger };

export interface LoggerOptions {
  readonly level: string;
  /** Names the process in every line. */
  readonly name: string;
  readonly destination?: DestinationStream;
}

const secretNames = ['authorization', 'cookie', 'password', 'secret', 'token', 'accessToken', 'refreshToken', 'apiKey'];

const serializers = { err: (error: unknown) => errorFacts(error) };

/** JSON lines. Secrets are replaced at the top of a logged object and one level below. */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const paths = secretNames.flatMap((secret) => [secret, `*.${secret}`]);
  const options = { level, name, base: { name }, redact: { paths, censor: '[redacted]' }, serializers };
  return destination === undefined ? pino(options) : pino(options, destination);
}
