import { createHash } from 'node:crypto';

/**
 * Remembers which ids were met, in 8 bytes each (16 MB for a million) and so by their digest: of ten million ids, with
 * a chance of one in 300,000, one would be taken for another.
 */
export function createSeenIds(capacity = 2 ** 16): { add(id: string): boolean } {
  let slots = new BigUint64Array(capacity);
  let size = 0;

  function insert(digest: bigint): boolean {
    const mask = slots.length - 1;
    let slot = Number(digest & BigInt(mask));
    while (slots[slot] !== 0n) {
      if (slots[slot] === digest) return false;
      slot = (slot + 1) & mask;
    }
    slots[slot] = digest;
    return true;
  }

  function grow(): void {
    const former = slots;
    slots = new BigUint64Array(former.length * 2);
    for (const digest of former) if (digest !== 0n) insert(digest);
  }

  return {
    /** Whether an id was new. */
    add(id) {
      if (size * 2 >= slots.length) grow();
      const digest = createHash('sha256').update(id).digest().readBigUInt64LE();
      const isNew = insert(digest === 0n ? 1n : digest);
      if (isNew) size += 1;
      return isNew;
    },
  };
}
