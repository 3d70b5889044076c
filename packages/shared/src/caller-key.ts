import { isIPv4, isIPv6 } from 'node:net';
import type { Caller } from './caller.ts';

/** Whom limits count: the person, the key, or else where the request came from. */
export function callerKey(caller: Caller, clientAddress: string): string {
  return caller.kind === 'anonymous' ? `address:${networkOf(clientAddress)}` : callerName(caller);
}

/** As the log has it: an id, never a name. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'user') return `user:${caller.userId}`;
  return caller.kind === 'apiKey' ? `api-key:${caller.keyId}` : 'anonymous';
}

/** An IPv4 address, also where it is written as IPv6; of IPv6 the /64, which one household or server has to itself. */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [plain = ''] = address.split('%');
  const [front = '', back] = plain.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split('::');
  const first = front === '' ? [] : front.split(':');
  const last = back === undefined || back === '' ? [] : back.split(':');
  const zeros = back === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
