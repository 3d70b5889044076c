// Takes the screenshots of docs/screenshots anew, in a headless Chromium, from the seeded content.
process.env.UPDATE_SCREENSHOTS = '1';
process.argv[2] = 'apps/page/test/screenshots';
await import('./test.mjs');
