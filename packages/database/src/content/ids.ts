import { createHash } from 'node:crypto';

/**
 * A UUID in the form of version 7 that is always the same for the same name: seeds and imports find their rows again.
 * The time part is fixed (2025-01-01), the rest is a SHA-256 of the name.
 */
export function stableId(name: string): string {
  const time = new Date('2025-01-01T00:00:00Z').getTime().toString(16).padStart(12, '0');
  const hash = createHash('sha256').update(name).digest('hex');
  const variant = ((Number.parseInt(hash.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}
