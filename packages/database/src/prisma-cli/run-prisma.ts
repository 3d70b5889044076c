import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { packageFolder, schemaEngine } from '../paths.ts';

export type PrismaRun = { code: number; output: string };

/** Runs Prisma's command line with the offline schema engine. With `capture` its output is kept, not shown. */
export function runPrisma(
  args: string[],
  environment: Record<string, string> = {},
  { capture = false } = {},
): Promise<PrismaRun> {
  const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const child = spawn(process.execPath, [prisma, ...args], {
    cwd: packageFolder,
    stdio: ['inherit', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: schemaEngine,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      ...environment,
    },
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (errors += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: output || errors }));
  });
}
