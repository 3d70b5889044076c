import { chownSync, readFileSync } from 'node:fs';

/** PostgreSQL and PgBouncer refuse to run as root: there they run as the user `postgres`, who is given these paths. */
export function serverAccount(...paths: string[]): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  if (!line) throw new Error('there is no user "postgres" to run the server as');
  const [, , uid, gid] = line.split(':');
  for (const path of paths) chownSync(path, Number(uid), Number(gid));
  return { uid: Number(uid), gid: Number(gid) };
}
