import { buildPage, runTypeScript, setUp } from './setup.mjs';

setUp();
buildPage();
void runTypeScript('apps/gateway/src/main.ts', process.argv.slice(2)).then((code) => process.exit(code));
