export { vouchersJobs } from './vouchers.jobs.ts';
export { startCardUpkeep, type CardUpkeep } from './card/card.upkeep.ts';
export { refuseDevelopmentSecrets, vouchersSettings } from './config.ts';
export { voucherProblems } from './problems.ts';
export { vouchersLocales, vouchersRouter, vouchersRoutes, type VouchersDeps } from './router.ts';
export { openVoucherKeys, type VoucherKeys } from './voucher-key/open-voucher-keys.ts';
export { voucherKeyJobs } from './voucher-key/voucher-key.jobs.ts';
export { voucherKeyRing } from './voucher-key/voucher-key.ring.ts';
export { searchNearby, type NearbyFilter, type NearbyPage, type NearbyPosition } from './voucher/voucher.search.ts';
