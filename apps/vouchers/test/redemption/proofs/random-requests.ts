import { newId } from '@pika/shared';
import type { Random } from '@pika/tests';
import type { RandomWorld } from './random-worlds.ts';

/** As marketplace.validate and marketplace.redeem read it. */
export type AskedRow = Readonly<Record<string, unknown>> & {
  ordinal: number;
  redemptionId: string;
  voucher: string;
  at: string;
};

/** One request of a world: by anybody, for anything of it, with or without what it takes. */
export function randomRequest(random: Random, world: RandomWorld, ordinal: number): AskedRow {
  const { at } = world;
  const target = randomTarget(random, world);
  const place = random.pick(world.locations);
  const isNear = random.chance(0.7);
  const position = random.chance(0.75)
    ? {
        latitude: place.latitude + (isNear ? random.between(-0.0008, 0.0008) : 1),
        longitude: place.longitude,
        accuracyMeters: random.integer(1, 50),
      }
    : {};
  const amount = random.chance(0.93)
    ? { amountMinor: random.integer(0, 5_000), currency: random.chance(0.98) ? 'PYG' : 'USD' }
    : {};
  const id = newId(at);
  return {
    ordinal,
    ...target,
    ...(random.chance(0.85) ? { locationId: random.chance(0.97) ? place.id : random.id() } : {}),
    ...position,
    ...amount,
    ...(random.chance(0.04) ? { combinedWith: [random.pick(world.vouchers).id] } : {}),
    ...(random.chance(0.2) ? { holdKey: random.pick(['a', 'b', 'c']) } : {}),
    ...(random.chance(0.05)
      ? { shownUntil: new Date(at.getTime() + random.integer(-5, 5) * 60_000).toISOString() }
      : {}),
    channel: 'app',
    at: at.toISOString(),
    redemptionId: id,
    attemptId: newId(at),
    actor: `user:${id}`,
    clientAddress: '127.0.0.1',
    requestId: id,
    operation: 'redeem',
    key: id,
    fingerprint: 'ab'.repeat(32),
    context: { language: 'es', requestId: id },
  };
}

function randomTarget(random: Random, world: RandomWorld) {
  const voucher = random.pick(world.vouchers).id;
  const user = random.pick(world.users);
  const by = random.chance(0.6)
    ? { userId: user }
    : random.pick([
        { userId: world.staffId },
        { apiKeyId: random.id(), keyBusinessId: world.businessId },
        { apiKeyId: random.id(), keyBusinessId: random.id() },
      ]);
  const claim = world.claims.length === 0 ? null : random.pick(world.claims);
  const code = world.codes.length === 0 ? null : random.pick(world.codes);
  if (claim !== null && random.chance(0.4)) {
    const owner = 'userId' in by && by.userId === user ? { userId: random.chance(0.9) ? claim.userId : user } : by;
    const named = random.chance(0.5) ? { claimId: claim.id } : { code: claim.shortCode };
    return { voucher: claim.voucherId, ...named, ...owner };
  }
  if (code !== null && random.chance(0.5)) return { voucher: code.voucherId, code: code.code, ...by };
  return { voucher, voucherId: random.chance(0.98) ? voucher : random.id(), ...by };
}
