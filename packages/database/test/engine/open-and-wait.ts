import { openEmbeddedEngine } from '@pika/database/tooling';

const engine = await openEmbeddedEngine({ dataDir: process.argv[2] ?? '' });
console.log(JSON.stringify({ url: engine.url, owned: engine.owned }));
setInterval(() => {}, 1_000);
