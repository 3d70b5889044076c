import { createAccount } from './account/account.ts';
import type { Person } from './account/account-api.ts';
import { listCategories, listLanguages, searchOffers, type Category, type Language, type Offer } from './api.ts';
import { createDetail } from './detail.ts';
import { byId, element, phrase } from './dom.ts';
import { count, distance } from './format.ts';
import { chooseLanguage } from './language.ts';
import { createOfferMap } from './map.ts';
import { createNotice } from './notice.ts';
import { createOfferList } from './offer-list.ts';
import { createSearchBox } from './search-box.ts';
import { addressOf, asksTheSame, radii, readState, type Place, type State } from './state.ts';
import { remember } from './storage.ts';
import { say, speak, write } from './texts.ts';
import { createThemeSwitch } from './theme-switch.ts';

let state = readState(location);
let known: readonly Language[] = [];
let language: Language;
let categories: Category[] = [];
let offers: Offer[] = [];
let credits = new Set<string>();
let nextCursor: string | null = null;
let running: AbortController | null = null;
let isLoadingMore = false;
/** Where the person moved the map to, until it is searched. */
let elsewhere: { place: Place; radiusMeters: number } | null = null;
/** Where the person was found. The address names it only as a point: for others it is not theirs. */
let ownPlace: Place | null = null;

const stage = byId('stage', HTMLElement);
const status = byId('status', HTMLElement);
const title = byId('offers-title', HTMLElement);
const more = byId('more', HTMLButtonElement);
const radius = byId('radius', HTMLSelectElement);
const category = byId('category', HTMLSelectElement);
const openNow = byId('open-now', HTMLButtonElement);
const clearWords = byId('clear-words', HTMLButtonElement);
const searchHere = byId('search-here', HTMLButtonElement);
const switchView = byId('switch-view', HTMLButtonElement);
const languages = byId('language', HTMLSelectElement);
const smallScreen = matchMedia('(width < 56rem)');

const openOffer = (id: string) => go({ voucherId: id });
const list = createOfferList({
  addressOf: (id) => addressOf({ ...state, voucherId: id }),
  opened: openOffer,
  pointedAt: (id) => map.highlight(id ?? state.voucherId),
});
const map = createOfferMap({
  opened: openOffer,
  pointedAt: (id) => list.highlight(id, true),
  moved: ({ latitude, longitude }, radiusMeters) => {
    elsewhere = { place: { latitude, longitude, name: null }, radiusMeters };
    searchHere.hidden = false;
  },
});
const detail = createDetail(() => go({ voucherId: null }));
const notice = createNotice({
  widened: (radiusMeters) => go({ radiusMeters }),
  cleared: () => go({ category: null, words: null, isOpenNow: false }),
  retried: () => void retry(),
});

const themeSwitch = createThemeSwitch();
const account = createAccount({
  languages: () => known,
  language: () => language.code,
  personChanged: (person) => {
    const own = state.language === null ? languageOfPerson(person) : undefined;
    void (own === undefined || own === language ? search() : useLanguage(own, null));
  },
});

/** The one way to change what is looked at: the address first, then everything that shows it. */
function go(change: Partial<State>): void {
  const next = { ...state, ...change };
  if (addressOf(next) === addressOf(state)) return;
  history.pushState(null, '', addressOf(next));
  follow(next);
}

function follow(next: State): void {
  const before = state;
  state = next;
  showFilters();
  if (!asksTheSame(before, state)) void search();
  if (state.voucherId !== before.voucherId) showDetail(before.voucherId);
}

function showDetail(before: string | null): void {
  stage.classList.toggle('stage-detail', state.voucherId !== null);
  coverRest();
  if (state.voucherId === null) {
    detail.close();
    showTitle();
    map.highlight(null);
    if (before !== null && !list.focus(before)) byId('offers', HTMLElement).focus();
  } else {
    map.highlight(state.voucherId);
    void detail.open(state.voucherId, state.place, language.code);
  }
}

/** The details lie over the list, and on a small screen over everything: what is covered cannot be reached. */
function coverRest(): void {
  const isOpen = state.voucherId !== null;
  byId('offers', HTMLElement).inert = isOpen;
  for (const each of [byId('top', HTMLElement), byId('map-side', HTMLElement), switchView]) {
    each.inert = isOpen && smallScreen.matches;
  }
}

function showTitle(): void {
  const { latitude, longitude } = state.place;
  const isMine = latitude === ownPlace?.latitude && longitude === ownPlace.longitude;
  const name = isMine ? say('place.me') : state.place.name;
  if (name === null) write(title, 'heading.here');
  else write(title, 'heading', { place: name });
  if (state.voucherId === null) {
    document.title = name === null ? `${say('heading.here')} · Pika` : say('title', { place: name });
  }
}

function showFilters(): void {
  showTitle();
  if (![...radius.options].some(({ value }) => value === String(state.radiusMeters))) fillRadii();
  radius.value = String(state.radiusMeters);
  category.value = state.category ?? '';
  category.classList.toggle('chip-active', state.category !== null);
  openNow.setAttribute('aria-pressed', String(state.isOpenNow));
  clearWords.hidden = state.words === null;
  write(clearWords, 'words.clear', { words: state.words ?? '' });
  clearWords.setAttribute('aria-label', say('words.clearLabel', { words: state.words ?? '' }));
}

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
    const answer = await searchOffers(state, language.code, null, controller.signal);
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
    const answer = await searchOffers(state, language.code, nextCursor, controller.signal);
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
  offers = [...offers, ...found];
  nextCursor = next;
  for (const { attribution } of found) if (attribution !== null) credits.add(attribution);
  list.show(found, language.code, isMore);
  map.show(found, state, language.code, isMore);
  if (state.voucherId !== null) map.highlight(state.voucherId);
  more.hidden = next === null;
  byId('credits', HTMLElement).textContent = [...credits].join(' · ');
  const within = distance(state.radiusMeters, language.code);
  const amount = count(offers.length, language.code);
  if (offers.length === 0) {
    write(status, 'status.none', { distance: within });
    notice.showEmpty(state, language.code);
  } else if (next === null) {
    write(status, 'status.found', { count: offers.length, amount, distance: within });
  } else write(status, 'status.foundMore', { amount, distance: within });
}

