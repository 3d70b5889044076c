import type { Discount, Opening, Redeemable, Texts } from './api.ts';
import { element, phrase } from './dom.ts';
import { badge, opening, withWholeAmounts } from './format.ts';

/** Content in its own language: marked for screen readers and written in its own direction. */
export function content<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text: string | null,
  { language, served }: Texts,
  field: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const lang = served[field] ?? language;
  return element(
    name,
    { ...attributes, lang: lang === 'und' ? null : lang, dir: 'auto' },
    withWholeAmounts(text ?? ''),
  );
}

/** A small mark for the language of a text that is not in the reader's own. */
export function languageMark({ served }: Texts, field: string): HTMLElement | null {
  const language = served[field];
  return language === undefined || language === 'und'
    ? null
    : element('span', { class: 'mark', 'aria-hidden': 'true' }, language);
}

export function openingChip(state: Opening, language: string): HTMLElement {
  const { text, lang } = opening(state, language);
  const kind = state.isOpen === null ? 'unknown' : state.isOpen ? 'open' : 'closed';
  return element('span', { class: `opening opening-${kind}`, lang }, text);
}

/** What keeps an open door from helping, the gravest first; the door itself is told by the chip beside it. */
const refusals: readonly (readonly [codes: string, key: string])[] = [
  ['voucher.soldOut voucher.budgetExhausted campaign.soldOut campaign.budgetExhausted', 'refusal.soldOut'],
  ['user.limitReached campaign.userLimitReached', 'refusal.used'],
  ['voucher.notYetValid campaign.notStarted', 'refusal.notYet'],
  ['location.dailyLimitReached', 'refusal.soldOutToday'],
  ['user.dailyLimitReached', 'refusal.usedToday'],
  ['voucher.outsideHours', 'refusal.outsideHours'],
];

export function refusalChip({ reasons }: Redeemable): HTMLElement | null {
  const found = refusals.find(([codes]) => codes.split(' ').some((code) => reasons.includes(code)));
  return found === undefined ? null : phrase('span', { class: 'opening refusal' }, found[1]);
}

export function offerBadge(discount: Discount, language: string): HTMLElement {
  const { text, lang } = badge(discount, language);
  return element('span', { class: `badge badge-${discount.type}`, lang }, text);
}
