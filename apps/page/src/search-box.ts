import { listCities, type Category, type City } from './api.ts';
import { byId, element } from './dom.ts';
import { count } from './format.ts';
import type { Place } from './state.ts';
import { say } from './texts.ts';

export interface SearchBoxEvents {
  categories: () => readonly Category[];
  language: () => string;
  placed: (place: Place) => void;
  categorised: (slug: string) => void;
  worded: (words: string) => void;
}

interface Suggestion {
  kind: string;
  text: string;
  more: string;
  choose: () => void;
}

/** One field for a city, a category or words: a combobox with a list, after the ARIA Authoring Practices. */
export function createSearchBox(events: SearchBoxEvents): void {
  const form = byId('search', HTMLFormElement);
  const input = byId('words', HTMLInputElement);
  const list = byId('suggestions', HTMLUListElement);
  let suggestions: Suggestion[] = [];
  let active = -1;
  let running: AbortController | null = null;

  input.addEventListener('input', () => void suggest());
  input.addEventListener('focus', () => void suggest());
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) void suggest();
      else move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Escape') {
      if (list.hidden) input.value = '';
      close();
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = list.hidden ? undefined : suggestions[active];
    if (chosen !== undefined) take(chosen);
    else if (input.value.trim() !== '') {
      events.worded(input.value.trim());
      finish();
    }
  });

  async function suggest(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const typed = input.value.trim();
    const cities = await listCities(typed === '' ? null : typed, controller.signal).then(
      ({ data }) => data,
      (): City[] => [],
    );
    if (controller.signal.aborted || document.activeElement !== input) return;
    const language = events.language();
    suggestions = [
      ...cities.map((city) => ({
        kind: say('search.cities'),
        text: city.name,
        more: say('search.places', { count: city.placeCount, amount: count(city.placeCount, language) }),
        choose: () => events.placed({ latitude: city.latitude, longitude: city.longitude, name: city.name }),
      })),
      ...(typed === '' ? [] : matching(events.categories(), typed)).map(({ slug, name }) => ({
        kind: say('search.categories'),
        text: name ?? slug,
        more: '',
        choose: () => events.categorised(slug),
      })),
      ...(typed === ''
        ? []
        : [{ kind: '', text: say('search.words', { words: typed }), more: '', choose: () => events.worded(typed) }]),
    ];
    active = -1;
    list.replaceChildren(...suggestions.map(optionOf));
    list.hidden = suggestions.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    input.removeAttribute('aria-activedescendant');
  }

  function optionOf(suggestion: Suggestion, index: number): HTMLElement {
    const option = element(
      'li',
      { role: 'option', id: `suggestion-${index}`, class: 'suggestion', 'aria-selected': 'false' },
      element('span', { class: 'suggestion-kind' }, suggestion.kind),
      element('span', { class: 'suggestion-text', dir: 'auto' }, suggestion.text),
      element('span', { class: 'suggestion-more' }, suggestion.more),
    );
    // Before the field loses the focus, which would close the list.
    option.addEventListener('pointerdown', (event) => event.preventDefault());
    option.addEventListener('click', () => take(suggestion));
    return option;
  }

  function move(step: number): void {
    const options = [...list.children];
    if (options.length === 0) return;
    active = (active + step + options.length + (active === -1 && step === -1 ? 1 : 0)) % options.length;
    for (const [index, option] of options.entries()) option.setAttribute('aria-selected', String(index === active));
    options[active]?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', `suggestion-${active}`);
  }

  function take({ choose }: Suggestion): void {
    choose();
    finish();
  }

  function finish(): void {
    input.value = '';
    close();
    input.blur();
  }

  function close(): void {
    running?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }
}

function matching(categories: readonly Category[], typed: string): Category[] {
  const wanted = ` ${plain(typed)}`;
  return categories.filter(({ name }) => ` ${plain(name ?? '')}`.includes(wanted)).slice(0, 4);
}

const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
