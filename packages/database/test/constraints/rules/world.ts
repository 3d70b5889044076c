import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  locationRow,
  translationRows,
  voucherRow,
  type Queryable,
  type Row,
} from '@pika/tests';

export const idOf = (last: number) => `00000000-0000-7000-8000-${String(last).padStart(12, '0')}`;

/** The rows that `insertWorld` writes, and `fresh` for one that it does not. */
export const ids = {
  root: idOf(1),
  child: idOf(2),
  grandchild: idOf(3),
  business: idOf(4),
  location: idOf(5),
  voucher: idOf(6),
  user: idOf(7),
  session: idOf(8),
  rotatedToken: idOf(9),
  successorToken: idOf(10),
  campaign: idOf(11),
  claim: idOf(12),
  redemption: idOf(13),
  secondRedemption: idOf(14),
  secondUser: idOf(15),
  scan: idOf(16),
  fresh: idOf(99),
  second: idOf(98),
} as const;

export const created = '2026-01-01T00:00:00Z';
/** The next instant that a column holds, and the one before. */
export const later = '2026-01-01T00:00:00.001Z';
export const earlier = '2025-12-31T23:59:59.999Z';
export const stamps = { created_at: created, updated_at: created };
export const hash = (byte: string, length = 32) => `\\x${byte.repeat(length)}`;

/** What the tables must hold for the rows of the rules to be taken, and for their doubles to be refused. */
export async function insertWorld(db: Queryable): Promise<void> {
  await addLanguages(db);
  for (const [table, row] of world) await insertRows(db, table, [row]);
  await insertRows(db, 'i18n.translations', translationRows('voucher', `voucher.${ids.voucher}.title`, { es: 'Hola' }));
}

const world: readonly (readonly [table: string, row: Row])[] = [
  ['catalog.categories', categoryRow({ id: ids.root, slug: 'food' })],
  ['catalog.categories', categoryRow({ id: ids.child, slug: 'cafe', parentId: ids.root })],
  ['catalog.categories', categoryRow({ id: ids.grandchild, slug: 'tea', parentId: ids.child })],
  ['users.users', { id: ids.user, email: 'taken@pika.example', display_name: 'T', ...stamps }],
  ['users.users', { id: ids.secondUser, email: 'second@pika.example', display_name: 'S', ...stamps }],
  [
    'business.businesses',
    {
      ...businessRow({ id: ids.business, categoryId: ids.root }),
      source_id: 'osm:1',
      other_names_key: 'business.taken.otherNames',
    },
  ],
  ['business.locations', locationRow({ id: ids.location, businessId: ids.business, latitude: 0, longitude: 0 })],
  [
    'business.invitations',
    {
      id: ids.second,
      business_id: ids.business,
      email: 'taken@pika.example',
      role: 'manager',
      token_hash: hash('11'),
      created_at: created,
      expires_at: later,
    },
  ],
  [
    'identity.email_links',
    {
      id: ids.second,
      user_id: ids.user,
      purpose: 'verify_email',
      token_hash: hash('11'),
      created_at: created,
      expires_at: later,
    },
  ],
  ['identity.backup_codes', { id: ids.second, user_id: ids.user, code_hash: hash('11'), created_at: created }],
  ['identity.sessions', { id: ids.session, user_id: ids.user, created_at: created, expires_at: later }],
  [
    'identity.refresh_tokens',
    {
      id: ids.successorToken,
      session_id: ids.session,
      token_hash: hash('12'),
      issued_at: created,
      expires_at: later,
    },
  ],
  [
    'identity.refresh_tokens',
    {
      id: ids.rotatedToken,
      session_id: ids.session,
      token_hash: hash('11'),
      issued_at: created,
      expires_at: later,
      rotated_at: created,
      successor_id: ids.successorToken,
    },
  ],
  [
    'identity.api_keys',
    {
      id: ids.second,
      business_id: ids.business,
      name: 'Till',
      prefix: 'pika_takentaken',
      secret_hash: hash('11'),
      scopes: ['voucher.redeem'],
      created_at: created,
    },
  ],
  ['marketplace.campaigns', { id: ids.campaign, business_id: ids.business, name: 'Taken', ...stamps }],
  ['marketplace.vouchers', voucherRow({ id: ids.voucher, businessId: ids.business, categoryId: ids.root })],
  [
    'marketplace.code_batches',
    {
      id: ids.second,
      voucher_id: ids.voucher,
      business_id: ids.business,
      kind: 'short',
      requested_count: 2,
      length: 14,
      created_at: created,
    },
  ],
  [
    'marketplace.voucher_codes',
    { id: ids.second, voucher_id: ids.voucher, kind: 'short', code: 'TAKEN1', created_at: created },
  ],
  [
    'marketplace.claims',
    {
      id: ids.claim,
      voucher_id: ids.voucher,
      user_id: ids.user,
      source_id: 'taken',
      short_code: 'TAKEN22222',
      claimed_at: created,
      updated_at: created,
    },
  ],
  [
    'marketplace.holds',
    {
      id: ids.second,
      voucher_id: ids.voucher,
      user_id: ids.user,
      key: 'taken',
      created_at: created,
      expires_at: later,
    },
  ],
  [
    'marketplace.scans',
    {
      nonce: ids.scan,
      voucher_id: ids.voucher,
      business_id: ids.business,
      location_id: ids.location,
      scanned_at: created,
      received_at: created,
    },
  ],
  ...[ids.redemption, ids.secondRedemption].map(
    (id) =>
      [
        'marketplace.redemptions',
        {
          id,
          voucher_id: ids.voucher,
          business_id: ids.business,
          channel: 'counter',
          local_day: '2026-01-01',
          redeemed_at: created,
        },
      ] as const,
  ),
  [
    'marketplace.redemptions',
    {
      id: ids.second,
      kind: 'rollback',
      reverses_id: ids.redemption,
      voucher_id: ids.voucher,
      business_id: ids.business,
      channel: 'counter',
      local_day: '2026-01-01',
      redeemed_at: created,
    },
  ],
];
