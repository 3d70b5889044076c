import type { Row } from '@pika/tests';

/** Whose rows they are: two of everybody, who have nothing to do with each other. */
export interface Party {
  number: 1 | 2;
  userId: string;
  businessId: string;
}

export const id = (party: number, kind: number) =>
  `00000000-0000-7000-8000-${String(party).padStart(4, '0')}${String(kind).padStart(8, '0')}`;

export const party = (number: 1 | 2): Party => ({ number, userId: id(number, 1), businessId: id(number, 2) });

/** Rows that a table's policies are tried with; `fresh` tells the one that is inserted from the one that is there. */
export interface TableRows {
  /** In the order in which they can be inserted, one row of a party for each table. */
  table: string;
  row: (of: Party, fresh: boolean) => Row;
  /** A column that those who may update the table at all may update. */
  touch: string;
  /** A trigger has written the rows already. */
  isGiven?: boolean;
}

const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
const later = { created_at: '2026-01-01T00:00:00Z', expires_at: '2027-01-01T00:00:00Z' };
const hash = ({ number }: Party, fresh: boolean) => `\\x${String(number)}${fresh ? '1' : '0'}${'ab'.repeat(31)}`;
/** The id of the party's row of a kind, or of the fresh one. */
const own = (of: Party, kind: number, fresh = false) => id(of.number, kind + (fresh ? 1000 : 0));
const category = id(0, 1);

