export type Row = Record<string, string | number | null>;

/** A part of the report; without rows it is its note alone. */
export type Section = { title: string; rows: Row[]; note?: string };

const WIDEST = 100;

/** Columns side by side, numbers to the right; what is longer than 100 characters is cut. */
export function formatSection({ title, rows, note }: Section): string {
  const lines = [title, '-'.repeat(title.length), ...formatRows(rows), ...(note === undefined ? [] : [note])];
  return `${lines.join('\n')}\n`;
}

function formatRows(rows: Row[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const head = Object.keys(first);
  const cells = rows.map((row) => head.map((name) => textOf(row[name])));
  const isNumber = head.map((name) =>
    rows.every((row) => row[name] === null || /^[\d,.]+( (ms|s|bytes|kB|MB|GB|TB|%))?$/.test(textOf(row[name]))),
  );
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...cells.map(line)];
}

function textOf(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = (typeof value === 'number' ? value.toLocaleString('en-US') : value).replaceAll(/\s+/g, ' ').trim();
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}
