import { databaseProblem, lockVersion, type Db, type Transaction } from '@pika/database';
import { firstPerField, invalidRequest, newId, sharedProblems, type FieldError } from '@pika/shared';
import type { ChangeAsking } from '../business-context.ts';
import { voucherProblems } from '../problems.ts';
import {
  deleteCampaign,
  findCampaign,
  hasVouchersInOtherCurrency,
  insertCampaign,
  isCurrency,
  lockCampaign,
  updateCampaign,
  type CampaignRow,
} from './campaign.repository.ts';
import type { CampaignContent, CampaignPatch, NewCampaign } from './campaign.schemas.ts';

/** The app's words for what the database refuses of a campaign. */
export function campaignProblem(error: unknown): unknown {
  const belowUse = voucherProblems['voucher.limitBelowUse'];
  return (
    databaseProblem(error, {
      campaign_counters_used_count_within_limit: belowUse,
      campaign_counters_discount_within_budget: belowUse,
    }) ?? error
  );
}

export async function getCampaign(db: Db, { businessId, id }: Omit<ChangeAsking, 'ifMatch'>): Promise<CampaignRow> {
  const row = await findCampaign(db, businessId, id);
  if (row === null) throw sharedProblems['record.notFound']();
  return row;
}

export async function createCampaign(tx: Transaction, campaign: NewCampaign, now: Date): Promise<CampaignRow> {
  const { businessId, ...content } = campaign;
  refuse([...contentFaults(content), ...(await currencyFaults(tx, content))]);
  const id = newId(now);
  await insertCampaign(tx, { id, businessId }, content);
  return getCampaign(tx, { businessId, id });
}

/** Throws `request.invalid`, `record.changed`, `voucher.limitBelowUse`. */
export async function changeCampaign(
  tx: Transaction,
  asking: ChangeAsking,
  patch: CampaignPatch,
): Promise<CampaignRow> {
  const { businessId, id } = asking;
  await lockVersion(tx, lockCampaign(businessId, id), asking.ifMatch);
  const before = await getCampaign(tx, asking);
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const content: CampaignContent = { ...before, ...given };
  const isOther =
    content.currency !== null &&
    content.currency !== before.currency &&
    (await hasVouchersInOtherCurrency(tx, id, content.currency));
  refuse([
    ...contentFaults(content),
    ...(await currencyFaults(tx, content)),
    ...(isOther ? [{ field: 'currency', code: 'vouchersInOtherCurrency' }] : []),
    ...(before.discountMinor > 0 && before.currency !== null && content.currency !== before.currency
      ? [{ field: 'currency', code: 'countedIn', params: { currency: before.currency } }]
      : []),
  ]);
  await updateCampaign(tx, id, content);
  return getCampaign(tx, { businessId, id });
}

/** Throws `record.inUse` where vouchers belong to it, or something was redeemed in it. */
export async function removeCampaign(tx: Transaction, asking: ChangeAsking, now: Date): Promise<void> {
  const { businessId, id, ifMatch } = asking;
  await lockVersion(tx, lockCampaign(businessId, id), ifMatch);
  if (!(await deleteCampaign(tx, id, now))) throw sharedProblems['record.inUse']();
}

function contentFaults({ startsAt, endsAt, budgetMinor, currency }: CampaignContent): FieldError[] {
  return [
    ...(startsAt !== null && endsAt !== null && endsAt <= startsAt ? [{ field: 'endsAt', code: 'notAfterStart' }] : []),
    ...(budgetMinor !== null && currency === null ? [{ field: 'currency', code: 'required' }] : []),
    ...(budgetMinor === null && currency !== null ? [{ field: 'currency', code: 'noAmount' }] : []),
  ];
}

async function currencyFaults(tx: Db, { currency }: CampaignContent): Promise<FieldError[]> {
  return currency === null || (await isCurrency(tx, currency)) ? [] : [{ field: 'currency', code: 'unknownCurrency' }];
}

function refuse(faults: readonly FieldError[]): void {
  if (faults.length > 0) throw invalidRequest(firstPerField(faults));
}