/** Published in both parties: what the public sees of a stranger is part of the matrix. */
export const tables: readonly TableRows[] = [
  {
    table: 'users.users',
    row: (of, fresh) => ({
      id: of.userId,
      email: `party${of.number}${fresh ? 'fresh' : ''}@pika.example`,
      display_name: 'A',
      state: 'active',
      version: 1,
      ...stamps,
    }),
    touch: 'updated_at',
  },
  {
    table: 'users.addresses',
    row: (of, fresh) => ({
      id: own(of, 10, fresh),
      user_id: of.userId,
      label: 'Home',
      country_code: 'PY',
      version: 1,
      ...stamps,
    }),
    touch: 'label',
  },
  {
    table: 'users.preferences',
    row: (of) => ({
      user_id: of.userId,
      email_activity: true,
      email_offers: false,
      version: 1,
      updated_at: stamps.updated_at,
    }),
    touch: 'email_offers',
  },
  {
    table: 'identity.credentials',
    row: (of) => ({
      user_id: of.userId,
      password_hash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
      password_changed_at: stamps.updated_at,
      updated_at: stamps.updated_at,
    }),
    touch: 'password_hash',
  },
  {
    table: 'identity.email_links',
    row: (of, fresh) => ({
      id: own(of, 11, fresh),
      user_id: of.userId,
      purpose: 'verify_email',
      token_hash: hash(of, fresh),
      ...later,
    }),
    touch: 'used_at',
  },
  {
    table: 'identity.totp_factors',
    row: (of) => ({ user_id: of.userId, encrypted_secret: `\\x${'01'.repeat(40)}`, created_at: stamps.created_at }),
    touch: 'last_used_step',
  },
  {
    table: 'identity.backup_codes',
    row: (of, fresh) => ({
      id: own(of, 12, fresh),
      user_id: of.userId,
      code_hash: hash(of, fresh),
      created_at: stamps.created_at,
    }),
    touch: 'used_at',
  },
  {
    table: 'identity.sessions',
    row: (of, fresh) => ({ id: own(of, 13, fresh), user_id: of.userId, last_used_at: later.created_at, ...later }),
    touch: 'revoked_at',
  },
  {
    table: 'identity.refresh_tokens',
    row: (of, fresh) => ({
      id: own(of, 14, fresh),
      session_id: own(of, 13),
      token_hash: hash(of, fresh),
      issued_at: later.created_at,
      expires_at: later.expires_at,
    }),
    touch: 'rotated_at',
  },
  {
    table: 'identity.role_grants',
    row: (of, fresh) => ({ user_id: of.userId, role: fresh ? 'admin' : 'support', granted_at: stamps.created_at }),
    touch: 'granted_at',
  },
  {
    table: 'business.businesses',
    row: (of, fresh) => ({
      id: fresh ? own(of, 2, true) : of.businessId,
      owner_id: of.userId,
      category_id: category,
      name_key: `business.${fresh ? own(of, 2, true) : of.businessId}.name`,
      description_key: `business.${own(of, 2, fresh)}.description`,
      source_language: 'es',
      status: fresh ? 'pending' : 'verified',
      version: 1,
      ...stamps,
    }),
    touch: 'updated_at',
  },
  {
    table: 'business.locations',
    row: (of, fresh) => ({
      id: own(of, 15, fresh),
      business_id: of.businessId,
      latitude: 0,
      longitude: 0,
      time_zone: 'America/Asuncion',
      version: 1,
      ...stamps,
    }),
    touch: 'street',
  },
  {
    table: 'business.special_days',
    row: (of, fresh) => ({ location_id: own(of, 15), day: fresh ? '2026-01-02' : '2026-01-01', hours: '{}' }),
    touch: 'note',
  },
  {
    table: 'business.members',
    row: (of, fresh) => ({
      business_id: of.businessId,
      user_id: fresh ? id(0, 2) : of.userId,
      role: 'owner',
      ...stamps,
    }),
    touch: 'role',
  },
  {
    table: 'business.invitations',
    row: (of, fresh) => ({
      id: own(of, 16, fresh),
      business_id: of.businessId,
      email: fresh ? 'b@pika.example' : 'a@pika.example',
      role: 'redeemer',
      token_hash: hash(of, fresh),
      ...later,
    }),
    touch: 'accepted_at',
  },
  {
    table: 'identity.api_keys',
    row: (of, fresh) => ({
      id: own(of, 17, fresh),
      business_id: of.businessId,
      name: 'Till',
      prefix: `pika_aaaaaaa${of.number}${fresh ? 'f' : ''}`,
      secret_hash: hash(of, fresh),
      scopes: ['redemptions.write'],
      allowed_origins: [],
      created_at: stamps.created_at,
    }),
    touch: 'revoked_at',
  },
  {
    table: 'identity.api_key_uses',
    row: (of, fresh) => ({ api_key_id: own(of, 17, fresh), last_used_at: stamps.created_at }),
    touch: 'last_used_at',
  },
  {
    table: 'marketplace.campaigns',
    row: (of, fresh) => ({ id: own(of, 18, fresh), business_id: of.businessId, name: 'Summer', version: 1, ...stamps }),
    touch: 'name',
  },
  {
    table: 'marketplace.vouchers',
    row: (of, fresh) => ({
      id: own(of, 19, fresh),
      business_id: of.businessId,
      category_id: category,
      title_key: `voucher.${own(of, 19, fresh)}.title`,
      description_key: `voucher.${own(of, 19, fresh)}.description`,
      terms_key: `voucher.${own(of, 19, fresh)}.terms`,
      source_language: 'es',
      state: fresh ? 'draft' : 'published',
      discount_type: 'percentage',
      percent_off: 10,
      valid_from: '2026-01-01',
      rollback_window_minutes: 60,
      version: 1,
      ...stamps,
    }),
    touch: 'updated_at',
  },
  {
    table: 'marketplace.voucher_locations',
    row: (of, fresh) => ({ voucher_id: own(of, fresh ? 20 : 19), location_id: own(of, 15) }),
    touch: 'location_id',
  },
  {
    table: 'marketplace.code_batches',
    row: (of, fresh) => ({
      id: own(of, 27, fresh),
      voucher_id: own(of, 19),
      business_id: of.businessId,
      kind: 'short',
      requested_count: 2,
      made_count: 0,
      length: 14,
      prefix: '',
      state: 'waiting',
      created_at: stamps.created_at,
    }),
    touch: 'made_count',
  },
  {
    table: 'marketplace.token_keys',
    row: (of, fresh) => ({
      kid: `key${of.number}${fresh ? 'fresh' : ''}`,
      public_jwk: {},
      encrypted_private_key: hash(of, fresh),
      published_at: later.created_at,
      active_from: later.created_at,
      retires_at: later.expires_at,
    }),
    touch: 'retires_at',
  },
  {
    table: 'marketplace.voucher_codes',
    row: (of, fresh) => ({
      id: own(of, 21, fresh),
      voucher_id: own(of, 19),
      kind: 'short',
      code: `CODE${of.number}${fresh ? 'F' : 'S'}`,
      created_at: stamps.created_at,
    }),
    touch: 'revoked_at',
  },
  {
    table: 'marketplace.claims',
    row: (of, fresh) => ({
      id: own(of, 22, fresh),
      voucher_id: own(of, 19),
      user_id: of.userId,
      source_id: fresh ? 'again' : '',
      state: 'active',
      claimed_at: stamps.created_at,
      version: 1,
      updated_at: stamps.updated_at,
    }),
    touch: 'updated_at',
  },
  {
    table: 'marketplace.holds',
    row: (of, fresh) => ({
      id: own(of, 23, fresh),
      voucher_id: own(of, 19),
      user_id: of.userId,
      key: fresh ? 'b' : 'a',
      ...later,
    }),
    touch: 'released_at',
  },
  {
    table: 'marketplace.redemptions',
    row: (of, fresh) => ({
      id: own(of, 24, fresh),
      kind: 'redemption',
      voucher_id: own(of, 19),
      business_id: of.businessId,
      user_id: of.userId,
      channel: 'counter',
      local_day: '2026-01-01',
      discount_minor: 0,
      redeemed_at: stamps.created_at,
    }),
    touch: 'request_id',
  },
  {
    table: 'marketplace.code_uses',
    row: (of, fresh) => ({
      code_id: own(of, fresh ? 28 : 21),
      redemption_id: own(of, 24),
      used_at: stamps.created_at,
    }),
    touch: 'used_at',
  },
  {
    table: 'marketplace.scans',
    row: (of, fresh) => ({
      nonce: own(of, 29, fresh),
      voucher_id: own(of, 19),
      business_id: of.businessId,
      location_id: own(of, 15),
      user_id: of.userId,
      scanned_at: stamps.created_at,
      received_at: stamps.created_at,
    }),
    touch: 'device',
  },
  {
    table: 'marketplace.scan_verdicts',
    row: (of, fresh) => ({ nonce: own(of, fresh ? 30 : 29), violations: [], folded_at: stamps.created_at }),
    touch: 'folded_at',
  },
  {
    table: 'marketplace.attempts',
    row: (of, fresh) => ({
      id: own(of, 25, fresh),
      voucher_id: own(of, 19),
      business_id: of.businessId,
      user_id: of.userId,
      channel: 'counter',
      violations: [],
      attempted_at: stamps.created_at,
    }),
    touch: 'device',
  },
  {
    table: 'marketplace.voucher_counters',
    row: (of, fresh) => ({ voucher_id: own(of, fresh ? 20 : 19), used_count: 0, discount_minor: 0 }),
    touch: 'used_count',
    isGiven: true,
  },
  {
    table: 'marketplace.campaign_counters',
    row: (of, fresh) => ({ campaign_id: own(of, fresh ? 20 : 18), used_count: 0, discount_minor: 0 }),
    touch: 'used_count',
    isGiven: true,
  },
  {
    table: 'marketplace.campaign_user_counters',
    row: (of, fresh) => ({ campaign_id: own(of, fresh ? 20 : 18), user_id: of.userId, used_count: 0 }),
    touch: 'used_count',
  },
  {
    table: 'marketplace.user_counters',
    row: (of, fresh) => ({ voucher_id: own(of, fresh ? 20 : 19), user_id: of.userId, used_count: 0 }),
    touch: 'used_count',
  },
  {
    table: 'marketplace.user_day_counters',
    row: (of, fresh) => ({
      voucher_id: own(of, 19),
      user_id: of.userId,
      day: fresh ? '2026-01-02' : '2026-01-01',
      used_count: 0,
    }),
    touch: 'used_count',
  },
  {
    table: 'marketplace.location_day_counters',
    row: (of, fresh) => ({
      voucher_id: own(of, 19),
      location_id: own(of, 15),
      day: fresh ? '2026-01-02' : '2026-01-01',
      used_count: 0,
    }),
    touch: 'used_count',
  },
  {
    table: 'analytics.events',
    row: (of, fresh) => ({
      id: own(of, 26, fresh),
      type: 'seen',
      business_id: of.businessId,
      voucher_id: own(of, 19),
      weight: 1,
      occurred_at: stamps.created_at,
    }),
    touch: 'weight',
  },
  {
    table: 'i18n.translations',
    row: (of, fresh) => ({
      key: `business.${of.businessId}.name`,
      language_code: fresh ? 'en' : 'es',
      value: 'A',
      domain: 'business',
      verified: false,
      updated_at: stamps.updated_at,
    }),
    touch: 'value',
  },
  {
    table: 'security.idempotency_keys',
    row: (of, fresh) => ({
      caller: `user:${of.userId}`,
      operation: 'insertOffer',
      key: fresh ? 'fresh' : 'there',
      fingerprint: hash(of, fresh),
      status: 201,
      headers: {},
      body: hash(of, fresh),
      created_on: '2026-01-01',
      created_at: stamps.created_at,
    }),
    touch: 'status',
  },
];

/** Rows that the fresh ones above lean on, and that no cell tries. */
export const supports = {
  category: { id: category, slug: 'food' },
  stranger: {
    id: id(0, 2),
    email: 'stranger@pika.example',
    display_name: 'S',
    state: 'active',
    version: 1,
    ...stamps,
  },
  /** A second voucher and a second campaign of each party. */
  spare: (of: Party) => id(of.number, 20),
};
