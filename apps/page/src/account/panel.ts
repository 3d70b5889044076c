import { walletView } from '../claim/wallet.ts';
import { byId, element, icon, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { addressesView } from './addresses.ts';
import { devicesView } from './devices.ts';
import { reasonOf } from './form.ts';
import { forgottenView, logInView } from './log-in.ts';
import { menuView } from './menu.ts';
import { ownDataView } from './own-data.ts';
import { profileView } from './profile.ts';
import { registerView } from './register.ts';
import { safetyView } from './safety.ts';
import type { AccountContext, View, ViewName } from './view.ts';

const views: Readonly<Record<ViewName, View>> = {
  logIn: logInView,
  register: registerView,
  forgotten: forgottenView,
  menu: menuView,
  profile: profileView,
  addresses: addressesView,
  safety: safetyView,
  devices: devicesView,
  ownData: ownDataView,
  wallet: walletView,
};

export interface Panel {
  show: (view: View | ViewName, said?: string) => void;
  isOpen: () => boolean;
  close: () => void;
}

/** The dialog of the account: one view at a time, with a way back. */
export function createPanel(events: Pick<AccountContext, 'languages' | 'language' | 'changed'>): Panel {
  const dialog = byId('account-panel', HTMLDialogElement);
  let shown = 0;

  const context: AccountContext = {
    ...events,
    go: (name, said) => void show(views[name], said),
    show: (view) => void show(view),
    close: () => dialog.close(),
  };

  async function show(view: View, said = ''): Promise<void> {
    shown += 1;
    const turn = shown;
    const title = phrase('h2', { id: 'account-title', tabindex: '-1' }, view.title);
    const told = element('p', { class: 'panel-said', role: 'status' });
    const body = element('div', { class: 'panel-body', 'aria-busy': 'true' });
    dialog.replaceChildren(
      element('div', { class: 'panel-head' }, backTo(view.back), title, closeButton()),
      told,
      body,
    );
    if (!dialog.open) dialog.showModal();
    title.focus();
    // After it is there: a live region tells only what changes.
    told.textContent = said;
    try {
      const built = await view.build(context);
      if (turn !== shown) return;
      body.replaceChildren(...built.filter((node) => node !== null));
      if (view.startsInField) body.querySelector<HTMLElement>('input, select')?.focus();
    } catch (error) {
      if (turn !== shown) return;
      const again = phrase('button', { type: 'button', class: 'button' }, 'error.retry');
      again.addEventListener('click', () => void show(view));
      body.replaceChildren(element('p', { class: 'form-failed', role: 'alert' }, reasonOf(error)), again);
    } finally {
      body.setAttribute('aria-busy', 'false');
    }
  }

  function backTo(name: ViewName | null): HTMLElement | null {
    if (name === null) return null;
    const back = element('button', { type: 'button', class: 'round panel-back', 'aria-label': say('account.back') });
    back.append(icon('back'));
    back.addEventListener('click', () => context.go(name));
    return back;
  }

  function closeButton(): HTMLElement {
    const close = element('button', { type: 'button', class: 'round panel-close', 'aria-label': say('detail.close') });
    close.append(icon('close'));
    close.addEventListener('click', () => dialog.close());
    return close;
  }

  // Its own Escape: that of the page would close the details beneath.
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') event.stopPropagation();
  });
  // What was typed is not kept for who comes next. The event comes a frame late: the dialog may be open again.
  dialog.addEventListener('close', () => {
    if (dialog.open) return;
    shown += 1;
    dialog.replaceChildren();
  });
  return {
    show: (view, said) => void show(typeof view === 'string' ? views[view] : view, said),
    isOpen: () => dialog.open,
    close: () => dialog.close(),
  };
}
