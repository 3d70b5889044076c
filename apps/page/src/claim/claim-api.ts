import { ask, askText, type Discount, type List, type Opening, type Texts } from '../api.ts';

export interface Claim {
  id: string;
  state: 'active' | 'redeemed' | 'released' | 'expired';
  /** To be typed at the counter. */
  shortCode: string | null;
  /** What a gift balance has left, in minor units. */
  balanceMinor: number | null;
  expiresAt: string | null;
  redeemedAt: string | null;
  voucher: Texts & {
    id: string;
    title: string | null;
    discount: Discount;
    business: { id: string; name: string | null };
    validFrom: string | null;
    expiresAt: string | null;
  };
  /** Null where it is valid at several places. */
  location: (Opening & { id: string; street: string | null; city: string | null }) | null;
}

/** There is one claim of a person and a voucher: asked again, the answer is the same. */
export const claimVoucher = (voucherId: string) =>
  ask<Claim>(`/v1/vouchers/${voucherId}/claims`, { method: 'POST', body: {} }).then(({ body }) => body);

export const getClaim = (id: string, language: string) =>
  ask<Claim>(`/v1/claims/${id}`, { query: { language } }).then(({ body }) => body);

export const listClaims = (language: string, cursor: string | null) =>
  ask<List<Claim>>('/v1/claims', { query: { language, limit: 50, cursor } }).then(({ body }) => body);

export const releaseClaim = (id: string) => ask<unknown>(`/v1/claims/${id}`, { method: 'DELETE' });

/** What the counter scans, as a picture, and until when it is good. */
export async function getQrCode(id: string): Promise<{ url: string; expiresAt: Date }> {
  const { text, headers } = await askText(`/v1/claims/${id}/qr.svg`, 'image/svg+xml');
  return {
    url: `data:image/svg+xml,${encodeURIComponent(text)}`,
    expiresAt: new Date(headers.get('Pika-Token-Expires') ?? Date.now()),
  };
}
