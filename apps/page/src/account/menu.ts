import { element } from '../dom.ts';
import { getPerson, logOut, type Person } from './account-api.ts';
import { createAction } from './form.ts';
import { ways } from './log-in.ts';
import { endSession } from './session.ts';
import type { View } from './view.ts';

export const menuView: View = {
  title: 'account',
  back: null,
  startsInField: false,
  build: async (context) => {
    // Logging out is possible without it.
    const person = await getPerson().then(
      ({ body }) => body,
      () => null,
    );
    const leave = async () => {
      await endSession(logOut);
      context.close();
    };
    return [
      person && personLine(person),
      ways(
        context,
        ['wallet', 'claim.wallet'],
        ['profile', 'account.profile'],
        ['addresses', 'account.addresses'],
        ['safety', 'account.safety'],
        ['devices', 'account.devices'],
        ['ownData', 'account.ownData'],
      ),
      element('p', { class: 'form-actions' }, createAction('account.logOut', leave)),
    ];
  },
};

export const personLine = ({ displayName, email }: Person): HTMLElement =>
  element(
    'p',
    { class: 'panel-person' },
    element('strong', { dir: 'auto' }, displayName),
    element('span', { dir: 'ltr' }, email),
  );
