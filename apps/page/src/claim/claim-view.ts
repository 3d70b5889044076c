import { createAction, reasonOf } from '../account/form.ts';
import type { AccountContext, View } from '../account/view.ts';
import { element, icon, phrase } from '../dom.ts';
import { ApiError } from '../exchange.ts';
import { date, money, moment } from '../format.ts';
import { content, offerBadge } from '../offer.ts';
import { say } from '../texts.ts';
import { claimVoucher, getClaim, getQrCode, releaseClaim, type Claim } from './claim-api.ts';

/** Claims an offer, and shows what is to be shown at the counter. */
export const claimView = (voucherId: string): View => ({
  title: 'claim.title',
  back: 'wallet',
  startsInField: false,
  build: async (context) => {
    try {
      const { id } = await claimVoucher(voucherId);
      // In the language of the page, which may be another than that of the person's preferences.
      return await show(context, await getClaim(id, context.language()));
    } catch (error) {
      return refusal(error);
    }
  },
});

export const claimedView = (claimId: string): View => ({
  title: 'claim.title',
  back: 'wallet',
  startsInField: false,
  build: async (context) => {
    try {
      return await show(context, await getClaim(claimId, context.language()));
    } catch (error) {
      return refusal(error);
    }
  },
});

/** Every rule that says no; what is no refusal is for the dialog to tell. */
function refusal(error: unknown): Node[] {
  if (!(error instanceof ApiError) || error.problem.violations.length === 0) throw error;
  const { title, violations } = error.problem;
  return [
    element('p', { class: 'form-failed', role: 'alert' }, title),
    element('ul', { class: 'claim-reasons' }, ...violations.map(({ message }) => element('li', {}, message))),
  ];
}

async function show(context: AccountContext, claim: Claim): Promise<(Node | null)[]> {
  const { voucher, location, state } = claim;
  const language = context.language();
  const giveBack = async () => {
    await releaseClaim(claim.id);
    context.go('wallet', say('claim.givenBack'));
  };
  const place = [location?.street, location?.city].filter(Boolean).join(', ');
  return [
    element(
      'div',
      { class: 'claim-offer' },
      content('strong', voucher.title, voucher, 'title'),
      offerBadge(voucher.discount, language),
      element(
        'p',
        {},
        content('bdi', voucher.business.name, voucher, 'business.name'),
        place === '' ? null : ' · ',
        place === '' ? null : element('bdi', {}, place),
      ),
      location === null ? phrase('p', {}, 'claim.severalPlaces') : null,
      untilOf(claim, language),
      claim.balanceMinor === null || voucher.discount.currency === null
        ? null
        : phrase('p', {}, 'claim.balance', { value: money(claim.balanceMinor, voucher.discount.currency, language) }),
    ),
    state === 'active'
      ? usable(await code(context, claim), createAction('claim.giveBack', giveBack))
      : over(claim, language),
  ];
}

/** What ends together, when the counter has redeemed it. */
const usable = (shown: HTMLElement, giveBack: HTMLElement): HTMLElement => {
  shown.append(element('p', { class: 'form-actions' }, giveBack));
  return shown;
};

export function untilOf({ state, expiresAt, voucher, location }: Claim, language: string): HTMLElement | null {
  const timeZone = location?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { validFrom } = voucher;
  if (validFrom !== null && Date.parse(validFrom) > Date.now()) {
    return phrase('p', {}, 'detail.validFrom', { date: date(validFrom, timeZone, language) });
  }
  const end = expiresAt ?? voucher.expiresAt;
  if (end === null || state !== 'active') return null;
  // The end of an offer is a midnight; that of a claim may be any moment.
  const day = end === voucher.expiresAt ? date(end, timeZone, language, true) : moment(end, language);
  return phrase('p', {}, 'detail.validUntil', { date: day });
}

function over({ state, redeemedAt }: Claim, language: string): HTMLElement {
  return element(
    'div',
    { class: `claim-over claim-${state}`, role: 'status' },
    phrase('strong', {}, `claim.${state}`),
    redeemedAt === null ? null : element('span', {}, moment(redeemedAt, language)),
  );
}

const pollMs = 4_000;
/** Before it expires. */
const marginMs = 60_000;

/** The QR code, renewed as long as it is shown, and the code to type; until the counter has redeemed it. */
async function code(context: AccountContext, claim: Claim): Promise<HTMLElement> {
  const image = element('img', { class: 'claim-qr', alt: say('claim.qr'), width: 320, height: 320 });
  const failed = element('p', { class: 'form-failed', role: 'alert' });
  const root = element(
    'div',
    { class: 'claim-code' },
    phrase('p', {}, 'claim.show'),
    image,
    failed,
    claim.shortCode === null
      ? null
      : element(
          'p',
          { class: 'claim-short' },
          phrase('span', {}, 'claim.shortCode'),
          element('strong', { dir: 'ltr' }, claim.shortCode),
        ),
  );
  let expiresAt = 0;

  async function renew(): Promise<void> {
    const picture = await getQrCode(claim.id);
    image.src = picture.url;
    expiresAt = picture.expiresAt.getTime();
  }

  async function follow(): Promise<void> {
    if (!root.isConnected) {
      clearInterval(timer);
      return;
    }
    if (document.hidden) return;
    try {
      const now = await getClaim(claim.id, context.language());
      if (now.state !== 'active') {
        clearInterval(timer);
        root.replaceWith(over(now, context.language()));
        return;
      }
      if (Date.now() > expiresAt - marginMs) await renew();
      failed.textContent = '';
    } catch (error) {
      // The short code is good without network; the picture until it expires.
      failed.textContent = Date.now() > expiresAt ? reasonOf(error) : '';
    }
  }

  await renew();
  const timer = setInterval(() => void follow(), pollMs);
  return root;
}

/** A claim in the list of the wallet. */
export function claimItem(claim: Claim, language: string, opened: () => void): HTMLElement {
  const { voucher, state } = claim;
  const button = element('button', { type: 'button', class: 'claim-open' });
  button.append(content('strong', voucher.title, voucher, 'title'), icon('back'));
  button.addEventListener('click', opened);
  return element(
    'li',
    { class: `claim claim-${state}` },
    button,
    element(
      'p',
      {},
      offerBadge(voucher.discount, language),
      content('span', voucher.business.name, voucher, 'business.name'),
    ),
    (state === 'active' ? untilOf(claim, language) : null) ?? phrase('p', {}, `claim.${state}`),
  );
}
