import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * An address as a socket or a proxy names it, in the one spelling in which it is stored and counted: IPv4 where it is
 * IPv4, also mapped into IPv6, else the shortest lower-case IPv6, without zone and port. '' for what is no address.
 */
export function plainAddress(address = ''): string {
  if (isIPv4(address)) return address;
  const [, bracketed, beforePort] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(address) ?? [];
  const [bare = ''] = (bracketed ?? beforePort ?? address).split('%', 1);
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return '';
  const canonical = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  return /^::ffff:([\d.]+)$/.exec(canonical)?.[1] ?? canonical;
}

/** Of a plain address, what limits count: IPv4 itself; of IPv6 the /64, which one household or server has to itself. */
export function networkOf(address: string): string | null {
  if (address === '' || isIPv4(address)) return address || null;
  const [front = '', back] = address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split('::');
  const first = front === '' ? [] : front.split(':');
  const last = back === undefined || back === '' ? [] : back.split(':');
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::`;
}
