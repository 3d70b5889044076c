import { element, icon, phrase } from '../dom.ts';
import { money } from '../format.ts';
import type { Entry } from './till-store.ts';

/** The number of an entry among those that wait for the network. */
export function waitingNumber(entry: Entry, entries: readonly Entry[]): number {
  const waiting = entries.filter(({ outcome, way }) => outcome === null && way === 'scan').toReversed();
  return waiting.findIndex(({ nonce }) => nonce === entry.nonce) + 1;
}

/** What became of an entry, large. */
export function showEntry(
  entry: Entry,
  entries: readonly Entry[],
  language: string,
): { tone: string; nodes: () => (Node | null)[] } {
  const { outcome, way, title } = entry;
  const heading = (key: string, values = {}) => phrase('h2', { tabindex: '-1', 'data-focus': true }, key, values);
  const offer = () =>
    title === null
      ? null
      : element('p', { class: 'desk-offer' }, element('strong', { lang: title.language, dir: 'auto' }, title.text));
  if (outcome === null) {
    return way === 'scan'
      ? {
          tone: 'open',
          nodes: () => [
            icon('clock'),
            heading('entry.queued', { number: waitingNumber(entry, entries) }),
            phrase('p', {}, 'entry.queuedText'),
          ],
        }
      : {
          tone: 'busy',
          nodes: () => [heading('entry.waiting'), offer(), phrase('p', {}, 'entry.waitingText')],
        };
  }
  if (outcome.kind === 'redeemed') {
    const { discountMinor, currency } = outcome;
    return {
      tone: 'done',
      nodes: () => [
        icon('check'),
        heading('entry.redeemed'),
        offer(),
        discountMinor === null || currency === null
          ? null
          : element('p', { class: 'desk-discount' }, element('strong', {}, money(discountMinor, currency, language))),
      ],
    };
  }
  const { reasons } = outcome;
  const list = () => element('ul', { class: 'reasons' }, ...reasons.map((reason) => element('li', {}, reason)));
  return outcome.kind === 'overUse'
    ? { tone: 'open', nodes: () => [heading('entry.overUse'), offer(), phrase('p', {}, 'entry.overUseText'), list()] }
    : { tone: 'bad', nodes: () => [icon('cross'), heading('entry.refused'), offer(), list()] };
}
