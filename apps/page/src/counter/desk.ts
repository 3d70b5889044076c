import { reasonOf } from '../account/form.ts';
import { getOffer, type Discount } from '../api.ts';
import { byId, element, icon, phrase } from '../dom.ts';
import { ApiError } from '../exchange.ts';
import { money, moment } from '../format.ts';
import { content, offerBadge } from '../offer.ts';
import { createAmountForm, type Amount } from './amount-form.ts';
import { usualCurrency } from './amount.ts';
import { newNonce, type Book } from './book.ts';
import { isUnreachable, validateCode, type Circumstances, type Validation } from './counter-api.ts';
import { showEntry } from './entry-view.ts';
import type { OfflineChecker } from './offline-check.ts';
import type { PlaceChoice } from './place.ts';
import { createReadyView } from './ready-view.ts';
import type { Staff } from './staff.ts';
import type { Entry } from './till-store.ts';
import { violationText } from './violation.ts';

export interface Desk {
  /** Waits for the next code. */
  ready: () => void;
  /** An entry is another than before. */
  entryChanged: (nonce: string) => void;
  /** Says again, in another language, what is shown. */
  redraw: () => void;
}

export interface DeskOptions {
  book: Book;
  checker: OfflineChecker;
  places: PlaceChoice;
  staff: () => Staff | null;
  language: () => string;
  reached: (isReached: boolean) => void;
}

interface Position {
  latitude: number;
  longitude: number;
  accuracyMeters: number;
}

/** What is known of the code on the desk. */
interface Case {
  code: string;
  amount: Amount | null;
  position: Position | null;
  discount: Discount | null;
}

