import { getBusiness } from '../api.ts';
import { byId, element, phrase } from '../dom.ts';
import { ApiError } from '../exchange.ts';
import { recall, remember } from '../storage.ts';
import { say } from '../texts.ts';
import type { Staff } from './staff.ts';

export interface Place {
  businessId: string;
  locationId: string;
  businessName: string;
  /** Street and city. */
  address: string;
  countryCode: string | null;
}

export interface PlaceChoice {
  /** Loads where the person may work. */
  load: (staff: Staff, language: string) => Promise<void>;
  /** Says again, in another language, what is shown. */
  redraw: () => void;
  /** Null until one is chosen. */
  chosen: () => Place | null;
  device: () => string;
}

const loadedAtOnce = 6;

export function createPlaceChoice(changed: () => void): PlaceChoice {
  const root = byId('place', HTMLElement);
  let places: Place[] = [];
  let chosen: Place | null = null;

  function choose(place: Place | null): void {
    chosen = place;
    if (place !== null) remember('till.place', place.locationId);
    show(false);
    changed();
  }

  function show(isOpen: boolean): void {
    // What was typed or chosen so far.
    const before = root.querySelector<HTMLSelectElement>('#place-choice')?.value;
    if (places.length === 0) {
      root.replaceChildren(phrase('p', { class: 'form-failed' }, 'place.none'));
    } else if (chosen !== null && !isOpen) {
      root.replaceChildren(...summary(chosen));
    } else {
      root.replaceChildren(form());
      const select = root.querySelector<HTMLSelectElement>('#place-choice');
      if (select !== null && before !== undefined && before !== '') select.value = before;
      if (isOpen) root.querySelector('select')?.focus();
    }
  }

  function summary({ businessName, address }: Place): HTMLElement[] {
    const change = phrase('button', { type: 'button', class: 'button' }, 'place.change');
    change.addEventListener('click', () => show(true));
    return [
      element(
        'p',
        { class: 'place-now' },
        element('strong', { dir: 'auto' }, businessName),
        element('span', { dir: 'auto' }, address),
      ),
      change,
    ];
  }

  function form(): HTMLElement {
    const select = element('select', { id: 'place-choice', class: 'select', required: true });
    select.append(element('option', { value: '' }, say('place.choose')));
    for (const name of new Set(places.map(({ businessName }) => businessName))) {
      const group = element('optgroup', { label: name });
      for (const place of places.filter(({ businessName }) => businessName === name)) {
        group.append(element('option', { value: place.locationId }, place.address || name));
      }
      select.append(group);
    }
    select.value = chosen?.locationId ?? '';
    const device = element('input', { id: 'place-device', maxlength: 100, autocomplete: 'off', dir: 'auto' });
    device.value = deviceName();
    const done = phrase('button', { type: 'submit', class: 'button button-main' }, 'place.use');
    const made = element(
      'form',
      { class: 'form card' },
      element('div', { class: 'form-row' }, phrase('label', { for: select.id }, 'place.label'), select),
      element(
        'div',
        { class: 'form-row' },
        phrase('label', { for: device.id }, 'place.device'),
        device,
        phrase('p', { class: 'form-hint' }, 'place.deviceHint'),
      ),
      element('p', { class: 'form-actions' }, done),
    );
    made.addEventListener('submit', (event) => {
      event.preventDefault();
      remember('till.device', device.value.trim() || newDeviceName());
      choose(places.find(({ locationId }) => locationId === select.value) ?? null);
    });
    return made;
  }

  return {
    async load({ businessIds }, language) {
      const found = await inTurn(businessIds, (id) => placesOf(id, language));
      places = found.flat().toSorted((one, other) => one.businessName.localeCompare(other.businessName, language));
      remember('till.places', JSON.stringify(places));
      const wanted = chosen?.locationId ?? recall('till.place');
      chosen = places.find(({ locationId }) => locationId === wanted) ?? (places.length === 1 ? places[0]! : null);
      // Not away from under somebody who is choosing.
      if (root.querySelector('form') === null || chosen === null) show(false);
    },
    redraw: () => show(root.querySelector('form') !== null && chosen !== null),
    chosen: () => chosen,
    device: deviceName,
  };
}

/** Those of a business; where nobody can be asked, as they were last time. */
async function placesOf(businessId: string, language: string): Promise<Place[]> {
  try {
    const { name, locations } = await getBusiness(businessId, language);
    return locations.map(({ id, street, city, countryCode }) => ({
      businessId,
      locationId: id,
      businessName: name ?? '',
      address: [street, city].filter((part) => part !== null).join(', '),
      countryCode,
    }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    const kept = JSON.parse(recall('till.places') ?? '[]') as Place[];
    return kept.filter((place) => place.businessId === businessId);
  }
}

const newDeviceName = () => `till-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36).slice(-4)}`;

/** What this till is called in the books. */
function deviceName(): string {
  const kept = recall('till.device');
  if (kept !== null) return kept;
  const made = newDeviceName();
  remember('till.device', made);
  return made;
}

/** A few at a time, in the order given. */
async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const workers = Array.from({ length: loadedAtOnce }, async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!);
  });
  await Promise.all(workers);
  return results;
}
