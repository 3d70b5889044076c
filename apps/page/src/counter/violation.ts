import { element } from '../dom.ts';
import type { Violation } from '../exchange.ts';
import { moment } from '../format.ts';

const instants = [
  'redeemedAt',
  'usedAt',
  'revokedAt',
  'expiresAt',
  'validFrom',
  'startsAt',
  'endsAt',
  'opensAt',
  'resetsAt',
];

/** As the API says it, with the moment that it is about. */
export function violationText(violation: Violation, language: string): HTMLLIElement {
  const told = instants.map((name) => violation[name]).find((value): value is string => typeof value === 'string');
  return element(
    'li',
    {},
    element('span', {}, violation.message),
    told === undefined ? null : element('span', { class: 'reason-time' }, moment(told, language)),
  );
}
