export { readRevocationFilter, type RevocationFilter, type RevocationFilterVerdict } from './read-revocation-filter.ts';
export { newShortCode, readShortCode, showShortCode } from './short-code.ts';
export { signVoucherToken, type SignedVoucherToken } from './sign-voucher-token.ts';
export {
  readVoucherToken,
  voucherTokenLength,
  type VoucherTokenKind,
  type VoucherTokenParts,
} from './voucher-token-text.ts';
export { readVoucherKeys, voucherKeySetType, type VoucherKey } from './voucher-key.ts';
export { verifyVoucherToken, type VoucherTokenRules, type VoucherTokenVerdict } from './verify-voucher-token.ts';
export { revocationPrecisionBits, writeRevocationFilter, type SignRevocations } from './write-revocation-filter.ts';
