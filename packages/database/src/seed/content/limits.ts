/** What a few of the offers are bound by, so that there is something to reach at the counter. */
export interface SeedLimits {
  business: string;
  voucher: string;
  total?: number;
  perUser?: number;
  perUserDay?: number;
  perLocationDay?: number;
  budgetMinor?: number;
  claimsPerUser?: number;
  /** Slug of a campaign of the business. */
  campaign?: string;
  /** Printed once, for everybody. */
  code?: string;
}

export interface SeedCampaign {
  business: string;
  slug: string;
  name: string;
  limitTotal: number;
  limitPerUser: number;
}

export const campaigns: readonly SeedCampaign[] = [
  { business: 'farmacia-ysyry', slug: 'cuidado', name: 'Mes del cuidado', limitTotal: 500, limitPerUser: 3 },
];

export const limits: readonly SeedLimits[] = [
  { business: 'gimnasio-mbarete', voucher: 'semana-de-prueba', perUser: 1, claimsPerUser: 1 },
  { business: 'cafe-del-puerto', voucher: 'desayuno-paraguayo', total: 300, perUserDay: 1, code: 'PUERTO-2026' },
  { business: 'cafe-del-puerto', voucher: 'tarde-de-rio', budgetMinor: 3_000_000, perLocationDay: 40 },
  { business: 'farmacia-ysyry', voucher: 'dermocosmetica', campaign: 'cuidado' },
  { business: 'farmacia-ysyry', voucher: 'panales-por-bulto', perUser: 2, campaign: 'cuidado' },
];
