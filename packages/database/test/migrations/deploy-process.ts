import { deployMigrations } from '@pika/database/tooling';

const [url = '', folder = ''] = process.argv.slice(2);
console.log(JSON.stringify(await deployMigrations(url, undefined, { folder })));
