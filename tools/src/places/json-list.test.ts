import { describe, expect, it } from 'vitest';
import { geojson } from './geojson.ts';
import { createJsonList, type JsonListFormat } from './json-list.ts';
import { overpass } from './overpass.ts';
import { sampleOverpass } from './sample-elements.ts';

function read(file: string | Buffer, { format = overpass as JsonListFormat, chunkBytes = 7 } = {}) {
  const bytes = Buffer.from(file);
  const list = createJsonList(format);
  const elements = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    elements.push(...list.push(bytes.subarray(at, at + chunkBytes)));
  elements.push(...list.end());
  return { elements, frame: list.frame() };
}

const node = (id: number, more: object = {}) => JSON.stringify({ type: 'node', id, ...more });
const overpassFile = (...elements: string[]) => `{"version":0.6,"elements":[${elements.join(',')}],"remark":"r"}`;

/** What became of each element: its id, or its fault. */
const outcomes = (elements: readonly object[]) =>
  elements.map((element) =>
    'value' in element ? (element.value as { id: number }).id : (element as { fault: string }).fault,
  );

describe('a list in JSON', () => {
  const values = [
    { type: 'node', id: 1, tags: { name: 'a "b" \\ [c] {d}, ]}', 'name:vi': 'Phở 🍜' } },
    { type: 'way', id: 2, nested: [[[{ deep: [] }]], {}] },
    'text, with ] and "quotes"',
    -1.5e3,
    null,
    true,
    [],
    {},
  ];

  it.each([1, 2, 3, 16, 1_000_000])('is the same in parts of %i bytes', (chunkBytes) => {
    for (const space of [undefined, 1]) {
      const text = JSON.stringify(
        { elements_: ['elements', { elements: [0] }], elements: values, remark: 'slow' },
        null,
        space,
      );
      const { elements, frame } = read(`\u{FEFF}${text}\n`, { chunkBytes });
      expect(elements.map((element) => ('value' in element ? element.value : element))).toEqual(values);
      expect(elements.map(({ index }) => index)).toEqual(values.map((_, index) => index));
      expect(JSON.parse(frame)).toMatchObject({ elements: [], remark: 'slow' });
    }
  });

  it('says at which byte each element begins', () => {
    const text = overpassFile(node(1, { name: 'ế' }), ` ${node(2)}`);
    const { elements } = read(text);
    const second = Buffer.from(text).indexOf('{"type":"node","id":2');
    expect(elements.map(({ where }) => where)).toEqual(['byte 27', `byte ${second}`]);
  });

  it('may be empty', () => {
    expect(read('{"elements": [ ]}').elements).toEqual([]);
  });
});

describe('a broken element', () => {
  it.each([
    ['a value that is none', '{"type":"node","id":2,"lat":,"lon":1}', 'notJson'],
    ['a string that never ends', '{"type":"node","id":2,"tags":{"name":"x}}', 'notJson'],
    ['a string with a line break', '{"type":"node","id":2,"tags":{"name":"x\ny"}}', 'notJson'],
    ['a bracket too few', '{"type":"node","id":2,"tags":{"name":"x"}', 'notJson'],
    ['a bracket too many', '{"type":"node","id":2,"tags":{"name":"x"}]}', 'notJson'],
    ['nothing but noise', '#!', 'notJson'],
    ['a thousand and one levels', `${'['.repeat(1_001)}${']'.repeat(1_001)}`, 'notJson'],
  ])('is named and the others come in: %s', (_, broken, fault) => {
    for (const chunkBytes of [1, 50, 100_000]) {
      const { elements } = read(overpassFile(node(1), broken, node(3), node(4)), { chunkBytes });
      expect(outcomes(elements)).toEqual([1, fault, 3, 4]);
      expect(elements[1]).toMatchObject({ index: 1, where: 'byte 50' });
    }
  });

  it('may be bytes that are not UTF-8', () => {
    const bytes = Buffer.from(overpassFile(node(1), node(2, { name: 'caf@' }), node(3)));
    bytes[bytes.indexOf('@')] = 0xe9;
    expect(outcomes(read(bytes).elements)).toEqual([1, 'notUtf8', 3]);
  });

  it('may be a feature of GeoJSON', () => {
    const feature = (id: number) =>
      JSON.stringify({ type: 'Feature', id, geometry: { type: 'Point', coordinates: [1, 2] } });
    const broken = '{"type":"Feature","id":2,"geometry":{"type":"Point","coordinates":[1,2}}';
    const text = `{"type":"FeatureCollection","features":[${[feature(1), broken, feature(3)].join(',\n')}]}`;
    expect(outcomes(read(text, { format: geojson }).elements)).toEqual([1, 'notJson', 3]);
  });

  it('may be longer than any place, and is not kept', () => {
    const list = createJsonList(overpass);
    const elements = [...list.push(Buffer.from(`{"elements":[${node(1)},{"type":"node","id":2,"geometry":[`))];
    let heldMost = 0;
    for (let part = 0; part < 200; part += 1) {
      elements.push(...list.push(Buffer.from('[0.1,0.2],'.repeat(6_000))));
      heldMost = Math.max(heldMost, list.held());
    }
    elements.push(...list.push(Buffer.from(`0]},${node(3)}]}`)), ...list.end());
    expect(outcomes(elements)).toEqual([1, 'tooLong', 3]);
    expect(heldMost).toBeLessThan(4.3e6);
  });
});

describe('a file that is cut short', () => {
  const text = overpassFile(node(1), node(2, { name: 'x' }));

  it.each([
    ['within an element', text.indexOf('"id":2'), [1, 'cutShort']],
    ['between two elements', text.indexOf(',{"type":"node","id":2'), [1, 'cutShort']],
    ['after the list', text.length - 3, [1, 2, 'cutShort']],
  ])('%s gives what came before, and the byte where it ends', (_, length, expected) => {
    const { elements } = read(text.slice(0, length));
    expect(outcomes(elements)).toEqual(expected);
    expect(elements.at(-1)).toMatchObject({ where: `byte ${length}` });
  });

  it('is told from one whose last element but some has a string without end', () => {
    const { elements } = read(overpassFile(node(1), '{"type":"node","id":2,"name":"x}', node(3)), {
      chunkBytes: 1_000,
    });
    expect(outcomes(elements)).toEqual([1, 'notJson', 3]);
  });
});

it('a long file is held only in part', () => {
  const list = createJsonList(overpass);
  let count = 0;
  let bytes = 0;
  let heldMost = 0;
  for (const part of sampleOverpass(50_000)) {
    const chunk = Buffer.from(part);
    bytes += chunk.length;
    for (const element of list.push(chunk)) if ('value' in element) count += 1;
    heldMost = Math.max(heldMost, list.held());
  }
  expect([...list.end()]).toEqual([]);
  expect(count).toBe(50_000);
  expect(bytes).toBeGreaterThan(8e6);
  expect(heldMost).toBeLessThan(1e5);
});
