import { databaseProblem, lockVersion, multirangeText, type Db, type Transaction } from '@pika/database';
import {
  firstPerField,
  invalidRequest,
  newId,
  sharedProblems,
  weeklyRangesOf,
  type ProblemCreator,
  type ProblemDetails,
} from '@pika/shared';
import type { ChangeAsking } from '../business-context.ts';
import { voucherProblems } from '../problems.ts';
import { contentFaults, publishingFaults, referenceFaults, textFaults } from './offer.checks.ts';
import { mapOffer } from './offer.mapper.ts';
import { findOffer, lockOffer, type OfferRow } from './offer.repository.ts';
import type { NewOffer, OfferContent, OfferPatch, OfferState } from './offer.schemas.ts';
import { writeTexts, type TextChange } from './offer-text.repository.ts';
import {
  deleteOffer,
  findReferences,
  insertOffer,
  setLocations,
  updateOffer,
  updateOfferState,
  type StoredOffer,
} from './offer-write.repository.ts';

/** The app's words for what the database refuses of an offer. */
export function offerProblem(error: unknown): unknown {
  const belowUse = voucherProblems['voucher.limitBelowUse'];
  return (
    databaseProblem(error, {
      voucher_counters_used_count_within_limit: belowUse,
      voucher_counters_discount_within_budget: belowUse,
      voucher_counters_claimed_count_within_limit: belowUse,
      vouchers_keep_discount: voucherProblems['voucher.discountInUse'],
    }) ?? error
  );
}

export async function getOffer(db: Db, { businessId, id }: Omit<ChangeAsking, 'ifMatch'>): Promise<OfferRow> {
  const row = await findOffer(db, businessId, id);
  if (row === null) throw voucherProblems['voucher.notFound']();
  return row;
}

/** A draft with its texts and locations. Throws `request.invalid` for what points to nothing, or to somebody else's. */
export async function createOffer(tx: Transaction, offer: NewOffer, now: Date): Promise<OfferRow> {
  const { businessId, sourceLanguage, title, description, terms, ...content } = offer;
  const id = newId(now);
  const texts = changesOf({ title, description, terms });
  await assertSound(tx, { businessId, sourceLanguage, before: null }, content, texts);
  await insertOffer(tx, { id, businessId, sourceLanguage }, storedOffer(content));
  await writeTexts(tx, { id, sourceLanguage }, texts);
  await setLocations(tx, id, content.locationIds);
  return getOffer(tx, { businessId, id });
}

/**
 * Changes what the patch names; limits and texts one by one, the discount as a whole. Throws what `createOffer` does, and
 * `record.changed`, `voucher.limitBelowUse`, `voucher.discountInUse`.
 */
export async function changeOffer(tx: Transaction, asking: ChangeAsking, patch: OfferPatch): Promise<OfferRow> {
  const { businessId, id } = asking;
  const row = await lockedOffer(tx, asking);
  const { title, description, terms, limits, ...others } = patch;
  const before = contentOf(row);
  const content = { ...before, ...given(others), limits: { ...before.limits, ...limits } };
  const texts = changesOf({ title, description, terms });
  await assertSound(tx, { businessId, sourceLanguage: row.sourceLanguage, before }, content, texts);
  const movesContent = texts.length > 0 || patch.locationIds !== undefined;
  await updateOffer(tx, id, storedOffer(content), { movesContent });
  if (texts.length > 0) await writeTexts(tx, { id, sourceLanguage: row.sourceLanguage }, texts);
  if (patch.locationIds !== undefined) await setLocations(tx, id, patch.locationIds);
  return getOffer(tx, { businessId, id });
}

/** Throws `voucher.wrongState` where the database knows no way, `voucher.incomplete` for what cannot be shown to people. */
export async function moveOffer(
  tx: Transaction,
  asking: ChangeAsking,
  { to, from, now }: { to: OfferState; from?: OfferState; now: Date },
): Promise<OfferRow> {
  const { businessId, id } = asking;
  const row = await lockedOffer(tx, asking);
  const refused = wrongState(row.state);
  if (row.state === to || (from !== undefined && row.state !== from)) throw refused();
  await updateOfferState(tx, id, to).catch((error: unknown) => {
    throw databaseProblem(error, { vouchers_state_transition: refused }) ?? error;
  });
  const faults = to === 'published' ? publishingFaults(row, now) : [];
  if (faults.length > 0) throw voucherProblems['voucher.incomplete']({ errors: faults });
  return getOffer(tx, { businessId, id });
}

