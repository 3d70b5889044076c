import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const output = join(root, 'dist/site');

/** Builds the page into dist/site. */
export async function buildPage(): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts', 'src/theme.ts', 'src/style.css', 'src/icon.svg'],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    outdir: join(output, 'assets'),
    publicPath: '/assets',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    target: 'es2022',
    metafile: true,
    plugins: [landAsFile],
    loader: { '.svg': 'copy', '.png': 'file' },
    logLevel: 'warning',
  });
  for (const file of readdirSync(join(output, 'assets'))) compress(join(output, 'assets', file));
  writeHtml(metafile);
}

/** The outlines of the land are fetched when the map needs them, not bundled: importing them gives their address. */
const landAsFile: Plugin = {
  name: 'land-as-file',
  setup(run) {
    run.onResolve({ filter: /^land-outlines$/ }, async ({ resolveDir }) => {
      const { path } = await run.resolve('world-atlas/land-50m.json', { kind: 'import-statement', resolveDir });
      return { path, namespace: 'land-outlines' };
    });
    run.onLoad({ filter: /.*/, namespace: 'land-outlines' }, ({ path }) => ({
      contents: readFileSync(path),
      loader: 'file',
    }));
  },
};

/** Puts in the names with their hashes; what the server fills in (`{{tileUrl}}`) stays. */
function writeHtml({ outputs }: Metafile): void {
  const names = new Map(
    Object.entries(outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[basename(entryPoint).replace(/\.ts$/, '.js'), `/assets/${basename(path)}`]],
    ),
  );
  const html = readFileSync(join(root, 'index.html'), 'utf8').replaceAll(/\{\{(\w+\.\w+)\}\}/g, (_, name: string) => {
    const built = names.get(name);
    if (built === undefined) throw new Error(`index.html names ${name}, which was not built`);
    return built;
  });
  writeFileSync(join(output, 'index.html'), html);
}

function compress(file: string): void {
  if (!['.js', '.css', '.svg', '.json'].includes(extname(file))) return;
  const bytes = readFileSync(file);
  // The best brotli takes seconds for the outlines of the land and saves nothing.
  const quality = bytes.length > 200_000 ? 9 : 11;
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await buildPage();
