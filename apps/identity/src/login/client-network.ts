import { isIP } from 'node:net';

/**
 * Where a try to log in came from, as it is counted: an IPv4 address, or the 64 leading bits of an IPv6 one, which one
 * household has. What is no address counts as the unspecified one.
 */
export function clientNetwork(clientAddress: string): string {
  const address = clientAddress.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return `${leadingGroups(address).join(':')}::`;
    default:
      return '0.0.0.0';
  }
}

function leadingGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : groupCount(tail));
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':')];
  return all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
}

/** The last of them may be an IPv4 address, which stands for two. */
const groupCount = (tail: string) => tail.split(':').length + (tail.includes('.') ? 1 : 0);
