export interface Bar {
  label: string;
  value: number;
  /** Written at the end of the bar. */
  note: string;
  kind: 'ours' | 'other';
}

export interface BarChart {
  title: string;
  axis: string;
  bars: readonly Bar[];
}

const width = 900;
const labelWidth = 330;
const noteWidth = 130;
const rowHeight = 22;
const top = 56;
const bottom = 46;

/** Horizontal bars on a logarithmic axis; readable on a light and on a dark page. */
export function barChart({ title, axis, bars }: BarChart): string {
  const values = bars.map(({ value }) => value).filter((value) => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const plotWidth = width - labelWidth - noteWidth;
  const height = top + bars.length * rowHeight + bottom;
  const x = (value: number): number =>
    labelWidth + (plotWidth * Math.log10(Math.max(value, low) / low)) / Math.log10(high / low);
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, index) => low * 10 ** index);
  const floor = top + bars.length * rowHeight;

  const grid = decades.map(
    (value) =>
      `<line class="grid" x1="${fix(x(value))}" y1="${top - 6}" x2="${fix(x(value))}" y2="${floor}"/>` +
      `<text class="tick" x="${fix(x(value))}" y="${floor + 16}">${value.toLocaleString('en')}</text>`,
  );
  const rows = bars.map(({ label, value, note, kind }, index) => {
    const y = top + index * rowHeight;
    const end = fix(x(value));
    return (
      `<text class="label" x="${labelWidth - 8}" y="${y + 14}">${escape(label)}</text>` +
      `<rect class="${kind}" x="${labelWidth}" y="${y + 3}" width="${fix(x(value) - labelWidth)}" height="${rowHeight - 8}"/>` +
      `<text class="note" x="${Number(end) + 6}" y="${y + 14}">${escape(note)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .label { text-anchor: end; }
  .tick, .axis { text-anchor: middle; fill: #57606a; }
  .note { fill: #57606a; }
  .grid { stroke: #d0d7de; }
  .ours { fill: #0969da; }
  .other { fill: #9a6700; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .tick, .axis, .note { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .ours { fill: #4493f8; }
    .other { fill: #d29922; }
  }
</style>
<text class="title" x="16" y="26">${escape(title)}</text>
${grid.join('\n')}
${rows.join('\n')}
<text class="axis" x="${labelWidth + plotWidth / 2}" y="${floor + 36}">${escape(axis)}</text>
</svg>
`;
}

function fix(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
