import { getBusiness } from '../api.ts';
import { element, phrase } from '../dom.ts';
import { ApiError } from '../exchange.ts';
import { isolated, say } from '../texts.ts';
import { acceptInvitation, getPerson, logOut } from './account-api.ts';
import { createAction, createForm } from './form.ts';
import { dropInvitation, keepInvitation } from './invitation-store.ts';
import { personLine } from './menu.ts';
import { endSession, renewSoon } from './session.ts';
import type { AccountContext, View } from './view.ts';

export const invitationView = (token: string): View => ({
  title: 'account.invitation',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const { body: person } = await getPerson();
    const leave = async () => {
      keepInvitation(token);
      await endSession(logOut);
      context.go('logIn', say('account.invitationLogIn'));
    };
    return [
      phrase('p', {}, 'account.invitationText'),
      personLine(person),
      acceptForm(context, token),
      element('p', { class: 'form-actions' }, createAction('account.otherAccount', leave)),
    ];
  },
});

function acceptForm(context: AccountContext, token: string): HTMLElement {
  return createForm({
    fields: [],
    submit: 'account.accept',
    act: async () => {
      const { businessId, role } = await acceptInvitation(token).catch((error: unknown) => {
        if (error instanceof ApiError && [404, 409].includes(error.status)) dropInvitation();
        throw error;
      });
      dropInvitation();
      // The roles stand in the access token.
      renewSoon();
      const name = await nameOf(businessId, context.language());
      const values = { role: say(`role.${role}`) };
      context.go(
        'menu',
        name === null
          ? say('account.joinedUnnamed', values)
          : say('account.joined', { ...values, business: isolated(name) }),
      );
    },
  }).root;
}

/** Null where the business is not shown to everybody, or cannot be asked for now. */
async function nameOf(businessId: string, language: string): Promise<string | null> {
  try {
    return (await getBusiness(businessId, language)).name;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
