/** What some offers are bound by: what their terms say of how often a person may, and limits to reach at the counter. */
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
  { business: 'cine-teatro-kuarahy', voucher: 'festival-de-verano-2030', perUser: 1 },
  { business: 'electronica-nasaindy', voucher: 'cargador-rapido', perUser: 1 },
  { business: 'chocolates-tia-hedwig', voucher: 'caja-de-bombones', perUser: 1 },
  { business: 'electronica-tres-fronteras', voucher: 'memoria-a-precio-fijo', perUser: 2 },
  { business: 'reparaciones-chip', voucher: 'diagnostico-gratis', perUser: 1 },
  { business: 'farmacia-ysyry', voucher: 'yuyos-para-el-terere', perUserDay: 1 },
  { business: 'maqha-al-nakhla', voucher: 'qahwa-thania', perUserDay: 1 },
  { business: 'cafe-del-puerto', voucher: 'dos-por-uno-capuchino', perUserDay: 1 },
  { business: 'cafe-del-puerto', voucher: 'desayuno-paraguayo', total: 300, perUserDay: 1, code: 'PUERTO-2026' },
  { business: 'cafe-del-puerto', voucher: 'tarde-de-rio', budgetMinor: 3_000_000, perLocationDay: 40 },
  { business: 'farmacia-ysyry', voucher: 'dermocosmetica', campaign: 'cuidado' },
  { business: 'farmacia-ysyry', voucher: 'panales-por-bulto', perUser: 2, campaign: 'cuidado' },
];
