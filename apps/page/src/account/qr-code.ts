import { encode } from 'uqr';

const svg = 'http://www.w3.org/2000/svg';

/** A text as a QR code, with the quiet zone that readers need, dark on light in every theme. */
export function drawQrCode(text: string, label: string): SVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const picture = document.createElementNS(svg, 'svg');
  const modules = document.createElementNS(svg, 'path');
  modules.setAttribute('d', dark.join(''));
  for (const [name, value] of Object.entries({
    viewBox: `0 0 ${size} ${size}`,
    class: 'qr-code',
    role: 'img',
    'aria-label': label,
    'shape-rendering': 'crispEdges',
  })) {
    picture.setAttribute(name, value);
  }
  picture.append(modules);
  return picture;
}
