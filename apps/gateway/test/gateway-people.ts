import { stableId, voucherIdOf } from '@pika/database';
import type { ApiKeyCaller, MemberRole, UserCaller } from '@pika/shared';
import type { Row, TestCallers } from '@pika/tests';

const personNames = [
  'consumer',
  'otherConsumer',
  'redeemer',
  'manager',
  'owner',
  'otherOwner',
  'support',
  'admin',
] as const;
export type PersonName = (typeof personNames)[number];
type ByPerson = Readonly<Record<PersonName, string>>;

export interface People {
  /** The business of most callers, and one of somebody else; both are in the seed. */
  readonly businessId: string;
  readonly otherBusinessId: string;
  readonly userIds: ByPerson;
  /** Of each, in the database too. */
  readonly sessionIds: ByPerson;
  readonly addressIds: ByPerson;
  /** Of the one business and of the other. */
  readonly invitationIds: readonly [string, string];
  readonly apiKeyIds: readonly [string, string];
  /** Of each, one that lacks nothing to be published, one that is published, and one that is suspended. */
  readonly vouchers: readonly [OwnVouchers, OwnVouchers];
  readonly campaignIds: readonly [string, string];
  /** Of `claimedVoucherId`, as is a hold of each. */
  readonly claimIds: ByPerson;
  /** Of the one business and of the other. */
  readonly redemptionIds: readonly [string, string];
  readonly callers: TestCallers;
  /** By table, with the columns of its key. */
  readonly rows: readonly {
    readonly table: string;
    readonly key: string;
    readonly rows: readonly Row[];
    /** Written once and never changed. */
    readonly isLedger?: true;
  }[];
}

const stamps = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
const span = { created_at: '2026-03-01T00:00:00Z', expires_at: '2036-03-01T00:00:00Z' };

const openSession = {
  last_used_at: span.created_at,
  revoked_at: null,
  revoke_reason: null,
  impersonated_by: null,
  impersonation_reason: null,
  ...span,
};

const voucherStates = ['draft', 'published', 'suspended'] as const;

export type OwnVouchers = Readonly<Record<(typeof voucherStates)[number], string>>;

/** A business of the seed, with one of its locations and its category. */
export interface SeededBusiness {
  readonly id: string;
  readonly locationId: string;
  readonly categoryId: string;
}

