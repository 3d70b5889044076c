import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export interface LoggerOptions {
  readonly level: string;
  /** Names the process in every line. */
  readonly name: string;
  readonly destination?: DestinationStream;
}

const secretNames = ['authorization', 'cookie', 'password', 'secret', 'token', 'accessToken', 'refreshToken', 'apiKey'];

/** JSON lines. Secrets are replaced at the top of a logged object and one level below. */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const paths = secretNames.flatMap((secret) => [secret, `*.${secret}`]);
  const options = { level, name, base: { name }, redact: { paths, censor: '[redacted]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
