import { expect, it } from 'vitest';
import { welcomeText } from '../src/welcome.ts';

const up = { url: 'http://localhost:3000', database: 'PostgreSQL at localhost:5432/pika', seconds: 2 };
const startOver = (isEmbedded: boolean) => /Start over +(.+)/.exec(welcomeText({ ...up, isEmbedded }))?.[1];

it('names the command that starts over on the database in use', () => {
  expect(startOver(true)).toBe('npm run reset');
  expect(startOver(false)).toBe('npx nx run @pika/database:prisma:migrate:reset -- --force');
});