/** One code at a time: scanned or typed, looked at, redeemed. */
export function createDesk({ book, checker, places, staff, language, reached }: DeskOptions): Desk {
  const root = byId('desk', HTMLElement);
  const readyView = createReadyView((code) => void look({ code, amount: null, position: null, discount: null }));
  /** Answers that come for what is no longer on the desk are not shown. */
  let turn = 0;
  let shownNonce: string | null = null;
  let redraw: () => void = () => undefined;

  function show(tone: string, draw: () => (Node | null)[]): void {
    readyView.stop();
    shownNonce = null;
    redraw = () => {
      root.dataset['tone'] = tone;
      root.replaceChildren(...draw().filter((node) => node !== null));
    };
    redraw();
    root.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  function button(key: string, act: () => void, kind = ''): HTMLElement {
    const made = phrase('button', { type: 'button', class: `button ${kind}` }, key);
    made.addEventListener('click', act);
    return made;
  }

  const next = (kind = '') => button('desk.next', ready, kind);
  const actions = (...buttons: (Node | null)[]) => element('p', { class: 'desk-actions' }, ...buttons);
  const heading = (key: string) => phrase('h2', { tabindex: '-1', 'data-focus': true }, key);

  function ready(): void {
    turn += 1;
    show('ready', () => {
      const shown = readyView.root();
      readyView.begin();
      return [shown];
    });
  }

  function circumstancesOf({ amount, position }: Case): Circumstances | null {
    const place = places.chosen();
    if (place === null) return null;
    return { locationId: place.locationId, device: places.device(), ...amount, ...position };
  }

  async function look(asked: Case): Promise<void> {
    const circumstances = circumstancesOf(asked);
    if (circumstances === null) return;
    turn += 1;
    const own = turn;
    show('busy', () => [heading('desk.looking'), actions(next())]);
    try {
      const validation = await validateCode(asked.code, circumstances, language());
      reached(true);
      const discount = asked.discount ?? (await discountOf(validation.voucher.id));
      if (own === turn) showOffer({ ...asked, discount }, validation);
    } catch (error) {
      if (isUnreachable(error)) reached(false);
      const check = isUnreachable(error) ? await checker.check(asked.code) : null;
      if (own !== turn) return;
      if (check === null) showFailure(error);
      else showUnconnected(asked, check.subject, check.verdict);
    }
  }

  /** Null where the offer is no longer shown to everybody. */
  async function discountOf(voucherId: string): Promise<Discount | null> {
    const nowhere = { latitude: 0, longitude: 0, name: null };
    return getOffer(voucherId, nowhere, language(), AbortSignal.timeout(3_000)).then(
      (offer) => offer.discount,
      () => null,
    );
  }

  function showFailure(error: unknown): void {
    // Other QR codes say all sorts of things.
    const isNoCode = error instanceof ApiError && error.problem.errors.some(({ field }) => field === 'code');
    if (isNoCode || (error instanceof ApiError && error.status === 404)) {
      show('bad', () => [icon('cross'), heading('desk.unknown'), phrase('p', {}, 'desk.unknownText'), actions(next())]);
      return;
    }
    show('bad', () => [icon('cross'), heading('desk.failed'), element('p', {}, reasonOf(error)), actions(next())]);
  }

  function showOffer(asked: Case, validation: Validation): void {
    const { redeemable, voucher, discountMinor, currency } = validation;
    const violations = validation.violations.filter(({ code }) => code !== 'amount.required');
    const isAmountMissing = violations.length < validation.violations.length;
    const isPositionMissing = violations.some(({ code }) => code.startsWith('position.'));
    const isBad = violations.length > 0;
    show(isBad ? 'bad' : 'good', () => [
      isBad ? icon('cross') : null,
      heading(isBad ? 'desk.refused' : isAmountMissing ? 'desk.amountAsked' : 'desk.redeemable'),
      element(
        'p',
        { class: 'desk-offer' },
        content('strong', voucher.title, voucher, 'title'),
        asked.discount === null ? null : offerBadge(asked.discount, language()),
      ),
      isBad ? element('ul', { class: 'reasons' }, ...violations.map((each) => violationText(each, language()))) : null,
      voucher.terms === null ? null : content('p', voucher.terms, voucher, 'terms', { class: 'desk-terms' }),
      discountMinor === null || currency === null || isBad
        ? null
        : element(
            'p',
            { class: 'desk-discount' },
            phrase('span', {}, 'desk.takesOff'),
            element('strong', {}, money(discountMinor, currency, language())),
          ),
      isAmountMissing || discountMinor === null || asked.amount !== null
        ? amountForm(asked, validation, isAmountMissing).root
        : null,
      isPositionMissing ? button('desk.sendPosition', () => void lookFromHere(asked)) : null,
      actions(redeemable ? button('desk.redeem', () => void redeem(asked, validation), 'button-main') : null, next()),
    ]);
  }

  function amountForm(asked: Case, { violations, currency }: Validation, isRequired: boolean) {
    const told = violations.find(({ code }) => code === 'amount.currencyMismatch')?.['currency'];
    const fixed = typeof told === 'string' ? told : (asked.discount?.currency ?? currency);
    const own = fixed ?? asked.amount?.currency ?? usualCurrency(places.chosen()?.countryCode ?? null);
    return createAmountForm({
      value: '',
      currency: own,
      isCurrencyFixed: fixed !== null,
      isRequired,
      submit: 'amount.workOut',
      submitted: (amount) => void look({ ...asked, amount }),
    });
  }

  async function lookFromHere(asked: Case): Promise<void> {
    const position = await new Promise<Position | null>((resolve) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords: { latitude, longitude, accuracy } }) =>
          resolve({ latitude, longitude, accuracyMeters: Math.min(accuracy, 1_000_000) }),
        () => resolve(null),
        { enableHighAccuracy: true, timeout: 10_000 },
      );
    });
    if (position !== null) await look({ ...asked, position });
    else root.append(phrase('p', { class: 'form-failed', role: 'alert' }, 'desk.noPosition'));
  }

  function entryOf(asked: Case, more: Pick<Entry, 'way' | 'subject' | 'title'>): Entry | null {
    const [place, person] = [places.chosen(), staff()];
    if (place === null || person === null) return null;
    return {
      nonce: newNonce(),
      userId: person.userId,
      userName: person.name,
      code: asked.code,
      locationId: place.locationId,
      amountMinor: asked.amount?.amountMinor ?? null,
      currency: asked.amount?.currency ?? null,
      position: asked.position,
      device: places.device(),
      at: new Date().toISOString(),
      outcome: null,
      rollback: null,
      ...more,
    };
  }

  async function add(entry: Entry | null): Promise<void> {
    if (entry === null) return;
    turn += 1;
    await book.add(entry);
    showNonce(entry.nonce);
  }

  function redeem(asked: Case, { voucher, claimId }: Validation): Promise<void> {
    const subject = claimId === null ? `voucher:${voucher.id}` : `claim:${claimId}`;
    const title = { text: voucher.title ?? '', language: voucher.served['title'] ?? voucher.language };
    return add(entryOf(asked, { way: 'redeem', subject, title }));
  }

  function showUnconnected(asked: Case, subject: string, verdict: string): void {
    const earlier = book
      .entries()
      .find((entry) => entry.subject === subject && entry.outcome?.kind !== 'refused' && entry.rollback === null);
    const isFine = ['good', 'notCheckable', 'noKeys'].includes(verdict);
    // What a forged code names says nothing.
    const isUsed = isFine && earlier !== undefined && subject.startsWith('claim:');
    const isGood = verdict === 'good' && !isUsed;
    const tone = isGood ? 'good' : isFine ? 'open' : 'bad';
    const knownUntil = checker.knownUntil();
    show(tone, () => {
      const form = createAmountForm({
        value: '',
        currency: usualCurrency(places.chosen()?.countryCode ?? null),
        isCurrencyFixed: false,
        isRequired: false,
        submit: 'offline.redeem',
        submitted: (amount) => void add(entryOf({ ...asked, amount }, { way: 'scan', subject, title: null })),
      });
      form.root.querySelector('button')?.classList.add('button-main');
      return [
        tone === 'bad' ? icon('cross') : null,
        heading(isUsed ? 'offline.used' : `offline.${verdict}`),
        phrase('p', {}, `offline.${verdict}Text`),
        isUsed
          ? phrase('p', { class: 'form-failed' }, 'offline.usedHere', { time: moment(earlier.at, language()) })
          : null,
        verdict === 'good' && knownUntil !== null
          ? phrase('p', { class: 'form-hint' }, 'offline.knownUntil', {
              time: moment(knownUntil.toISOString(), language()),
            })
          : null,
        isFine ? form.root : null,
        actions(
          button('offline.again', () => void look(asked)),
          next(),
        ),
      ];
    });
  }

  function showNonce(nonce: string): void {
    const entry = book.find(nonce);
    if (entry === undefined) return;
    const { tone, nodes } = showEntry(entry, book.entries(), language());
    show(tone, () => [...nodes(), actions(next('button-main'))]);
    shownNonce = nonce;
  }

  return {
    ready,
    entryChanged(nonce) {
      if (nonce === shownNonce) showNonce(nonce);
    },
    redraw() {
      const nonce = shownNonce;
      if (nonce === null) redraw();
      else showNonce(nonce);
    },
  };
}
