import { createForm } from '../account/form.ts';
import { byId, element, phrase } from '../dom.ts';
import { money, moment } from '../format.ts';
import { say } from '../texts.ts';
import type { Book } from './book.ts';
import { waitingNumber } from './entry-view.ts';
import type { Entry } from './till-store.ts';

export interface EntryList {
  show: () => void;
}

const shownMax = 30;

/** What this till did last, with what became of it, and the way back. */
export function createEntryList(options: {
  book: Book;
  userId: () => string | null;
  language: () => string;
}): EntryList {
  const { book, userId, language } = options;
  const root = byId('entries', HTMLElement);
  /** Whose form for the way back is open: kept while the list changes beneath it. */
  let opened: { nonce: string; form: HTMLElement } | null = null;

  function itemOf(entry: Entry): HTMLElement {
    const { title, at, way, nonce } = entry;
    const { key, tone } = stateOf(entry);
    const discount =
      entry.outcome?.kind === 'redeemed' && entry.outcome.discountMinor !== null && entry.outcome.currency !== null
        ? money(entry.outcome.discountMinor, entry.outcome.currency, language())
        : null;
    return element(
      'li',
      { class: 'entry', 'data-nonce': nonce },
      element(
        'p',
        { class: 'entry-head' },
        title === null
          ? element('strong', {}, say(way === 'scan' ? 'entry.offline' : 'entry.online'))
          : element('strong', { lang: title.language, dir: 'auto' }, title.text),
        phrase('span', { class: `entry-state entry-${tone}` }, key, { number: waitingNumber(entry, book.entries()) }),
      ),
      element(
        'p',
        { class: 'entry-more' },
        element('span', {}, moment(at, language())),
        discount === null ? null : element('span', {}, discount),
        isOthers(entry) ? phrase('span', {}, 'entry.of', { name: entry.userName }) : null,
      ),
      ...reasonsOf(entry).map((reason) => element('p', { class: 'entry-reason' }, reason)),
      opened?.nonce === nonce ? opened.form : canRollBack(entry) ? rollBackButton(entry) : null,
    );
  }

  const isOthers = (entry: Entry) => entry.outcome === null && entry.userId !== userId();

  function rollBackButton({ nonce }: Entry): HTMLElement {
    const button = phrase('button', { type: 'button', class: 'button' }, 'entry.rollBack');
    button.addEventListener('click', () => {
      const form = createForm({
        fields: [{ name: 'reason', label: 'entry.reason', hint: 'entry.reasonHint' }],
        submit: 'entry.rollBackNow',
        isDangerous: true,
        act: async ({ text }) => {
          const reason = text('reason').trim();
          if (reason === '') return say('field.required');
          opened = null;
          await book.rollBack(nonce, reason);
          return undefined;
        },
      });
      opened = { nonce, form: form.root };
      show();
      form.root.querySelector('input')?.focus();
    });
    return button;
  }

  function show(): void {
    const entries = book.entries();
    const waiting = entries.filter(({ outcome }) => outcome === null).length;
    root.replaceChildren(
      phrase('h2', { id: 'entries-title' }, 'entries.title'),
      phrase(
        'p',
        { class: 'entries-waiting', role: 'status' },
        waiting === 0 ? 'entries.noneWaiting' : 'entries.waiting',
        { count: waiting },
      ),
      entries.length === 0
        ? phrase('p', { class: 'form-hint' }, 'entries.none')
        : element('ol', { class: 'panel-list' }, ...entries.slice(0, shownMax).map(itemOf)),
    );
  }

  return { show };
}

function stateOf({ outcome, rollback, way }: Entry): { key: string; tone: string } {
  if (rollback?.outcome?.kind === 'done') return { key: 'state.rolledBack', tone: 'open' };
  if (rollback !== null && rollback.outcome === null) return { key: 'state.rollingBack', tone: 'open' };
  if (outcome === null) return { key: way === 'scan' ? 'state.queued' : 'state.waiting', tone: 'open' };
  if (outcome.kind === 'redeemed') return { key: way === 'scan' ? 'state.within' : 'state.redeemed', tone: 'good' };
  return outcome.kind === 'overUse' ? { key: 'state.overUse', tone: 'bad' } : { key: 'state.refused', tone: 'bad' };
}

function reasonsOf({ outcome, rollback }: Entry): string[] {
  const ofRollback = rollback?.outcome?.kind === 'refused' ? [rollback.outcome.reason] : [];
  return [...(outcome === null || outcome.kind === 'redeemed' ? [] : outcome.reasons), ...ofRollback];
}

function canRollBack({ outcome, rollback }: Entry): boolean {
  if (outcome?.kind !== 'redeemed' || (rollback !== null && rollback.outcome?.kind !== 'refused')) return false;
  return outcome.rollbackUntil === null || Date.parse(outcome.rollbackUntil) > Date.now();
}
