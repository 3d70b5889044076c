import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../src/voucher-token/', import.meta.url);

it('imports nothing but its own files, so that a till can take it as it is', () => {
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    for (const name of imported)
      expect([file, files]).toEqual([file, expect.arrayContaining([name.replace('./', '')])]);
    expect(text).not.toMatch(/\b(?:Buffer|process|require|__dirname)\b/);
  }
});
