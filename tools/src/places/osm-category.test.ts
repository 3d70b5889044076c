import { categorySlugs } from '@pika/database';
import { expect, it } from 'vitest';
import { osmCategories, osmCategory } from './osm-category.ts';

it.each([
  [{ amenity: 'cafe' }, 'cafe'],
  [{ shop: 'books', amenity: 'cafe' }, 'cafe'],
  [{ shop: 'books', amenity: 'bench' }, 'books'],
  [{ amenity: 'dancing_hall; bar' }, 'bar'],
  [{ shop: 'umbrella' }, 'shopping'],
  [{ shop: 'umbrella', tourism: 'museum' }, 'museum'],
  [{ shop: 'vacant' }, null],
  [{ shop: 'no' }, null],
  [{ amenity: 'bench' }, null],
  [{ amenity: 'constructor', leisure: 'toString' }, null],
  [{ name: 'x' }, null],
])('%j is %s', (tags: Record<string, string>, slug) => {
  expect(osmCategory(tags)).toBe(slug);
});

it('every category is one of the tree', () => {
  expect(osmCategories.filter((slug) => !categorySlugs.includes(slug))).toEqual([]);
});
