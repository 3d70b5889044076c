import { join } from 'node:path';
import { dataFolder } from '@pika/database/tooling';
import { expect, it } from 'vitest';
import { repositoryFolder } from '../src/paths.ts';

it('PIKA_DATA_DIR is one folder for every process, wherever it was started', () => {
  expect(dataFolder({})).toBe(join(repositoryFolder, '.pika'));
  expect(dataFolder({ PIKA_DATA_DIR: 'data', INIT_CWD: '/elsewhere' })).toBe(join(repositoryFolder, 'data'));
  expect(dataFolder({ PIKA_DATA_DIR: '/var/lib/pika' })).toBe('/var/lib/pika');
});
