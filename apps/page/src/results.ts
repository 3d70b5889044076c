import { searchOffers, type Offer } from './api.ts';
import { byId } from './dom.ts';
import { count, distance } from './format.ts';
import type { OfferMap } from './map.ts';
import type { Notice } from './notice.ts';
import type { OfferList } from './offer-list.ts';
import type { Place, State } from './state.ts';
import { write } from './texts.ts';

export interface Results {
  /** Asks anew; what still runs is given up. */
  search(): Promise<void>;
  /** Offers to search where the person moved the map to. */
  offerPlace(place: Place, radiusMeters: number): void;
  /** After the map came into sight. */
  showOnMap(): void;
  listen(): void;
}

export interface ResultsParts {
  state: () => State;
  language: () => string;
  list: OfferList;
  map: OfferMap;
  notice: Notice;
  placeChosen: (place: Place, radiusMeters: number) => void;
}

/** What was found, page after page, in the list and on the map. */
export function createResults({ state, language, list, map, notice, placeChosen }: ResultsParts): Results {
  const status = byId('status', HTMLElement);
  const more = byId('more', HTMLButtonElement);
  const searchHere = byId('search-here', HTMLButtonElement);
  let offers: Offer[] = [];
  let credits = new Set<string>();
  let nextCursor: string | null = null;
  let running: AbortController | null = null;
  let isLoadingMore = false;
  /** Where the person moved the map to, until it is searched. */
  let elsewhere: { place: Place; radiusMeters: number } | null = null;

  async function search(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    elsewhere = null;
    const isLeft = searchHere === document.activeElement || notice.hasFocus();
    searchHere.hidden = true;
    notice.hide();
    more.hidden = true;
    write(status, 'status.loading');
    list.setBusy(true);
    try {
      const answer = await searchOffers(state(), language(), null, controller.signal);
      offers = [];
      credits = new Set();
      take(answer.data, answer.page.next, false);
      performance.mark('offers');
    } catch (error) {
      if (controller.signal.aborted) return;
      offers = [];
      take([], null, false);
      status.textContent = '';
      notice.showError(error);
    } finally {
      if (!controller.signal.aborted) {
        list.setBusy(false);
        // What was pressed is gone: the keyboard goes on where its effect is.
        if (isLeft && !notice.focus()) byId('offers', HTMLElement).focus();
      }
    }
  }

  async function searchMore(): Promise<void> {
    if (nextCursor === null || isLoadingMore) return;
    isLoadingMore = true;
    try {
      const controller = running ?? new AbortController();
      const answer = await searchOffers(state(), language(), nextCursor, controller.signal);
      if (controller.signal.aborted) return;
      const isLeft = more === document.activeElement;
      take(answer.data, answer.page.next, true);
      const [first] = answer.data;
      if (isLeft && first !== undefined) list.focus(first.id);
    } catch (error) {
      if (running?.signal.aborted !== true) notice.showError(error);
    } finally {
      isLoadingMore = false;
    }
  }

  function take(found: readonly Offer[], next: string | null, isMore: boolean): void {
    const asked = state();
    offers = [...offers, ...found];
    nextCursor = next;
    for (const { attribution } of found) if (attribution !== null) credits.add(attribution);
    list.show(found, language(), isMore);
    map.show(found, asked, language(), isMore);
    if (asked.voucherId !== null) map.highlight(asked.voucherId);
    more.hidden = next === null;
    byId('credits', HTMLElement).textContent = [...credits].join(' · ');
    const within = distance(asked.radiusMeters, language());
    const amount = count(offers.length, language());
    if (offers.length === 0) {
      write(status, 'status.none', { distance: within });
      notice.showEmpty(asked, language());
    } else if (next === null) {
      write(status, 'status.found', { count: offers.length, amount, distance: within });
    } else write(status, 'status.foundMore', { amount, distance: within });
  }

  return {
    search,
    offerPlace(place, radiusMeters) {
      elsewhere = { place, radiusMeters };
      searchHere.hidden = false;
    },
    showOnMap() {
      map.resize();
      if (offers.length > 0) map.show(offers, state(), language(), false);
    },
    listen() {
      more.addEventListener('click', () => void searchMore());
      new IntersectionObserver(([seen]) => {
        if (seen?.isIntersecting === true) void searchMore();
      }).observe(more);
      searchHere.addEventListener('click', () => {
        if (elsewhere !== null) placeChosen(elsewhere.place, elsewhere.radiusMeters);
      });
    },
  };
}
