import { resolve } from 'node:path';
import { repositoryFolder } from './paths.ts';

/** The PostgreSQL server to use, of DATABASE_URL or else of PG_HOST and its like; null for the embedded engine. */
export function databaseUrl(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment['DATABASE_URL']?.trim() || composedUrl(environment);
}

const parts = ['PG_HOST', 'PG_PORT', 'PG_USER', 'PG_PASSWORD', 'PG_DATABASE', 'PG_SSL'] as const;

/** Any of the parts is enough: the others are localhost, 5432, pika and pika. A host that is a folder is a socket's. */
function composedUrl(environment: NodeJS.ProcessEnv): string | null {
  const given = Object.fromEntries(parts.map((name) => [name, environment[name]?.trim() ?? '']));
  if (parts.every((name) => given[name] === '')) return null;
  const { PG_HOST: host = '', PG_PASSWORD: password = '', PG_SSL: ssl = '' } = given;
  const isSocket = host.startsWith('/');
  const address = isSocket ? 'localhost' : host.includes(':') ? `[${host}]` : encodeURIComponent(host || 'localhost');
  const login = encodeURIComponent(given['PG_USER'] || 'pika') + (password && `:${encodeURIComponent(password)}`);
  const query = new URLSearchParams({
    ...(isSocket ? { host } : {}),
    ...(ssl === '' ? {} : { sslmode: sslModes[ssl] ?? ssl }),
  });
  // pg decodes a name as a whole address, which leaves the signs that part one encoded.
  const database = encodeURI(given['PG_DATABASE'] || 'pika').replaceAll(/[?#]/g, encodeURIComponent);
  return `postgresql://${login}@${address}:${given['PG_PORT'] || '5432'}/${database}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

const sslModes: Readonly<Record<string, string>> = { true: 'verify-full', false: 'disable' };

/** Where the embedded engine keeps its files: the same for every process, though nx runs each in a folder of its own. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(repositoryFolder, environment['PIKA_DATA_DIR']?.trim() || '.pika');
}
