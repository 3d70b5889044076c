import type { Category } from './api.ts';
import { byId, element, phrase } from './dom.ts';
import { distance } from './format.ts';
import { radii, type State } from './state.ts';
import { say, write } from './texts.ts';

export interface Filters {
  /** In a language: how far, and the categories there are. */
  fill(categories: readonly Category[], state: State, language: string): void;
  /** What of it is chosen. */
  show(state: State, language: string): void;
  listen(): void;
}

/** How far, which category, whether open now, and the words that are searched. */
export function createFilters(changed: (change: Partial<State>) => void): Filters {
  const radius = byId('radius', HTMLSelectElement);
  const category = byId('category', HTMLSelectElement);
  const openNow = byId('open-now', HTMLButtonElement);
  const clearWords = byId('clear-words', HTMLButtonElement);
  let isOpenNow = false;

  function fillRadii(own: number, language: string): void {
    const all = [...new Set([...radii, own])].toSorted((a, b) => a - b);
    radius.replaceChildren(...all.map((meters) => element('option', { value: meters }, distance(meters, language))));
  }

  function fillCategories(categories: readonly Category[]): void {
    category.replaceChildren(
      phrase('option', { value: '' }, 'category.all'),
      ...categories.map(({ slug, depth, name, language: own, served }) =>
        element('option', { value: slug, lang: served['name'] ?? own }, `${'\u2003'.repeat(depth - 1)}${name ?? slug}`),
      ),
    );
  }

  function show(state: State, language: string): void {
    if (![...radius.options].some(({ value }) => value === String(state.radiusMeters))) {
      fillRadii(state.radiusMeters, language);
    }
    radius.value = String(state.radiusMeters);
    category.value = state.category ?? '';
    category.classList.toggle('chip-active', state.category !== null);
    ({ isOpenNow } = state);
    openNow.setAttribute('aria-pressed', String(isOpenNow));
    clearWords.hidden = state.words === null;
    write(clearWords, 'words.clear', { words: state.words ?? '' });
    clearWords.setAttribute('aria-label', say('words.clearLabel', { words: state.words ?? '' }));
  }

  return {
    fill(categories, state, language) {
      fillRadii(state.radiusMeters, language);
      fillCategories(categories);
      show(state, language);
    },
    show,
    listen() {
      radius.addEventListener('change', () => changed({ radiusMeters: Number(radius.value) }));
      category.addEventListener('change', () => changed({ category: category.value || null }));
      openNow.addEventListener('click', () => changed({ isOpenNow: !isOpenNow }));
      clearWords.addEventListener('click', () => changed({ words: null }));
    },
  };
}
