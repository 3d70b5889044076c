import type { Language } from '../api.ts';
import { keepWish, takeWish } from '../claim/claim-wish.ts';
import { byId, element, icon, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { getPerson, type Person } from './account-api.ts';
import { keepInvitation, keptInvitation } from './invitation-store.ts';
import { readLink, resetView, verifyView } from './mail-link.ts';
import type { Panel } from './panel.ts';
import { isLoggedIn, wasLoggedIn, watchSession, type SessionChange } from './session.ts';

export interface AccountEvents {
  languages: () => readonly Language[];
  language: () => string;
  /** Somebody else looks at the page now, or nobody; or who does saved another profile. */
  personChanged: (person: Person | null) => void;
}

export interface Account {
  /** Who was logged in when the page was left; null for nobody, and where the API cannot say it. */
  restore: () => Promise<Person | null>;
  /** Follows the link of a mail that stands in the address, and takes it out of there. */
  openLink: () => void;
  /** Claims an offer, and shows its code; a guest logs in first. */
  claim: (voucherId: string) => void;
  /** Names the button in the language of the page. */
  showButton: () => void;
}

/** The button in the header, and behind it the dialog, which is loaded when it is wanted. */
export function createAccount({ languages, language, personChanged }: AccountEvents): Account {
  const button = byId('account', HTMLButtonElement);
  const toast = byId('toast', HTMLElement);
  let person: Person | null = null;
  let panel: Panel | null = null;

  const loadPerson = () =>
    getPerson().then(
      ({ body }) => body,
      () => null,
    );

  // The button can be pressed, and a session end, while the page is still loading.
  let textsAreThere: () => void;
  const hasTexts = new Promise<void>((resolve) => {
    textsAreThere = resolve;
  });

  function showButton(): void {
    textsAreThere();
    const isIn = isLoggedIn();
    const label = isIn ? (person?.displayName ?? say('account')) : say('account.logIn');
    button.setAttribute('aria-label', isIn ? say('account.of', { name: label }) : label);
    button.title = label;
    const initial = person?.displayName.match(/^./u)?.[0];
    button.replaceChildren(
      isIn && initial !== undefined
        ? element('span', { class: 'initial', 'aria-hidden': 'true' }, initial.toLocaleUpperCase())
        : icon('person'),
    );
    button.classList.toggle('round-active', isIn);
  }

  async function openPanel(): Promise<Panel> {
    const [{ createPanel }] = await Promise.all([import('./panel.ts'), hasTexts]);
    panel ??= createPanel({
      languages,
      language,
      changed: (change) => {
        if (person === null) return;
        person = { ...person, ...change };
        showButton();
        if ('language' in change) personChanged(person);
      },
    });
    toast.hidden = true;
    return panel;
  }

  function showToast(): void {
    const again = phrase('button', { type: 'button', class: 'button' }, 'account.logIn');
    again.addEventListener('click', () => void openPanel().then((opened) => opened.show('logIn')));
    toast.hidden = false;
    toast.replaceChildren(phrase('span', {}, 'account.expired'), again);
  }

  /** Goes on with an invitation whose link was followed, here or in another tab. */
  async function showInvitation(): Promise<void> {
    const token = keptInvitation();
    if (token === null) return;
    const [opened, { invitationView }] = await Promise.all([openPanel(), import('./invitation.ts')]);
    if (isLoggedIn()) opened.show(invitationView(token));
    else opened.show('logIn', say('account.invitationLogIn'));
  }

  async function claim(voucherId: string): Promise<void> {
    const [opened, { claimView }] = await Promise.all([openPanel(), import('../claim/claim-view.ts')]);
    if (isLoggedIn()) {
      opened.show(claimView(voucherId));
      return;
    }
    keepWish(voucherId);
    opened.show('logIn', say('claim.logIn'));
  }

  /** Goes on with what was wanted before logging in. */
  async function goOn(): Promise<void> {
    const wish = takeWish();
    if (keptInvitation() !== null) await showInvitation();
    else if (wish !== null) await claim(wish);
  }

  async function follow(change: SessionChange, isHere: boolean): Promise<void> {
    person = change === 'begun' ? await loadPerson() : null;
    await hasTexts;
    showButton();
    personChanged(person);
    if (change === 'begun') {
      toast.hidden = true;
      if (isHere) await goOn();
    } else if (panel?.isOpen() === true) panel.show('logIn', change === 'expired' ? say('account.expired') : undefined);
    else if (change === 'expired') showToast();
  }

  button.addEventListener(
    'click',
    () => void openPanel().then((opened) => opened.show(isLoggedIn() ? 'menu' : 'logIn')),
  );
  watchSession((change, isHere) => void follow(change, isHere));

  return {
    async restore() {
      if (await wasLoggedIn()) person = await loadPerson();
      return person;
    },
    openLink() {
      const link = readLink(location.hash);
      if (link === null) return;
      history.replaceState(null, '', location.pathname + location.search);
      const { purpose, token } = link;
      if (purpose === 'invitation') {
        keepInvitation(token);
        void showInvitation();
      } else {
        void openPanel().then((opened) => opened.show(purpose === 'verify' ? verifyView(token) : resetView(token)));
      }
    },
    claim: (voucherId) => void claim(voucherId),
    showButton,
  };
}
