import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A command with that DATABASE_URL and PIKA_DATA_DIR, and no other setting of ours. */
export function run(command: string, dataDir: string, url: string) {
  const [file = '', ...args] = command.split(' ');
  const ours = /^(DATABASE_|PG|PIKA_)/;
  const inherited = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@pika/source', '--import', 'tsx', file, ...args], {
      cwd: root,
      env: { ...Object.fromEntries(inherited), DATABASE_URL: url, PIKA_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
