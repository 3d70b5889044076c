import { expect, it } from 'vitest';
import { welcomeText } from '../src/welcome.ts';

const up = {
  url: 'http://localhost:3000',
  database: 'PostgreSQL at localhost:5432/pika',
  seconds: 2,
  demo: null,
  mailFolder: null,
};
const startOver = (isEmbedded: boolean) => /Start over +(.+)/.exec(welcomeText({ ...up, isEmbedded }))?.[1];

it('names the command that starts over on the database in use', () => {
  expect(startOver(true)).toBe('npm run reset');
  expect(startOver(false)).toBe('npx nx run @pika/database:prisma:migrate:reset -- --force');
});

it('prints who can log in where demo log-ins stand, and nobody elsewhere', () => {
  const demo = { emails: ['owner@pika.example', 'staff@pika.example'], password: 'pika-demo-password' };
  const text = welcomeText({ ...up, isEmbedded: true, demo });
  for (const shown of [...demo.emails, demo.password]) expect(text).toContain(shown);
  expect(welcomeText({ ...up, isEmbedded: false })).not.toContain('Log in');
});

it('names the folder where mails are files', () => {
  expect(welcomeText({ ...up, isEmbedded: true, mailFolder: '/somewhere/mail' })).toContain('in /somewhere/mail;');
  expect(welcomeText({ ...up, isEmbedded: true })).not.toContain('Mail ');
});
