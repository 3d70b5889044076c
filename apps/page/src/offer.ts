import type { Discount, Opening, Texts } from './api.ts';
import { element } from './dom.ts';
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

export function offerBadge(discount: Discount, language: string): HTMLElement {
  const { text, lang } = badge(discount, language);
  return element('span', { class: `badge badge-${discount.type}`, lang }, text);
}
