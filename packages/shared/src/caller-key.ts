import type { Caller } from './caller.ts';
import { networkOf } from './client-address.ts';

/** Whom limits count: the person, the key, or else where the request came from. */
export function callerKey(caller: Caller, clientAddress: string): string {
  return caller.kind === 'anonymous' ? `address:${networkOf(clientAddress) ?? 'unknown'}` : callerName(caller);
}

/** As the log has it: an id, never a name. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'user') return `user:${caller.userId}`;
  return caller.kind === 'apiKey' ? `api-key:${caller.keyId}` : 'anonymous';
}
