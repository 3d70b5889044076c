export interface ProgressOptions {
  isTerminal: boolean;
  sizeBytes: number;
  write: (text: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
}

export interface Progress {
  update(state: { bytes: number; places: number }): void;
  /** Removes the bar, so that other lines can follow. */
  clear(): void;
}

const barWidth = 24;
const redrawMilliseconds = 100;
const lineMilliseconds = 5_000;

/** A bar that is drawn anew in a terminal; elsewhere a line every five seconds. */
export function createProgress({ isTerminal, sizeBytes, write, now }: ProgressOptions): Progress {
  const startedAt = now();
  const interval = isTerminal ? redrawMilliseconds : lineMilliseconds;
  let shownAt = startedAt;
  let isDrawn = false;

  return {
    update({ bytes, places }) {
      if (now() - shownAt < interval) return;
      shownAt = now();
      const seconds = Math.max((shownAt - startedAt) / 1_000, 0.001);
      const share = sizeBytes === 0 ? 1 : Math.min(bytes / sizeBytes, 1);
      const text = `${percent(share)}  ${places} places  ${Math.round(places / seconds)}/s  ${left(seconds, share)}`;
      if (isTerminal) {
        const full = Math.round(share * barWidth);
        write(`\r\u001b[K[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${text}`);
        isDrawn = true;
      } else write(`  ${text}\n`);
    },
    clear() {
      if (isDrawn) write('\r\u001b[K');
      isDrawn = false;
    },
  };
}

const percent = (share: number) => `${String(Math.floor(share * 100)).padStart(3)} %`;

function left(seconds: number, share: number): string {
  if (share === 0) return '';
  const rest = Math.round((seconds / share) * (1 - share));
  return `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, '0')} left`;
}