/** Somebody in every role, with the rows that say so, and what the two businesses offer. */
export function peopleOf(seeded: readonly [SeededBusiness, SeededBusiness], scopes: readonly string[]): People {
  const [businessId, otherBusinessId] = [seeded[0].id, seeded[1].id];
  const idsOf = (what: string) =>
    Object.fromEntries(personNames.map((name) => [name, stableId(`test:${what}:${name}`)])) as ByPerson;
  const userIds = idsOf('user');
  const sessionIds = idsOf('session');
  const addressIds = idsOf('address');
  const businesses = [businessId, otherBusinessId];
  const invitationIds = [stableId('test:invitation:1'), stableId('test:invitation:2')] as const;
  const actingSessionId = stableId('test:session:acting');
  const apiKeyIds = [stableId('test:key:1'), stableId('test:key:2')] as const;
  const vouchers = seeded.map((_, at) =>
    Object.fromEntries(voucherStates.map((state) => [state, stableId(`test:voucher:${at}:${state}`)])),
  ) as unknown as [OwnVouchers, OwnVouchers];
  const claimIds = idsOf('claim');
  const redemptionIds = [stableId('test:redemption:1'), stableId('test:redemption:2')] as const;
  const campaignIds = [stableId('test:campaign:1'), stableId('test:campaign:2')] as const;
  const members: [PersonName, MemberRole, string][] = [
    ['owner', 'owner', businessId],
    ['manager', 'manager', businessId],
    ['redeemer', 'redeemer', businessId],
    ['otherOwner', 'owner', otherBusinessId],
  ];
  const operators = ['support', 'admin'] as const;
  const person = (name: PersonName): UserCaller => ({
    kind: 'user',
    userId: userIds[name],
    sessionId: sessionIds[name],
    roles: operators.filter((role) => role === name),
    businesses: Object.fromEntries(members.flatMap(([who, role, id]) => (who === name ? [[id, role]] : []))),
  });
  const key = (keyId: string, ofBusiness: string, keyScopes: readonly string[]): ApiKeyCaller => ({
    kind: 'apiKey',
    keyId,
    businessId: ofBusiness,
    scopes: keyScopes,
  });
  return {
    businessId,
    otherBusinessId,
    userIds,
    sessionIds,
    addressIds,
    invitationIds,
    apiKeyIds,
    vouchers,
    campaignIds,
    claimIds,
    redemptionIds,
    callers: {
      ...Object.fromEntries(personNames.map((name) => [name, { token: `token.of.${name}`, caller: person(name) }])),
      actingOwner: {
        token: 'token.of.actingOwner',
        caller: { ...person('owner'), sessionId: actingSessionId, impersonatedBy: userIds.support },
      },
      key: { token: 'pika_key', caller: key(apiKeyIds[0], businessId, scopes) },
      weakKey: { token: 'pika_weak', caller: key(stableId('test:key:weak'), businessId, []) },
      otherKey: { token: 'pika_other', caller: key(apiKeyIds[1], otherBusinessId, scopes) },
    },
    rows: [
      {
        table: 'users.users',
        key: 'id',
        rows: personNames.map((name) => ({
          id: userIds[name],
          email: `${name.toLowerCase()}@test.example`,
          display_name: name,
          state: 'active',
          version: 1,
          ...stamps,
        })),
      },
      {
        table: 'identity.role_grants',
        key: 'user_id, role',
        rows: operators.map((role) => ({ user_id: userIds[role], role, granted_at: stamps.created_at })),
      },
      {
        table: 'identity.sessions',
        key: 'id',
        rows: [
          ...personNames.map((name) => ({ id: sessionIds[name], user_id: userIds[name], ...openSession })),
          {
            id: actingSessionId,
            user_id: userIds.owner,
            ...openSession,
            impersonated_by: userIds.support,
            impersonation_reason: 'a ticket',
          },
        ],
      },
      {
        table: 'users.addresses',
        key: 'id',
        rows: personNames.map((name) => ({
          id: addressIds[name],
          user_id: userIds[name],
          label: 'Home',
          country_code: 'PY',
          version: 1,
          deleted_at: null,
          ...stamps,
        })),
      },
      {
        table: 'business.members',
        key: 'business_id, user_id',
        rows: members.map(([name, role, id]) => ({ business_id: id, user_id: userIds[name], role, ...stamps })),
      },
      {
        table: 'business.invitations',
        key: 'id',
        rows: businesses.map((id, at) => ({
          id: invitationIds[at],
          business_id: id,
          email: `guest${at}@test.example`,
          role: 'redeemer',
          token_hash: `\\x${String(at).repeat(64)}`,
          accepted_at: null,
          revoked_at: null,
          ...span,
        })),
      },
      {
        table: 'identity.api_keys',
        key: 'id',
        rows: businesses.map((id, at) => ({
          id: apiKeyIds[at],
          business_id: id,
          name: 'Till',
          prefix: `pika_aaaaaaa${at}`,
          secret_hash: `\\x${String(at).repeat(64)}`,
          scopes: ['offers.read'],
          allowed_origins: [],
          created_at: stamps.created_at,
          revoked_at: null,
        })),
      },
      ...offerRows(seeded, vouchers, campaignIds),
      ...useRows(vouchers, { businesses, userIds, claimIds, redemptionIds }),
    ],
  };
}