function fillRadii(): void {
  const all = [...new Set([...radii, state.radiusMeters])].toSorted((a, b) => a - b);
  radius.replaceChildren(...all.map((meters) => element('option', { value: meters }, distance(meters, language.code))));
}

function fillCategories(): void {
  category.replaceChildren(
    phrase('option', { value: '' }, 'category.all'),
    ...categories.map(({ slug, depth, name, language: own, served }) =>
      element('option', { value: slug, lang: served['name'] ?? own }, `${'\u2003'.repeat(depth - 1)}${name ?? slug}`),
    ),
  );
}

/** Throws, and changes nothing, where the texts of the page cannot be loaded. */
async function changeLanguage(chosen: Language): Promise<void> {
  const [tree] = await Promise.all([
    listCategories(chosen.code).then(
      ({ data }) => data,
      (): Category[] => [],
    ),
    speak(chosen.code, chosen.direction),
  ]);
  language = chosen;
  categories = tree;
  languages.value = chosen.code;
  fillRadii();
  fillCategories();
  showFilters();
  showView();
  themeSwitch.show();
  account.showButton();
}

const languageOfPerson = (person: Person | null) => known.find(({ code }) => code === person?.language);

/** Goes on in another language; `asked` is what the address is to say of it. */
async function useLanguage(chosen: Language, asked: string | null): Promise<void> {
  try {
    await changeLanguage(chosen);
  } catch {
    languages.value = language.code;
    write(status, 'error.offline');
    return;
  }
  state = { ...state, language: asked };
  history.replaceState(null, '', addressOf(state));
  if (state.voucherId !== null) void detail.open(state.voucherId, state.place, chosen.code);
  await search();
}

function showView(): void {
  write(switchView, stage.dataset['view'] === 'map' ? 'view.list' : 'view.map');
}

function locate(): void {
  write(status, 'locate.searching');
  const fail = (reason?: GeolocationPositionError) => {
    write(status, reason?.code === 1 ? 'locate.denied' : 'locate.failed');
  };
  if (!('geolocation' in navigator)) {
    fail();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const [latitude, longitude] = [Number(coords.latitude.toFixed(5)), Number(coords.longitude.toFixed(5))];
      ownPlace = { latitude, longitude, name: null };
      go({ place: ownPlace, voucherId: null });
    },
    fail,
    { timeout: 10_000, maximumAge: 60_000 },
  );
}

function listen(): void {
  radius.addEventListener('change', () => go({ radiusMeters: Number(radius.value) }));
  category.addEventListener('change', () => go({ category: category.value || null }));
  openNow.addEventListener('click', () => go({ isOpenNow: !state.isOpenNow }));
  clearWords.addEventListener('click', () => go({ words: null }));
  more.addEventListener('click', () => void searchMore());
  new IntersectionObserver(([seen]) => {
    if (seen?.isIntersecting === true) void searchMore();
  }).observe(more);
  byId('near-me', HTMLButtonElement).addEventListener('click', locate);
  searchHere.addEventListener('click', () => {
    if (elsewhere !== null) go({ ...elsewhere, voucherId: null });
  });
  switchView.addEventListener('click', () => {
    stage.dataset['view'] = stage.dataset['view'] === 'map' ? 'list' : 'map';
    showView();
    map.resize();
    if (offers.length > 0) map.show(offers, state, language.code, false);
  });
  languages.addEventListener('change', () => {
    const chosen = known.find(({ code }) => code === languages.value);
    if (chosen === undefined) return;
    remember('language', chosen.code);
    void useLanguage(chosen, chosen.code);
  });
  addEventListener('popstate', () => {
    account.openLink();
    // The language is of the person, not of the place in the history.
    const next = { ...readState(location), language: state.language };
    history.replaceState(null, '', addressOf(next));
    follow(next);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && state.voucherId !== null) go({ voucherId: null });
  });
  stage.addEventListener('click', (event) => {
    if (event.target === stage && state.voucherId !== null) go({ voucherId: null });
  });
  smallScreen.addEventListener('change', coverRest);
  addEventListener('resize', () => map.resize());
  createSearchBox({
    categories: () => categories,
    language: () => language.code,
    placed: (place) => go({ place, voucherId: null }),
    categorised: (slug) => go({ category: slug, voucherId: null }),
    worded: (words) => go({ words, voucherId: null }),
  });
}

/** What the API says once: languages and categories. Without it the page speaks English until the next try. */
async function prepare(): Promise<void> {
  const [offeredNow, person] = await Promise.all([
    listLanguages().then(
      ({ data }) => data,
      () => [],
    ),
    account.restore(),
  ]);
  known = offeredNow;
  const english: Language = { code: 'en', name: 'English', direction: 'ltr', isDefault: true };
  const offered = known.length === 0 ? [english] : known;
  languages.replaceChildren(...offered.map(({ code, name }) => element('option', { value: code, lang: code }, name)));
  await changeLanguage(chooseLanguage(offered, [state.language, person?.language ?? null]));
}

async function retry(): Promise<void> {
  if (known.length === 0 || categories.length === 0) await prepare();
  await search();
}

async function start(): Promise<void> {
  await prepare();
  listen();
  account.openLink();
  await search();
  if (state.voucherId !== null) showDetail(null);
}

void start();
