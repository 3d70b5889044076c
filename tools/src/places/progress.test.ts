import { expect, it } from 'vitest';
import { createProgress } from './progress.ts';

function watch(isTerminal: boolean) {
  let time = 0;
  const written: string[] = [];
  const progress = createProgress({
    isTerminal,
    sizeBytes: 1_000,
    write: (text) => written.push(text),
    now: () => time,
  });
  return {
    written,
    progress,
    at: (seconds: number, bytes: number, places: number) => {
      time = seconds * 1_000;
      progress.update({ bytes, places });
    },
  };
}

it('draws a bar in a terminal and takes it away', () => {
  const { written, progress, at } = watch(true);
  at(10, 250, 5_000);
  at(10.05, 260, 5_100);
  progress.clear();
  progress.clear();
  expect(written).toEqual(['\r\u001B[K[######..................]  25 %  5000 places  500/s  0:30 left', '\r\u001B[K']);
});

it('writes a line every five seconds elsewhere', () => {
  const { written, progress, at } = watch(false);
  for (let second = 1; second <= 11; second += 1) at(second, second * 90, second * 100);
  progress.clear();
  expect(written).toEqual(['   45 %  500 places  100/s  0:06 left\n', '   90 %  1000 places  100/s  0:01 left\n']);
});
