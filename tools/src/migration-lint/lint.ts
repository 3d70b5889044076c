import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isConcurrentIndex, listMigrations, type Migration } from '@pika/database/tooling';
import type { Excuse } from './excuses.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Finding = { file: string; line: number; rule_name: string; message: string };

type Script = { path: string; migration: string; isDown: boolean; isConcurrent: boolean };

/**
 * What squawk finds in the scripts of a folder and nobody excuses, and the excuses that nothing needs any more: one
 * sentence each, none when all is well.
 */
export function lintMigrations(folder: string, excuses: readonly Excuse[]): string[] {
  const scripts = listMigrations(folder).flatMap((migration) => scriptsOf(folder, migration));
  const findings = runSquawk(scripts.map(({ path }) => path)).map((finding) => ({
    ...finding,
    script: scripts.find(({ path }) => path === finding.file)!,
  }));
  const fits = (excuse: Excuse, { rule_name, script }: (typeof findings)[number]) =>
    excuse.rule === rule_name && isOf(excuse, script);
  return [
    ...findings
      .filter((finding) => !excuses.some((excuse) => fits(excuse, finding)))
      .map(({ file, line, rule_name, message }) => `${relative(root, file)}:${line + 1} ${rule_name}: ${message}`),
    ...excuses
      .filter((excuse) => /^\d{14}_/.test(excuse.of) && !findings.some((finding) => fits(excuse, finding)))
      .map(({ rule, of }) => `tools/src/migration-lint/excuses.ts: ${of} does not need to be excused from ${rule}`),
    ...scripts
      .filter(({ text }) => /^\s*--\s*squawk-ignore/m.test(text))
      .map(
        ({ path }) =>
          `${relative(root, path)}: an excuse stands with its reason in tools/src/migration-lint/excuses.ts`,
      ),
  ];
}

function scriptsOf(folder: string, { name, up, down }: Migration): (Script & { text: string })[] {
  const script = (file: string, text: string) => ({
    path: join(folder, name, file),
    migration: name,
    isDown: file === 'down.sql',
    isConcurrent: isConcurrentIndex(name, text),
    text,
  });
  return [script('migration.sql', up), ...(down === null ? [] : [script('down.sql', down)])];
}

function isOf({ of }: Excuse, script: Script): boolean {
  if (of === 'every') return true;
  if (of === 'down') return script.isDown;
  return of === 'concurrent' ? script.isConcurrent : of === script.migration;
}

function runSquawk(paths: string[]): Finding[] {
  if (paths.length === 0) return [];
  const squawk = join(dirname(createRequire(import.meta.url).resolve('squawk-cli/package.json')), 'js/bin/squawk');
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [squawk, '--config', join(root, '.squawk.toml'), '--reporter', 'json', ...paths],
    { cwd: root, encoding: 'utf8', maxBuffer: 100_000_000 },
  );
  if ((status !== 0 && status !== 1) || !stdout.startsWith('[')) {
    throw new Error(`${basename(squawk)} did not answer: ${error?.message ?? stderr}`);
  }
  return JSON.parse(stdout);
}
