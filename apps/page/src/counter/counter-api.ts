import { ask, type Texts } from '../api.ts';
import { ApiError, type Violation } from '../exchange.ts';

/** What is told of a redemption beside its code. */
export interface Circumstances {
  locationId: string;
  amountMinor?: number;
  currency?: string;
  latitude?: number;
  longitude?: number;
  accuracyMeters?: number;
  device: string;
}

export interface Validation {
  redeemable: boolean;
  violations: Violation[];
  voucher: Texts & { id: string; title: string | null; terms: string | null };
  claimId: string | null;
  locationId: string | null;
  /** Null where it cannot be said without an amount. */
  discountMinor: number | null;
  currency: string | null;
}

export interface Redemption {
  id: string;
  claimId: string | null;
  discountMinor: number | null;
  currency: string | null;
  redeemedAt: string;
  rollbackUntil: string;
}

export interface OfflineScan {
  nonce: string;
  code: string;
  locationId: string;
  scannedAt: string;
  amountMinor?: number;
  currency?: string;
  device: string;
}

export interface MergedScan {
  nonce: string;
  verdict: 'within' | 'overUse' | 'withdrawn' | 'notFound' | 'nonceReused' | 'invalidCode';
  violations: Violation[];
  redemptionId: string | null;
}

const lookMs = 6_000;
const actMs = 15_000;

export const validateCode = (code: string, circumstances: Circumstances, language: string) =>
  ask<Validation>('/v1/codes/validate', {
    method: 'POST',
    query: { language },
    body: { code, ...circumstances },
    signal: AbortSignal.timeout(lookMs),
  }).then(({ body }) => body);

/** Done once per key, however often it is sent. */
export const redeemCode = (code: string, circumstances: Circumstances, idempotencyKey: string) =>
  ask<Redemption>('/v1/codes/redeem', {
    method: 'POST',
    body: { code, ...circumstances },
    idempotencyKey,
    signal: AbortSignal.timeout(actMs),
  }).then(({ body }) => body);

export const rollBack = (redemptionId: string, reason: string, idempotencyKey: string) =>
  ask<{ rolledBackAt: string }>(`/v1/redemptions/${redemptionId}/rollback`, {
    method: 'POST',
    body: { reason },
    idempotencyKey,
    signal: AbortSignal.timeout(actMs),
  }).then(({ body }) => body);

export const handInScans = (scans: readonly OfflineScan[]) =>
  ask<{ data: MergedScan[] }>('/v1/redemptions/sync', {
    method: 'POST',
    body: { scans },
    signal: AbortSignal.timeout(actMs),
  }).then(({ body }) => body.data);

/** Nobody answered who could say more than that it did not work. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof ApiError && [0, 502, 503, 504].includes(error.status);

/** Whether the same question may be answered another time: what came of it is not known. */
export const isOpen = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.status === 0 ||
    error.status >= 500 ||
    [401, 408, 429].includes(error.status) ||
    error.problem.code === 'idempotency.inFlight');
