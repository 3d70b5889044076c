import { ApiError } from './api.ts';
import { byId, element } from './dom.ts';
import { distance } from './format.ts';
import { radii, type State } from './state.ts';
import { say } from './texts.ts';

export interface NoticeEvents {
  widened: (radiusMeters: number) => void;
  cleared: () => void;
  retried: () => void;
}

/** What stands in place of the list where it is empty or could not be loaded, with a way on. */
export function createNotice({ widened, cleared, retried }: NoticeEvents) {
  const box = byId('notice', HTMLElement);

  const button = (text: string, act: () => void) => {
    const made = element('button', { type: 'button', class: 'button' }, text);
    made.addEventListener('click', act);
    return made;
  };

  function show(title: string, text: string, ...buttons: (HTMLElement | null)[]): void {
    box.replaceChildren(
      element('h2', {}, title),
      element('p', {}, text),
      element('p', { class: 'notice-actions' }, ...buttons),
    );
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
        say('empty.title', { distance: distance(radiusMeters, language) }),
        say('empty.text'),
        wider === undefined
          ? null
          : button(say('empty.widen', { distance: distance(wider, language) }), () => widened(wider)),
        isFiltered ? button(say('empty.clear'), cleared) : null,
      );
    },
    showError(error: unknown): void {
      const status = error instanceof ApiError ? error.status : 500;
      const text =
        status === 0
          ? say('error.offline')
          : status === 429
            ? say('error.busy')
            : error instanceof ApiError && status < 500 && error.detail !== null
              ? error.detail
              : say('error.server');
      show(say('error.title'), text, button(say('error.retry'), retried));
    },
  };
}
