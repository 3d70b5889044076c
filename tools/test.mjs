import { runTool, setUp } from './setup.mjs';

setUp();
void runTool('node_modules/vitest/vitest.mjs', ['run'].concat(process.argv.slice(2))).then((code) =>
  process.exit(code),
);
