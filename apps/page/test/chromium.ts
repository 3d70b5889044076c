import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium of this machine is, or undefined. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** `args` are its own switches. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('There is no Chromium here; CHROMIUM_PATH can say where it is.');
  // Its sandbox refuses to work for root, as which containers run.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: chromiumPath, args: [...args, ...(isRoot ? ['--no-sandbox'] : [])] });
}
