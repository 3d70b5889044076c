import { expect, it } from 'vitest';
import { createSeenIds } from './seen-ids.ts';

it('an id is new once, however many there are', () => {
  const seen = createSeenIds(4);
  const ids = Array.from({ length: 20_000 }, (_, number) => `osm:node/${number}`);
  expect(ids.every((id) => seen.add(id))).toBe(true);
  expect(ids.some((id) => seen.add(id))).toBe(false);
  expect(seen.add('osm:way/1')).toBe(true);
});
