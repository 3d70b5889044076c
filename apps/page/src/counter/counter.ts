import { createAccount } from '../account/account.ts';
import type { Person } from '../account/account-api.ts';
import { isLoggedIn } from '../account/session.ts';
import { listLanguages, type Language } from '../api.ts';
import { byId, element, phrase } from '../dom.ts';
import { chooseLanguage } from '../language.ts';
import { recall, remember } from '../storage.ts';
import { alsoSay, say, speak, write } from '../texts.ts';
import { createThemeSwitch } from '../theme-switch.ts';
import { openBook, type Book } from './book.ts';
import { createDesk, type Desk } from './desk.ts';
import { createEntryList, type EntryList } from './entry-list.ts';
import { createOfflineChecker } from './offline-check.ts';
import { createPlaceChoice } from './place.ts';
import { findStaff, type Staff } from './staff.ts';
import { openTillStore, type TillStore } from './till-store.ts';
import { startWorker } from './start-worker.ts';

alsoSay({
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  gn: () => import('./locales/gn.json'),
  ar: () => import('./locales/ar.json'),
});

const refreshMs = 60_000;

const languages = byId('language', HTMLSelectElement);
const network = byId('network', HTMLElement);
const gate = byId('gate', HTMLElement);
const work = byId('work', HTMLElement);

let known: readonly Language[] = [];
let language: Language;
let staff: Staff | null = null;
let isReached = navigator.onLine;
/** False for good where the browser keeps nothing. */
let isTillOpen = false;
/** Where the desk was made ready. */
let deskPlace: string | null = null;
let book: Book;
let desk: Desk;
let list: EntryList;

const checker = createOfflineChecker();
const places = createPlaceChoice(() => showWork());
const themeSwitch = createThemeSwitch();
const account = createAccount({
  languages: () => known,
  language: () => language.code,
  personChanged: (person) => void personChanged(person),
});

function showNetwork(): void {
  write(network, isReached ? 'network.on' : 'network.off');
  network.dataset['state'] = isReached ? 'on' : 'off';
}

function reached(isNow: boolean): void {
  if (isReached === isNow) return;
  isReached = isNow;
  showNetwork();
}

function showGate(key: string, ...more: Node[]): void {
  work.hidden = true;
  deskPlace = null;
  gate.hidden = false;
  gate.replaceChildren(phrase('p', {}, key), ...more);
}

function logInButton(): HTMLElement {
  const button = phrase('button', { type: 'button', class: 'button button-main' }, 'account.logIn');
  button.addEventListener('click', () => byId('account', HTMLButtonElement).click());
  return element('p', { class: 'desk-actions' }, button);
}

/** Whoever works here; else what is missing for it. */
function showWork(): void {
  if (staff === null) showGate(isLoggedIn() ? 'gate.unknown' : 'gate.logIn', logInButton());
  else if (staff.businessIds.length === 0) showGate('gate.noBusiness');
  else {
    gate.hidden = true;
    work.hidden = false;
    showDesk();
    list.show();
  }
}

/** What lies on the desk stays there, unless it is at another place now. */
function showDesk(): void {
  const place = places.chosen()?.locationId ?? null;
  byId('desk', HTMLElement).hidden = place === null;
  if (place !== null && place !== deskPlace) desk.ready();
  deskPlace = place;
}

async function loadStaff(): Promise<void> {
  staff = await findStaff();
  if (staff !== null && staff.businessIds.length > 0) await places.load(staff, language.code);
  showWork();
  if (staff !== null) void book.handIn();
}

async function personChanged(person: Person | null): Promise<void> {
  const own = known.find(({ code }) => code === person?.language);
  if (own !== undefined && own !== language) {
    await changeLanguage(own);
    if (!work.hidden) desk.redraw();
  }
  if (isTillOpen) await loadStaff();
  else showGate('gate.noStore');
}

async function changeLanguage(chosen: Language): Promise<void> {
  await speak(chosen.code, chosen.direction);
  language = chosen;
  languages.value = chosen.code;
  document.title = `${say('till.title')} · Pika`;
  themeSwitch.show();
  account.showButton();
  showNetwork();
}

async function useLanguage(chosen: Language): Promise<void> {
  await changeLanguage(chosen);
  showWork();
  if (staff === null || work.hidden) return;
  desk.redraw();
  places.redraw();
  await places.load(staff, chosen.code);
}

/** What was there last time does without network. */
async function loadLanguages(): Promise<readonly Language[]> {
  try {
    const { data } = await listLanguages();
    remember('languages', JSON.stringify(data));
    return data;
  } catch {
    const kept = recall('languages');
    return kept === null
      ? [{ code: 'en', name: 'English', direction: 'ltr', isDefault: true }]
      : (JSON.parse(kept) as Language[]);
  }
}

function listen(): void {
  languages.addEventListener('change', () => {
    const chosen = known.find(({ code }) => code === languages.value);
    if (chosen === undefined) return;
    remember('language', chosen.code);
    void useLanguage(chosen);
  });
  addEventListener('online', () => {
    reached(true);
    void checker.refresh();
    void book.handIn();
    if (staff === null && isLoggedIn()) void loadStaff();
  });
  addEventListener('offline', () => reached(false));
  setInterval(() => void checker.refresh(), refreshMs);
}

async function start(): Promise<void> {
  const [found, person, store] = await Promise.all([
    loadLanguages(),
    account.restore(),
    openTillStore().catch(() => null),
  ]);
  known = found;
  languages.replaceChildren(...known.map(({ code, name }) => element('option', { value: code, lang: code }, name)));
  // Once the page speaks somebody can log in, and finds the till open.
  if (store !== null) await openTill(store);
  await changeLanguage(chooseLanguage(known, [person?.language ?? null]));
  if (store === null) {
    showGate('gate.noStore');
    return;
  }
  listen();
  // What is asked for from now on is kept for when nobody answers.
  await startWorker();
  await Promise.all([loadStaff(), checker.refresh()]);
}

async function openTill(store: TillStore): Promise<void> {
  book = await openBook(store, {
    userId: () => staff?.userId ?? null,
    changed: (nonce) => {
      desk.entryChanged(nonce);
      list.show();
    },
    reached,
  });
  desk = createDesk({ book, checker, places, staff: () => staff, language: () => language.code, reached });
  list = createEntryList({ book, userId: () => staff?.userId ?? null, language: () => language.code });
  isTillOpen = true;
}

void start();
