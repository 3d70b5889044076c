import { generate } from '/work/main/bench/src/generate.ts';
await generate(`postgres://postgres@127.0.0.1:5544/${process.argv[2]}`, Number(process.argv[3]));
