import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from '../../src/paths.ts';

/** A command as who types it runs it. */
export function run(url: string, ...args: string[]) {
  const node = ['--conditions=@pika/source', '--import', 'tsx', join(packageFolder, 'src/prisma-cli/main.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    cwd: packageFolder,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: url },
  });
  return { status, stdout, stderr: stderr.trim() };
}
