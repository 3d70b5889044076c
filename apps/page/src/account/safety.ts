import { element, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { changePassword, confirmTotp, enrolTotp } from './account-api.ts';
import { createAction, createForm } from './form.ts';
import type { View } from './view.ts';

export const safetyView: View = {
  title: 'account.safety',
  back: 'menu',
  startsInField: false,
  build: () => [
    element('section', {}, phrase('h3', {}, 'account.changePassword'), passwordForm()),
    element('section', {}, phrase('h3', {}, 'account.totp'), phrase('p', {}, 'account.totpText'), totpSteps()),
  ],
};

function passwordForm(): HTMLElement {
  return createForm({
    fields: [
      {
        name: 'currentPassword',
        label: 'account.currentPassword',
        type: 'password',
        autocomplete: 'current-password',
      },
      {
        name: 'newPassword',
        label: 'account.newPassword',
        type: 'password',
        autocomplete: 'new-password',
        hint: 'account.passwordHint',
      },
    ],
    submit: 'account.changePassword',
    act: async ({ text }, form) => {
      await changePassword(text('currentPassword'), text('newPassword'));
      form.clear();
      return say('account.passwordChanged');
    },
  }).root;
}

function totpSteps(): HTMLElement {
  const steps = element('div', { class: 'panel-steps' });
  const start = createAction('account.totpStart', async () => {
    const [{ otpauthUri, secret }, { drawQrCode }] = await Promise.all([enrolTotp(), import('./qr-code.ts')]);
    const confirm = createForm({
      fields: [{ name: 'code', label: 'account.code', autocomplete: 'one-time-code', inputmode: 'numeric' }],
      submit: 'account.totpConfirm',
      act: async ({ text }) => {
        const { backupCodes } = await confirmTotp(text('code').replaceAll(/\s/g, ''));
        const title = phrase('h4', { tabindex: '-1' }, 'account.backupCodes');
        steps.replaceChildren(
          title,
          phrase('p', {}, 'account.backupCodesText'),
          element('ul', { class: 'backup-codes', dir: 'ltr' }, ...backupCodes.map((code) => element('li', {}, code))),
        );
        title.focus();
      },
    });
    steps.replaceChildren(
      phrase('p', {}, 'account.totpScan'),
      drawQrCode(otpauthUri, say('account.totpQr')),
      element('p', { dir: 'ltr', class: 'secret' }, element('code', {}, secret)),
      element('p', { dir: 'ltr', class: 'secret' }, element('a', { href: otpauthUri }, otpauthUri)),
      confirm.root,
    );
    confirm.root.querySelector('input')?.focus();
  });
  steps.append(start);
  return steps;
}
