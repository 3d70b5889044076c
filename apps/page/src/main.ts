import { createAccount } from './account/account.ts';
import type { Person } from './account/account-api.ts';
import { listCategories, listLanguages, type Category, type Language } from './api.ts';
import { createDetail } from './detail.ts';
import { byId, element } from './dom.ts';
import { createFilters } from './filters.ts';
import { chooseLanguage } from './language.ts';
import { locate } from './locate.ts';
import { createOfferMap } from './map.ts';
import { createNotice } from './notice.ts';
import { createOfferList } from './offer-list.ts';
import { createResults } from './results.ts';
import { createSearchBox } from './search-box.ts';
import { addressOf, asksTheSame, readState, type Place, type State } from './state.ts';
import { remember } from './storage.ts';
import { say, speak, write } from './texts.ts';
import { createThemeSwitch } from './theme-switch.ts';

let state = readState(location);
let known: readonly Language[] = [];
let language: Language;
let categories: Category[] = [];
/** Where the person was found. The address names it only as a point: for others it is not theirs. */
let ownPlace: Place | null = null;

const stage = byId('stage', HTMLElement);
const title = byId('offers-title', HTMLElement);
const switchView = byId('switch-view', HTMLButtonElement);
const languages = byId('language', HTMLSelectElement);
const smallScreen = matchMedia('(width < 56rem)');

const openOffer = (id: string) => go({ voucherId: id });
const list = createOfferList({
  addressOf: (id) => addressOf({ ...state, voucherId: id }),
  opened: openOffer,
  claimed: (id) => account.claim(id),
  pointedAt: (id) => map.highlight(id ?? state.voucherId),
});
const map = createOfferMap({
  opened: openOffer,
  pointedAt: (id) => list.highlight(id, true),
  moved: ({ latitude, longitude }, radiusMeters) => {
    results.offerPlace({ latitude, longitude, name: null }, radiusMeters);
  },
});
const detail = createDetail({ closed: () => go({ voucherId: null }), claimed: (id) => account.claim(id) });
const notice = createNotice({
  widened: (radiusMeters) => go({ radiusMeters }),
  cleared: () => go({ category: null, words: null, isOpenNow: false }),
  retried: () => void retry(),
});
const results = createResults({
  state: () => state,
  language: () => language.code,
  list,
  map,
  notice,
  placeChosen: (place, radiusMeters) => go({ place, radiusMeters, voucherId: null }),
});
const filters = createFilters(go);

const themeSwitch = createThemeSwitch();
const account = createAccount({
  languages: () => known,
  language: () => language.code,
  personChanged: (person) => {
    const own = state.language === null ? languageOfPerson(person) : undefined;
    void (own === undefined || own === language ? results.search() : useLanguage(own, null));
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
  showTitle();
  filters.show(state, language.code);
  if (!asksTheSame(before, state)) void results.search();
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
  filters.fill(categories, state, language.code);
  showTitle();
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
    write(byId('status', HTMLElement), 'error.offline');
    return;
  }
  state = { ...state, language: asked };
  history.replaceState(null, '', addressOf(state));
  if (state.voucherId !== null) void detail.open(state.voucherId, state.place, chosen.code);
  await results.search();
}

function showView(): void {
  write(switchView, stage.dataset['view'] === 'map' ? 'view.list' : 'view.map');
}

function listen(): void {
  filters.listen();
  results.listen();
  byId('near-me', HTMLButtonElement).addEventListener('click', () => {
    locate((place) => {
      ownPlace = place;
      go({ place, voucherId: null });
    });
  });
  switchView.addEventListener('click', () => {
    stage.dataset['view'] = stage.dataset['view'] === 'map' ? 'list' : 'map';
    showView();
    results.showOnMap();
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
  await results.search();
}

async function start(): Promise<void> {
  await prepare();
  listen();
  account.openLink();
  await results.search();
  if (state.voucherId !== null) showDetail(null);
}

void start();
