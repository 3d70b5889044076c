import type { Offer } from './api.ts';
import { byId, element, phrase } from './dom.ts';
import { distance } from './format.ts';
import { content, languageMark, offerBadge, openingChip, refusalChip } from './offer.ts';
import { isolated, say } from './texts.ts';

export interface OfferList {
  /** Puts these in place of what was shown, or behind it. */
  show(offers: readonly Offer[], language: string, isMore: boolean): void;
  /** Marks the offer that the map points at. */
  highlight(id: string | null, isScrolled?: boolean): void;
  focus(id: string): boolean;
  setBusy(isBusy: boolean): void;
}

export interface OfferListEvents {
  addressOf: (id: string) => string;
  opened: (id: string) => void;
  claimed: (id: string) => void;
  pointedAt: (id: string | null) => void;
}

export function createOfferList({ addressOf, opened, claimed, pointedAt }: OfferListEvents): OfferList {
  const list = byId('list', HTMLOListElement);
  const items = new Map<string, { item: HTMLLIElement; link: HTMLAnchorElement }>();

  function claimButton({ id, title }: Offer): HTMLElement {
    const label = say('claim.claimNamed', { title: isolated(title ?? '') });
    const button = phrase('button', { type: 'button', class: 'chip offer-claim', 'aria-label': label }, 'claim.claim');
    button.addEventListener('click', () => claimed(id));
    return button;
  }

  function itemOf(offer: Offer, language: string): HTMLLIElement {
    const link = element('a', { href: addressOf(offer.id) });
    link.append(content('span', offer.title, offer, 'title'));
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      opened(offer.id);
    });
    const item = element(
      'li',
      { class: 'offer', 'data-id': offer.id },
      offerBadge(offer.discount, language),
      element(
        'div',
        { class: 'offer-text' },
        element('h2', { class: 'offer-title' }, link, languageMark(offer, 'title')),
        element(
          'p',
          { class: 'offer-where' },
          content('span', offer.business.name, offer, 'business.name', { class: 'offer-business' }),
          element('span', { class: 'offer-distance' }, distance(offer.location.distanceMeters, language)),
        ),
        element(
          'p',
          { class: 'offer-more' },
          openingChip(offer.location, language),
          refusalChip(offer.redeemable),
          content('span', offer.category.name, offer, 'category.name', { class: 'offer-category' }),
        ),
      ),
      claimButton(offer),
    );
    item.addEventListener('pointerenter', () => pointedAt(offer.id));
    item.addEventListener('pointerleave', () => pointedAt(null));
    link.addEventListener('focus', () => pointedAt(offer.id));
    link.addEventListener('blur', () => pointedAt(null));
    items.set(offer.id, { item, link });
    return item;
  }

  return {
    show(offers, language, isMore) {
      if (!isMore) items.clear();
      const made = offers.map((offer) => itemOf(offer, language));
      if (isMore) list.append(...made);
      else list.replaceChildren(...made);
    },
    highlight(id, isScrolled = false) {
      for (const [each, { item }] of items) item.classList.toggle('offer-pointed', each === id);
      if (isScrolled && id !== null) items.get(id)?.item.scrollIntoView({ block: 'nearest' });
    },
    focus(id) {
      const found = items.get(id);
      found?.link.focus();
      return found !== undefined;
    },
    setBusy(isBusy) {
      list.setAttribute('aria-busy', String(isBusy));
      list.classList.toggle('list-busy', isBusy);
      if (isBusy && items.size === 0) {
        list.replaceChildren(
          ...Array.from({ length: 5 }, () => element('li', { class: 'offer offer-waiting', 'aria-hidden': 'true' })),
        );
      }
    },
  };
}
