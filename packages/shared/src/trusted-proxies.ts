import { isIP, isIPv4 } from 'node:net';
import { z } from 'zod';

/** How many proxies stand in front of us, or which addresses they have. */
export type TrustedProxies = number | readonly string[];

/**
 * The text of TRUST_PROXY: a number of hops, or addresses and CIDR blocks. `true` is refused: with it every caller would
 * choose the address that limits and logs know it by.
 */
export function trustedProxiesSetting() {
  return z
    .string()
    .refine((text) => readTrustedProxies(text) !== null, { params: { code: 'invalidFormat', format: 'proxies' } })
    .transform((text): TrustedProxies => readTrustedProxies(text) ?? 0)
    .optional()
    .describe(
      'Proxies whose X-Forwarded-For counts: how many hops, or their addresses and CIDR blocks; none unless set',
    );
}

function readTrustedProxies(text: string): TrustedProxies | null {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const blocks = text.split(',').map((each) => each.trim());
  return blocks.every(isBlock) ? blocks : null;
}

function isBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
