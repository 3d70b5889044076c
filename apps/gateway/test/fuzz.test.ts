import { gatewayOpenApi } from '@pika/gateway';
import { runFuzz, testSeed } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGatewayApi, type GatewayApi } from './gateway-api.ts';
import { claimedVoucherId, holdKeyOf, type People } from './gateway-people.ts';
import { knownValues, restoreRows } from './gateway-rows.ts';

/** About a hundred for each operation, so that each succeeds now and then. */
const requests = Number(process.env['PIKA_FUZZ_REQUESTS'] ?? 8_000);

/** Rules between fields, and of values that only the database knows. */
const rules = [
  'bbox: invalidFormat',
  'allowedOrigins: invalidFormat',
  'expiresAt: notInFuture',
  'commonPassword',
  'passwordIsEmail',
  'passwordOfOwnWords',
  'coordinatePair',
  'beforeFirstDay',
  'noAmount',
  'noSuchDay',
  'notWithCode',
  'onlyStatic',
  'looksLikeClaim',
  'otherCurrency',
  'count: tooBig',
  'length: tooSmall',
  'notAfterStart',
  'tooManyDays',
  'tooFine',
  'tooManyDays',
  'unknownCurrency',
  'unknownReference',
  'currency: required',
  'sourceText',
  'eitherAreaOrRadius',
  'eitherNowOrAt',
  'foreignCursor',
  'unknownCategory',
  'unknownLanguage',
];

/** They succeed for who holds a secret of their own, which their apps' own tests do. */
const forHoldersOfSecrets = [
  'refreshSession',
  'verifyEmail',
  'logIn',
  'resetPassword',
  'changePassword',
  'enrolTotp',
  'confirmTotp',
  'disableTotp',
  'acceptInvitation',
  'eraseMe',
];

/** They succeed once, from one state, or with what chance seldom draws: their app's own tests try every way. */
const fromOneState = [
  'publishVoucher',
  'suspendVoucher',
  'resumeVoucher',
  'deleteVoucher',
  'deleteCampaign',
  'listCodes',
  'getFunnel',
  'claimVoucher',
  'holdVoucher',
  'redeemVoucher',
  'redeemClaim',
  'validateCode',
  'redeemCode',
];

let gateway: GatewayApi;

beforeAll(async () => {
  gateway = await startGatewayApi();
});

afterAll(() => gateway?.close());

it(
  `holds what the OpenAPI document says in ${requests} requests of everybody`,
  { timeout: 60_000 + requests * 50 },
  async () => {
    const { api, routes, people } = gateway;
    const startedAt = performance.now();
    const report = await runFuzz({
      url: api.url,
      document: gatewayOpenApi(),
      routes,
      callers: people.callers,
      known: await knownValues(gateway.test.pool),
      owned: ownedBy(people),
      restore: () => restoreRows(gateway.test.pool, people),
      rules,
      // A wallet shows what was given back.
      leaveRecord: ['releaseClaim'],
      requests,
      seed: testSeed('fuzz'),
    });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`[fuzz] ${report.sent} requests in ${seconds} s`, report.byStatus, report.successes);
    expect(report.failures.join('\n\n'), `the server's log: ${api.failures.at(-1)}`).toBe('');
    expect(api.failures).toEqual([]);
    expect(report.sent).toBeGreaterThanOrEqual(requests);
    const neverDone = Object.keys(report.successes).filter((operationId) => report.successes[operationId] === 0);
    expect(neverDone.filter((operationId) => ![...forHoldersOfSecrets, ...fromOneState].includes(operationId))).toEqual(
      [],
    );
  },
);

/** What paths name of a caller's own: of themselves, and of the business that they belong to. */
function ownedBy({
  callers,
  sessionIds,
  addressIds,
  invitationIds,
  apiKeyIds,
  vouchers,
  campaignIds,
  claimIds,
  redemptionIds,
  ...people
}: People) {
  const of = <Id extends string>(ids: Readonly<Record<Id, string>>, name: string) => {
    const id = Object.entries<string>(ids).find(([each]) => each === name)?.[1];
    return id === undefined ? [] : [id];
  };
  return Object.fromEntries(
    Object.keys(callers).map((name) => {
      const isOther = name === 'otherOwner' || name === 'otherKey';
      const at = isOther ? 1 : 0;
      const members = isOther ? [people.userIds.otherOwner] : [people.userIds.redeemer, people.userIds.manager];
      return [
        name,
        {
          sessions: of(sessionIds, name),
          addresses: of(addressIds, name),
          invitations: [invitationIds[at]],
          'api-keys': [apiKeyIds[at]],
          vouchers: [...Object.values(vouchers[at]), claimedVoucherId],
          campaigns: [campaignIds[at]],
          claims: of(claimIds, name),
          holds: [holdKeyOf(name)],
          redemptions: [redemptionIds[at]],
          members,
          users: [people.userIds.consumer, people.userIds.support],
        },
      ];
    }),
  );
}
