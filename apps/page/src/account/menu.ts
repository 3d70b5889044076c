import { element } from '../dom.ts';
import { getPerson, logOut } from './account-api.ts';
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
      person &&
        element(
          'p',
          { class: 'panel-person' },
          element('strong', { dir: 'auto' }, person.displayName),
          element('span', { dir: 'ltr' }, person.email),
        ),
      ways(
        context,
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
