/** Refuses documents that name a file that does not exist, and settings that .env.example, operations.md and the schemas disagree on. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatewaySettings } from '@pika/gateway';

const root = fileURLToPath(new URL('../..', import.meta.url));
const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const tracked = listing.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));

const faults = [...missingFiles(), ...settingFaults()];
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'The documents and .env.example agree with the code.' : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Paths in backquotes and in links, of every Markdown file; what holds a < or a * is a pattern and is left alone. */
function missingFiles(): string[] {
  return tracked
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
      const quoted = text.matchAll(/`([\w@./-]+\/[\w@./-]*|[\w-]+\.(?:ts|mjs|md|json|sql|yml|prisma))`/g);
      const linked = text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
      const paths = [
        ...[...quoted].map(([, path = '']) => path).filter(isPath),
        ...[...linked].map(([, path = '']) => path),
      ];
      return [...new Set(paths)]
        .filter((path) => !existsIn(file, path))
        .map((path) => `${file} names ${path}, which does not exist`);
    });
}

/** Neither a route, nor a package, nor what a run makes. */
function isPath(text: string): boolean {
  return !/^(\/|@|\.pika|\.\.\/shared|application\/)/.test(text);
}

function existsIn(file: string, path: string): boolean {
  if (existsSync(join(root, path)) || existsSync(join(root, dirname(file), path))) return true;
  return !path.includes('/') && tracked.some((each) => each.endsWith(`/${path}`));
}

function settingFaults(): string[] {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const named = [...example.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(([, name = '']) => name);
  const declared = Object.keys(gatewaySettings.shape);
  return [
    ...declared.filter((name) => !named.includes(name)).map((name) => `.env.example does not name ${name}`),
    ...declared
      .filter((name) => !operations.includes(`\`${name}\``) && !operations.includes(`\`${name}=`))
      .map((name) => `docs/operations.md does not say what ${name} does`),
    ...named
      .filter((name) => !declared.includes(name))
      .map((name) => `.env.example names ${name}, which nothing reads`),
  ];
}
