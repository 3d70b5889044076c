import { getBusiness, getOffer, type Business, type LocationHours, type OfferDetail } from './api.ts';
import { byId, element, icon, phrase } from './dom.ts';
import { ApiError } from './exchange.ts';
import { clock, date, distance, money, weekday } from './format.ts';
import { content, languageMark, offerBadge, openingChip, refusalChip } from './offer.ts';
import type { State } from './state.ts';
import { say } from './texts.ts';

export interface Detail {
  /** Loads and shows an offer beside the list. */
  open(id: string, place: State['place'], language: string): Promise<void>;
  close(): void;
}

export function createDetail({
  closed,
  claimed,
}: {
  closed: () => void;
  claimed: (voucherId: string) => void;
}): Detail {
  const panel = byId('detail', HTMLElement);
  let running: AbortController | null = null;

  function fill(...children: (Node | null)[]): void {
    const close = element('button', { type: 'button', class: 'round detail-close', 'aria-label': say('detail.close') });
    close.append(icon('close'));
    close.addEventListener('click', closed);
    panel.replaceChildren(close, ...children.filter((child) => child !== null));
  }

  function focusTitle(): void {
    panel.scrollTop = 0;
    panel.querySelector<HTMLElement>('#detail-title')?.focus({ preventScroll: true });
  }

  const detail: Detail = {
    async open(id, place, language) {
      running?.abort();
      const controller = new AbortController();
      running = controller;
      panel.hidden = false;
      panel.setAttribute('aria-busy', 'true');
      try {
        const offer = await getOffer(id, place, language, controller.signal);
        const business = await getBusiness(offer.business.id, language, controller.signal).catch(() => null);
        if (controller.signal.aborted) return;
        fill(...detailOf(offer, business, language, () => claimed(offer.id)));
        document.title = `${offer.title ?? ''} · Pika`;
      } catch (error) {
        if (controller.signal.aborted) return;
        const isGone = error instanceof ApiError && (error.status === 404 || error.status === 400);
        const again = phrase('button', { type: 'button', class: 'button' }, 'error.retry');
        again.addEventListener('click', () => void detail.open(id, place, language));
        fill(
          phrase('h2', { id: 'detail-title', tabindex: '-1' }, isGone ? 'detail.gone' : 'detail.failed'),
          phrase(
            'p',
            {},
            isGone
              ? 'detail.goneText'
              : error instanceof ApiError && error.status === 0
                ? 'error.offline'
                : 'error.server',
          ),
          isGone ? null : again,
        );
      } finally {
        if (!controller.signal.aborted) {
          panel.setAttribute('aria-busy', 'false');
          focusTitle();
        }
      }
    },
    close() {
      running?.abort();
      panel.hidden = true;
      panel.replaceChildren();
    },
  };
  return detail;
}

function detailOf(
  offer: OfferDetail,
  business: Business | null,
  language: string,
  claimed: () => void,
): (Node | null)[] {
  const { discount, locations } = offer;
  const [first] = locations;
  return [
    element(
      'p',
      { class: 'detail-badge' },
      offerBadge(discount, language),
      discount.capMinor === null || discount.currency === null
        ? null
        : phrase('span', {}, 'detail.capped', { value: money(discount.capMinor, discount.currency, language) }),
    ),
    heading(offer),
    element(
      'p',
      { class: 'detail-business' },
      content('strong', offer.business.name, offer, 'business.name'),
      ' · ',
      content('span', offer.category.name, offer, 'category.name'),
    ),
    offer.description === null ? null : content('p', offer.description, offer, 'description'),
    offer.terms === null
      ? null
      : element(
          'section',
          { class: 'detail-terms' },
          phrase('h3', {}, 'detail.terms'),
          content('p', offer.terms, offer, 'terms'),
        ),
    first === undefined ? null : validity(first, language),
    claimButton(claimed),
    actions(offer, business),
    element(
      'section',
      {},
      phrase('h3', {}, 'detail.places', { count: locations.length, amount: locations.length }),
      element(
        'ul',
        { class: 'places' },
        ...locations.map((location) => placeOf(offer, location, hoursOf(business, location.id), language)),
      ),
    ),
    offer.attribution === null ? null : element('p', { class: 'credit', dir: 'auto' }, offer.attribution),
  ];
}

function heading(offer: OfferDetail): HTMLElement {
  return element(
    'h2',
    { id: 'detail-title', tabindex: '-1' },
    content('span', offer.title, offer, 'title'),
    languageMark(offer, 'title'),
  );
}

function validity(location: OfferDetail['locations'][number], language: string): HTMLElement | null {
  const { validFrom, expiresAt, timeZone } = location;
  const isLater = Date.parse(validFrom) > Date.now();
  if (!isLater && expiresAt === null) return null;
  const [key, day] = isLater
    ? ['detail.validFrom', date(validFrom, timeZone, language)]
    : ['detail.validUntil', date(expiresAt ?? validFrom, timeZone, language, true)];
  return phrase('p', { class: 'detail-validity' }, key, { date: day });
}