/** Throws `voucher.wrongState` but for drafts and archived offers, `record.inUse` where somebody claimed or redeemed it. */
export async function removeOffer(tx: Transaction, asking: ChangeAsking, now: Date): Promise<void> {
  const { state } = await lockedOffer(tx, asking);
  if (await deleteOffer(tx, asking.id, now)) return;
  throw state === 'draft' || state === 'archived' ? sharedProblems['record.inUse']() : wrongState(state)();
}

async function lockedOffer(tx: Transaction, { businessId, id, ifMatch }: ChangeAsking): Promise<OfferRow> {
  await lockVersion(tx, lockOffer(businessId, id), ifMatch);
  return getOffer(tx, { businessId, id });
}

/** `voucher.wrongState`, with the state that the voucher is in. */
export function wrongState(state: OfferState): ProblemCreator {
  const { code, status } = voucherProblems['voucher.wrongState'];
  const create = (details?: ProblemDetails) =>
    voucherProblems['voucher.wrongState']({
      ...details,
      params: { state },
      errors: [{ field: 'state', code: 'wrongState', params: { state } }],
    });
  return Object.assign(create, { code, status });
}

async function assertSound(
  tx: Transaction,
  { businessId, sourceLanguage, before }: { businessId: string; sourceLanguage: string; before: OfferContent | null },
  content: OfferContent,
  texts: readonly TextChange[],
): Promise<void> {
  const found = await findReferences(tx, businessId, content);
  const faults = [
    ...textFaults(texts, sourceLanguage, found.languages, { isNew: before === null }),
    ...contentFaults(content),
    ...referenceFaults(content, found, before),
  ];
  if (faults.length > 0) throw invalidRequest(firstPerField(faults));
}

type TextPatch = Readonly<Record<string, string | null>> | undefined;

function changesOf(fields: Readonly<Record<TextChange['field'], TextPatch>>): TextChange[] {
  return Object.entries(fields).flatMap(([field, texts = {}]) =>
    Object.entries(texts).map(([language, value]) => ({ field: field as TextChange['field'], language, value })),
  );
}

/** Without what was not named. */
function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}

function contentOf(row: OfferRow): OfferContent {
  const { locations, ...offer } = mapOffer(row);
  return {
    categoryId: offer.categoryId,
    discount: offer.discount,
    currency: offer.currency,
    firstDay: offer.firstDay,
    lastDay: offer.lastDay,
    validDaysAfterClaim: offer.validDaysAfterClaim,
    redeemableHours: offer.redeemableHours,
    locationIds: locations.map(({ id }) => id),
    campaignId: offer.campaignId,
    limits: offer.limits,
    geofenceMeters: offer.geofenceMeters,
    rollbackWindowMinutes: offer.rollbackWindowMinutes,
    stackingGroup: offer.stackingGroup,
  };
}

function storedOffer(content: OfferContent): StoredOffer {
  const { discount, redeemableHours } = content;
  const is = <Type extends OfferContent['discount']['type']>(type: Type) =>
    discount.type === type ? (discount as Extract<OfferContent['discount'], { type: Type }>) : null;
  return {
    ...content,
    discountType: discount.type,
    percentOff: is('percentage')?.percent ?? null,
    percentCapMinor: is('percentage')?.capMinor ?? null,
    amountOffMinor: is('fixed_amount')?.amountMinor ?? null,
    freeItemQuantity: is('free_item')?.quantity ?? null,
    fixedPriceMinor: is('fixed_price')?.amountMinor ?? null,
    giftBalanceMinor: is('gift_balance')?.amountMinor ?? null,
    hours: redeemableHours === null ? null : multirangeText(weeklyRangesOf(redeemableHours)),
  };
}
