import { byId, element, phrase } from './dom.ts';
import { ApiError } from './exchange.ts';
import { distance } from './format.ts';
import { radii, type State } from './state.ts';

export interface NoticeEvents {
  widened: (radiusMeters: number) => void;
  cleared: () => void;
  retried: () => void;
}

export type Notice = ReturnType<typeof createNotice>;

/** What stands in place of the list where it is empty or could not be loaded, with a way on. */
export function createNotice({ widened, cleared, retried }: NoticeEvents) {
  const box = byId('notice', HTMLElement);

  const button = (act: () => void, key: string, values: Record<string, string | number> = {}) => {
    const made = phrase('button', { type: 'button', class: 'button' }, key, values);
    made.addEventListener('click', act);
    return made;
  };

  function show(title: HTMLElement, text: HTMLElement, ...buttons: (HTMLElement | null)[]): void {
    box.replaceChildren(title, text, element('p', { class: 'notice-actions' }, ...buttons));
    box.hidden = false;
  }

  return {
    hide(): void {
      box.hidden = true;
      box.replaceChildren();
    },
    showEmpty({ radiusMeters, category, words, isOpenNow }: State, language: string): void {
      const wider = radii.find((radius) => radius > radiusMeters);
      const isFiltered = category !== null || words !== null || isOpenNow;
      show(
        phrase('h2', {}, 'empty.title', { distance: distance(radiusMeters, language) }),
        phrase('p', {}, 'empty.text'),
        wider === undefined
          ? null
          : button(() => widened(wider), 'empty.widen', { distance: distance(wider, language) }),
        isFiltered ? button(cleared, 'empty.clear') : null,
      );
    },
    showError(error: unknown): void {
      const status = error instanceof ApiError ? error.status : 500;
      const title = phrase('h2', {}, 'error.title');
      if (status === 400) show(title, phrase('p', {}, 'error.request'), button(cleared, 'empty.clear'));
      else show(title, phrase('p', {}, causeOf(status)), button(retried, 'error.retry'));
    },
    hasFocus: () => box.contains(document.activeElement),
    /** Answers false where there is nothing to go on with. */
    focus(): boolean {
      const first = box.querySelector('button');
      first?.focus();
      return first !== null;
    },
  };
}

function causeOf(status: number): string {
  if (status === 0) return 'error.offline';
  return status === 429 ? 'error.busy' : 'error.server';
}
