import { element, phrase } from '../dom.ts';
import { moment } from '../format.ts';
import { say } from '../texts.ts';
import { listDevices, logOut, logOutDevice, logOutEverywhere, type Device } from './account-api.ts';
import { createAction } from './form.ts';
import { endSession } from './session.ts';
import type { AccountContext, View } from './view.ts';

export const devicesView: View = {
  title: 'account.devices',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const devices = await listDevices();
    const leaveEverywhere = async () => {
      await endSession(logOutEverywhere);
      context.close();
    };
    return [
      element('ul', { class: 'panel-list' }, ...devices.map((device) => itemOf(context, device))),
      element('p', { class: 'form-actions' }, createAction('account.logOutEverywhere', leaveEverywhere)),
    ];
  },
};

function itemOf(context: AccountContext, device: Device): HTMLElement {
  const { id, userAgent, clientAddress, impersonatedBy, lastUsedAt, isCurrent } = device;
  const name = nameOf(userAgent);
  const leave = async () => {
    if (isCurrent) {
      await endSession(logOut);
      context.close();
    } else {
      await logOutDevice(id);
      context.go('devices', say('account.loggedOutThere'));
    }
  };
  return element(
    'li',
    {},
    element(
      'p',
      {},
      element('strong', { title: userAgent, dir: 'auto' }, name),
      isCurrent ? phrase('span', { class: 'mark' }, 'account.thisDevice') : null,
      impersonatedBy === null ? null : phrase('span', { class: 'mark' }, 'account.operatorHere'),
    ),
    phrase('p', {}, 'account.lastUsed', { time: moment(lastUsedAt, context.language()) }),
    clientAddress === null ? null : element('p', {}, element('bdi', { dir: 'ltr' }, clientAddress)),
    createAction('account.logOut', leave, { 'aria-label': say('account.logOutOf', { name }) }),
  );
}

const browsers = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'];
const browserNames: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
const systems = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac OS', 'CrOS', 'Linux'];

/** Browser and system, as far as the device tells. */
function nameOf(userAgent: string | null): string {
  if (userAgent === null) return say('account.unknownDevice');
  const browser = browsers.find((each) => userAgent.includes(`${each}/`));
  const system = systems.find((each) => userAgent.includes(each));
  const known = [browser === undefined ? undefined : (browserNames[browser] ?? browser), system].filter(Boolean);
  return known.length === 0 ? userAgent.slice(0, 40) : known.join(' · ');
}
