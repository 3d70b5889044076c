import { UnknownOutcomeError } from '@pika/database';
import { testSeed } from '@pika/tests';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openRedeemFront, type CommitRedemptions } from '../../../src/redemption/redeem.front.ts';
import type { KeyedRedemption, Redeemed } from '../../../src/redemption/redemption.repository.ts';

const seed = testSeed('front interleavings');
const runs = Number(process.env['PIKA_REDEEM_SCHEDULES'] ?? 500);

/** What becomes of one transaction: of what a database may do, everything that a client can tell apart. */
const fates = ['commits', 'fails', 'isUnavailable', 'lostAfterCommit', 'lostBeforeCommit'] as const;
type Fate = (typeof fates)[number];

interface Client {
  front: number;
  key: number;
  /** Makes any transaction fail that it is in. */
  isPoisonous: boolean;
}

const plan = fc.record({
  left: fc.integer({ min: 0, max: 6 }),
  clients: fc.array(
    fc.record({
      front: fc.integer({ min: 0, max: 1 }),
      key: fc.integer({ min: 0, max: 9 }),
      isPoisonous: fc.nat(9).map((dice) => dice === 0),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  fates: fc.array(fc.constantFrom<Fate[]>(...fates, 'commits', 'commits', 'commits'), { maxLength: 14 }),
});

class PoisonError extends Error {}
class FailedError extends Error {}

it(
  `keeps its promises in whatever order transactions begin, commit, fail and are lost (${runs} schedules)`,
  async () => {
    const seen: Record<string, number> = {};
    const note = (what: string) => (seen[what] = (seen[what] ?? 0) + 1);

    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, async (scheduler, { left, clients, fates: drawn }) => {
        /** What the database has committed. */
        const kept = new Map<string, Redeemed>();
        let used = 0;
        let transactions = 0;
        let greatest = 0;
        const unknown = new Set<string>();
        // What is thrown inside a transaction, the front takes for a failure of it.
        const broken: string[] = [];

        const decide = (pending: Map<string, Redeemed>, asked: KeyedRedemption, usedNow: number): Redeemed => {
          const before = pending.get(asked.key) ?? kept.get(asked.key);
          if (before !== undefined) return { ...before, verdict: 'kept' };
          const isLeft = usedNow < left;
          const context = { language: 'es', requestId: asked.requestId };
          const fresh: Redeemed = isLeft
            ? { verdict: 'redeemed', outcome: { id: asked.key }, context }
            : { verdict: 'refused', outcome: { violations: [{ code: 'voucher.soldOut' }] }, context };
          pending.set(asked.key, fresh);
          return fresh;
        };

        const commit: CommitRedemptions = async (batch) => {
          const fate = drawn[transactions] ?? 'commits';
          transactions += 1;
          greatest = Math.max(greatest, batch.length);
          await scheduler.schedule(Promise.resolve(), 'locks');
          if (batch.some(({ device }) => device === 'poison')) throw new PoisonError();
          if (fate === 'fails') throw new FailedError();
          if (fate === 'isUnavailable') throw Object.assign(new Error('gone'), { code: '57P01' });
          if (fate === 'lostBeforeCommit') {
            note(fate);
            for (const { requestId } of batch) unknown.add(requestId);
            throw new UnknownOutcomeError(new Error('gone'));
          }
          const pending = new Map<string, Redeemed>();
          const answers: Redeemed[] = [];
          for (const asked of batch) {
            const redeemedHere = [...pending.values()].filter(({ verdict }) => verdict === 'redeemed').length;
            answers.push(decide(pending, asked, used + redeemedHere));
          }
          for (const [key, outcome] of pending) {
            if (kept.has(key)) broken.push(`${key} was done twice`);
            kept.set(key, outcome);
            if (outcome.verdict === 'redeemed') used += 1;
          }
          await scheduler.schedule(Promise.resolve(), 'answers');
          if (fate === 'lostAfterCommit') {
            note(fate);
            for (const { requestId } of batch) unknown.add(requestId);
            throw new UnknownOutcomeError(new Error('gone'));
          }
          return answers;
        };

        const tries = new Map<string, number>();
        const counted: CommitRedemptions = (batch) => {
          for (const { requestId } of batch) {
            // An outcome nobody knows is for the client to ask about again, never for the front to try.
            if (unknown.has(requestId)) broken.push(`${requestId} was tried again after its outcome was lost`);
            tries.set(requestId, (tries.get(requestId) ?? 0) + 1);
          }
          return commit(batch);
        };
        const fronts = [openRedeemFront(counted), openRedeemFront(counted)];

        let requests = 0;
        const act = async ({ front, key, isPoisonous }: Client): Promise<void> => {
          await scheduler.schedule(Promise.resolve(), `client of ${key}`);
          for (let attempt = 0; attempt < 40; attempt++) {
            const requestId = `request ${requests++}`;
            const asked = { key: String(key), requestId, device: isPoisonous ? 'poison' : 'till' } as KeyedRedemption;
            const told = await fronts[(front + attempt) % 2]!.redeem(asked).catch((error: unknown) => error);
            expect(tries.get(requestId)).toBeLessThanOrEqual(2);
            if (!(told instanceof Error)) {
              expect(isPoisonous).toBe(false);
              const { verdict, outcome } = told as Redeemed;
              const stored = kept.get(String(key));
              expect(stored?.outcome).toEqual(outcome);
              note(verdict);
              return;
            }
            note(told.constructor.name);
            if (isPoisonous && told instanceof PoisonError) return;
            // Nobody fails for what another brought along.
            expect(told).not.toBeInstanceOf(PoisonError);
          }
          throw new Error('never told');
        };
        const done = Promise.all(clients.map(act));
        await scheduler.waitFor(done);
        await scheduler.waitIdle();

        expect(broken).toEqual([]);
        expect(used).toBeLessThanOrEqual(left);
        const honest = new Set(clients.filter(({ isPoisonous }) => !isPoisonous).map(({ key }) => key));
        const wanted = [...honest].filter((key) => kept.has(String(key))).length;
        expect(wanted).toBe(honest.size);
        expect(used).toBe(Math.min(left, kept.size));
        if (greatest > 1) note('batches');
      }),
      {
        numRuns: runs,
        seed,
        ...(process.env['PIKA_TEST_PATH'] === undefined ? {} : { path: process.env['PIKA_TEST_PATH'] }),
      },
    );
    console.log(`[front interleavings] ${runs} schedules: ${JSON.stringify(seen)}`);
    for (const what of [
      'redeemed',
      'refused',
      'kept',
      'batches',
      'PoisonError',
      'FailedError',
      'UnknownOutcomeError',
      'lostAfterCommit',
    ]) {
      expect(seen[what] ?? 0, what).toBeGreaterThan(0);
    }
  },
  60_000 + runs * 100,
);
