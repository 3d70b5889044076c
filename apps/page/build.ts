import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const output = join(root, 'dist/site');

/** Builds the pages into dist/site. */
export async function buildPage(): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      'src/main.ts',
      'src/theme.ts',
      'src/style.css',
      'src/icon.svg',
      'src/counter/counter.ts',
      'src/counter/counter.css',
    ],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    outdir: join(output, 'assets'),
    publicPath: '/assets',
    // The verifier of voucher tokens, as it is written.
    conditions: ['@pika/source'],
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
  writeHtml('index.html', metafile);
  writeHtml('counter.html', metafile);
  await buildWorker(metafile);
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
function writeHtml(file: string, { outputs }: Metafile): void {
  const names = new Map(
    Object.entries(outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[basename(entryPoint).replace(/\.ts$/, '.js'), addressOf(path)]],
    ),
  );
  const html = readFileSync(join(root, file), 'utf8').replaceAll(/\{\{(\w+\.\w+)\}\}/g, (_, name: string) => {
    const built = names.get(name);
    if (built === undefined) throw new Error(`${file} names ${name}, which was not built`);
    return built;
  });
  writeFileSync(join(output, file), html);
}

const addressOf = (path: string) => `/assets/${basename(path)}`;

/** The worker knows by name what the counter needs without network: with every change of it, it is another worker. */
async function buildWorker(metafile: Metafile): Promise<void> {
  const assets = counterAssets(metafile);
  const html = readFileSync(join(output, 'counter.html'));
  const version = createHash('sha256').update(html).update(assets.join()).digest('hex').slice(0, 12);
  await build({
    absWorkingDir: root,
    entryPoints: ['worker/counter-worker.ts'],
    outdir: output,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    define: { ASSETS: JSON.stringify(assets), VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  });
}

/** Every file that the page of the counter may load, now or later. */
function counterAssets({ outputs }: Metafile): string[] {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported } of outputs[path]?.imports ?? []) if (imported in outputs) visit(imported);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (['counter.ts', 'counter.css', 'theme.ts', 'icon.svg'].includes(basename(entryPoint ?? ''))) visit(path);
  }
  return [...found].map(addressOf).toSorted();
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
