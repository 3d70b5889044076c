import { element, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { erasePerson, exportAll } from './account-api.ts';
import { createAction, createForm } from './form.ts';
import { endSession } from './session.ts';
import type { AccountContext, View } from './view.ts';

export const ownDataView: View = {
  title: 'account.ownData',
  back: 'menu',
  startsInField: false,
  build: (context) => [
    element(
      'section',
      {},
      phrase('h3', {}, 'account.export'),
      phrase('p', {}, 'account.exportText'),
      createAction('account.export', download),
    ),
    element('section', {}, phrase('h3', {}, 'account.erase'), phrase('p', {}, 'account.eraseText'), eraseForm(context)),
  ],
};

async function download(): Promise<void> {
  const text = JSON.stringify(await exportAll(), null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  element('a', { href: address, download: 'pika.json' }).click();
  URL.revokeObjectURL(address);
}

function eraseForm(context: AccountContext): HTMLElement {
  return createForm({
    fields: [{ name: 'password', label: 'account.password', type: 'password', autocomplete: 'current-password' }],
    submit: 'account.erase',
    isDangerous: true,
    act: async ({ text }) => {
      await erasePerson(text('password'));
      await endSession(() => Promise.resolve());
      context.go('logIn', say('account.erased'));
    },
  }).root;
}