function claimButton(claimed: () => void): HTMLElement {
  const button = phrase('button', { type: 'button', class: 'button button-main' }, 'claim.claim');
  button.addEventListener('click', claimed);
  return element('p', { class: 'detail-claim' }, button);
}

/** An address that leads out of here, or null: imported ones may be anything. */
function webAddress(text: string): string | null {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}

function actions(offer: OfferDetail, business: Business | null): HTMLElement {
  const website = webAddress(business?.website ?? '');
  const share = element(
    'button',
    { type: 'button', class: 'button' },
    icon('share'),
    phrase('span', {}, 'detail.share'),
  );
  const told = element('span', { role: 'status', class: 'told' });
  share.addEventListener('click', () => {
    const url = new URL(`/vouchers/${offer.id}`, location.href).href;
    const title = offer.title ?? 'Pika';
    void shareAddress({ title, url }).then((outcome) => {
      // What nothing can share or copy is shown, to be copied by hand.
      told.textContent = { shared: '', copied: say('detail.copied'), failed: url }[outcome];
    });
  });
  return element(
    'p',
    { class: 'detail-actions' },
    share,
    business?.phone
      ? phrase('a', { class: 'button', href: `tel:${business.phone.replaceAll(/[^\d+]/g, '')}` }, 'detail.phone')
      : null,
    website === null
      ? null
      : phrase(
          'a',
          { class: 'button', href: website, rel: 'noopener noreferrer nofollow', target: '_blank' },
          'detail.website',
        ),
    told,
  );
}

/** By the device's own means where it has some, else into the clipboard. */
async function shareAddress(data: { title: string; url: string }): Promise<'shared' | 'copied' | 'failed'> {
  try {
    if (navigator.share !== undefined) {
      await navigator.share(data);
      return 'shared';
    }
    await navigator.clipboard.writeText(data.url);
    return 'copied';
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? 'shared' : 'failed';
  }
}

function placeOf(
  offer: OfferDetail,
  location: OfferDetail['locations'][number],
  hours: LocationHours | null,
  language: string,
): HTMLElement {
  const { latitude, longitude, street, city, distanceMeters } = location;
  const address = [street, city].filter((part) => part !== null).join(', ');
  return element(
    'li',
    { class: 'place' },
    element('p', { class: 'place-address', dir: 'auto' }, address || (offer.business.name ?? '')),
    element(
      'p',
      { class: 'offer-more' },
      openingChip(location, language),
      refusalChip(location.redeemable),
      distanceMeters === null
        ? null
        : phrase('span', {}, 'detail.away', { distance: distance(distanceMeters, language) }),
    ),
    element(
      'a',
      {
        class: 'link',
        href: `https://www.openstreetmap.org/directions?to=${latitude},${longitude}`,
        rel: 'noopener noreferrer',
        target: '_blank',
        'aria-label': say('detail.directionsTo', { place: address || (offer.business.name ?? '') }),
      },
      icon('route'),
      phrase('span', {}, 'detail.directions'),
    ),
    hours === null ? null : hoursTable(hours, language),
  );
}

function hoursOf(business: Business | null, locationId: string): LocationHours | null {
  return business?.locations.find(({ id }) => id === locationId) ?? null;
}

const specialDaysShown = 5;

/** The week, and the next dates that differ from it; what only its source could say, in its own words. */
function hoursTable({ weeklyHours, specialDays, hoursText }: LocationHours, language: string): HTMLElement | null {
  if (weeklyHours === null) {
    return hoursText === null
      ? null
      : element('p', { class: 'place-hours' }, phrase('span', {}, 'detail.hours'), ': ', element('bdi', {}, hoursText));
  }
  const week = [1, 2, 3, 4, 5, 6, 7].map((day) => {
    const hours = weeklyHours.filter(({ dayOfWeek }) => dayOfWeek === day);
    return hoursRow(weekday(day, language), hours, language);
  });
  const special = specialDays
    .slice(0, specialDaysShown)
    .map(({ date: day, hours }) => hoursRow(date(`${day}T12:00:00Z`, 'UTC', language), hours, language));
  return element(
    'details',
    { class: 'hours' },
    phrase('summary', {}, 'detail.hours'),
    element('table', {}, element('tbody', {}, ...week), element('tbody', { class: 'special' }, ...special)),
  );
}

function hoursRow(day: string, hours: readonly { opens: string; closes: string }[], language: string): HTMLElement {
  const ranges = hours.map(({ opens, closes }) =>
    opens === '00:00' && closes === '24:00'
      ? say('detail.allDay')
      : `${clock(opens, language)} – ${clock(closes, language)}`,
  );
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, day),
    element('td', {}, ranges.join(', ') || say('detail.closedDay')),
  );
}