function offerRows(
  seeded: readonly SeededBusiness[],
  vouchers: readonly OwnVouchers[],
  campaignIds: readonly string[],
): People['rows'] {
  const own = seeded.flatMap((business, at) =>
    voucherStates.map((state) => ({ business, state, id: vouchers[at]![state] })),
  );
  return [
    {
      table: 'marketplace.campaigns',
      key: 'id',
      rows: seeded.map(({ id }, at) => ({
        id: campaignIds[at],
        business_id: id,
        name: 'Primavera',
        limit_total: null,
        version: 1,
        deleted_at: null,
        ...stamps,
      })),
    },
    {
      table: 'marketplace.campaign_counters',
      key: 'campaign_id',
      rows: campaignIds.map((id) => ({ campaign_id: id, used_count: 0, discount_minor: 0 })),
    },
    {
      table: 'marketplace.vouchers',
      key: 'id',
      rows: own.map(({ business, state, id }) => ({
        id,
        business_id: business.id,
        category_id: business.categoryId,
        title_key: `voucher.${id}.title`,
        description_key: `voucher.${id}.description`,
        terms_key: `voucher.${id}.terms`,
        source_language: 'es',
        state,
        discount_type: 'percentage',
        percent_off: 10,
        valid_from: '2026-01-01',
        rollback_window_minutes: 1_440,
        content_version: 1,
        version: 1,
        deleted_at: null,
        ...stamps,
      })),
    },
    {
      table: 'marketplace.voucher_counters',
      key: 'voucher_id',
      rows: own.map(({ id }) => ({ voucher_id: id, used_count: 0, discount_minor: 0, claimed_count: 0 })),
    },
    {
      table: 'marketplace.voucher_locations',
      key: 'voucher_id, location_id',
      rows: own.map(({ business, id }) => ({ voucher_id: id, location_id: business.locationId })),
    },
    {
      table: 'i18n.translations',
      key: 'key, language_code',
      rows: own.flatMap(({ business, id }) =>
        ['title', 'description'].flatMap((field) =>
          ['es', 'en', 'ar', 'gn'].map((language) => ({
            key: `voucher.${id}.${field}`,
            language_code: language,
            value: `${field} ${language}`,
            domain: 'voucher',
            verified: false,
            source_hash: null,
            business_id: business.id,
            updated_at: stamps.updated_at,
          })),
        ),
      ),
    },
  ];
}

/** A key for each person's hold. */
export const holdKeyOf = (name: string) => `basket-of-${name.toLowerCase()}`;

/** Of a business that nobody here belongs to. */
export const claimedVoucherId = voucherIdOf('farmacia-ysyry', 'dermocosmetica');

/** What was claimed and held, and one redemption of each of the two businesses. */
function useRows(
  vouchers: readonly OwnVouchers[],
  ids: Pick<People, 'userIds' | 'claimIds' | 'redemptionIds'> & { businesses: readonly string[] },
): People['rows'] {
  return [
    {
      table: 'marketplace.claims',
      key: 'id',
      rows: personNames.map((name, at) => ({
        id: ids.claimIds[name],
        voucher_id: claimedVoucherId,
        user_id: ids.userIds[name],
        source_id: 'test',
        state: 'active',
        claimed_at: stamps.created_at,
        expires_at: null,
        short_code: `222222222${2 + at}`,
        version: 1,
        updated_at: stamps.updated_at,
      })),
    },
    {
      table: 'marketplace.holds',
      key: 'voucher_id, key',
      rows: personNames.map((name) => ({
        id: stableId(`test:hold:${name}`),
        voucher_id: claimedVoucherId,
        user_id: ids.userIds[name],
        key: holdKeyOf(name),
        created_at: '2026-03-04T14:59:00Z',
        expires_at: '2026-03-04T15:10:00Z',
        released_at: null,
      })),
    },
    {
      table: 'marketplace.redemptions',
      key: 'id',
      isLedger: true,
      rows: ids.businesses.map((businessId, at) => ({
        id: ids.redemptionIds[at],
        kind: 'redemption',
        voucher_id: vouchers[at]!.published,
        business_id: businessId,
        channel: 'counter',
        local_day: '2026-03-04',
        discount_minor: 0,
        redeemed_at: '2026-03-04T14:00:00Z',
      })),
    },
  ];
}
