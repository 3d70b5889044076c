import { runTypeScript, setUp, stopWith } from './setup.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) stopWith('Say which TypeScript file to run: node tools/run.mjs FILE [arguments]');
setUp();
void runTypeScript(file, args).then((code) => process.exit(code));
