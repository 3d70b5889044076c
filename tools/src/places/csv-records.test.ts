import { describe, expect, it } from 'vitest';
import { createCsvRecords } from './csv-records.ts';

function read(file: string | Buffer, chunkBytes = 3) {
  const bytes = Buffer.from(file);
  const records = createCsvRecords();
  const found = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    found.push(...records.push(bytes.subarray(at, at + chunkBytes)));
  return [...found, ...records.end()];
}

const fields = (file: string, chunkBytes?: number) =>
  read(file, chunkBytes).map((record) => ('fields' in record ? record.fields : record.fault));

describe('records of CSV', () => {
  it.each([1, 2, 5, 1_000])('are the same in parts of %i bytes', (chunkBytes) => {
    const text = 'a,b,c\r\n1,"x ""y"", z",\n"two\nlines",,"é"\n\n"","",""';
    expect(fields(`\u{FEFF}${text}`, chunkBytes)).toEqual([
      ['a', 'b', 'c'],
      ['1', 'x "y", z', ''],
      ['two\nlines', '', 'é'],
      ['', '', ''],
    ]);
  });

  it.each([
    [
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a\tb\n1,5\t2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    ['a\n1', [['a'], ['1']]],
  ])('are told apart by the separator of the first line: %j', (text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  it('know the line they begin on', () => {
    expect(read('a,b\n\n"x\ny",1\r\n2,3\n').map(({ line }) => line)).toEqual([1, 3, 5]);
  });
});

describe('a broken record', () => {
  it.each([
    ['a quote within a text', 'x"y,1'],
    ['a text after a quote', '"x"y,1'],
    ['a quote that is never closed', '"x,1'],
  ])('costs its own line only: %s', (_, line) => {
    for (const chunkBytes of [1, 1_000]) {
      expect(read(`a,b\n1,2\n${line}\n3,4\n"5",6`, chunkBytes)).toEqual([
        { line: 1, fields: ['a', 'b'] },
        { line: 2, fields: ['1', '2'] },
        { line: 3, fault: 'brokenRow' },
        { line: 4, fields: ['3', '4'] },
        { line: 5, fields: ['5', '6'] },
      ]);
    }
  });

  it('may be bytes that are not UTF-8', () => {
    const bytes = Buffer.from('a,b\ncaf@,1\n2,3');
    bytes[bytes.indexOf('@')] = 0xe9;
    expect(read(bytes).slice(1)).toEqual([
      { line: 2, fault: 'notUtf8' },
      { line: 3, fields: ['2', '3'] },
    ]);
  });

  it('may be longer than any place, and is not kept', () => {
    const records = createCsvRecords();
    const found = [...records.push(Buffer.from('a,b\n1,'))];
    let heldMost = 0;
    for (let part = 0; part < 100; part += 1) {
      found.push(...records.push(Buffer.alloc(65_536, 'x')));
      heldMost = Math.max(heldMost, records.held());
    }
    found.push(...records.push(Buffer.from('\n3,4\n')), ...records.end());
    expect(found.slice(1)).toEqual([
      { line: 2, fault: 'tooLong' },
      { line: 3, fields: ['3', '4'] },
    ]);
    expect(heldMost).toBeLessThan(1.2e6);
  });
});
