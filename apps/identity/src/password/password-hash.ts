import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';

/** argon2id with 19 MiB and two passes: OWASP's password storage cheat sheet, first choice. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The same text however it was typed: NFKC, as NIST SP 800-63B recommends. */
export const normalizedPassword = (password: string): string => password.normalize('NFKC');

/** argon2id in PHC string format. */
export const hashPassword = (password: string): Promise<string> => hash(normalizedPassword(password), cost);

let nobodysHash: Promise<string> | undefined;

/**
 * Whether it is the password of that hash. Without one, for nobody is known by the e-mail address, as much work is done
 * for the answer no.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await dummyHash()), normalizedPassword(password));
  return isRight && passwordHash !== null;
}

/** Made when the app starts, so that the first log-in of nobody does not take longer than others. */
export function dummyHash(): Promise<string> {
  return (nobodysHash ??= hash(randomBytes(32), cost));
}

/** Whether it was made with other costs than today's. */
export function isOutdated(passwordHash: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
  return memoryCost !== cost.memoryCost || timeCost !== cost.timeCost || parallelism !== cost.parallelism;
}
