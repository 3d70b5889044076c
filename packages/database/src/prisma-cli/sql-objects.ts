import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listMigrations, type Migration } from '../migration-files.ts';
import { sqlFolder } from '../paths.ts';
import { CommandError } from './command-error.ts';
import { schemaComments } from './schema-comments.ts';

/** A function, view, trigger or policy: one file `sql/<schema>/<object>.sql`; or the comments of a schema. */
export type SqlObject = { path: string; text: string };

const START = /^-- (sql\/\S+\.sql|comments of \w+)$/;
const REMOVED = /^-- removed (sql\/\S+\.sql|comments of \w+)$/;
const END = '-- end';

export function listSqlObjects(folder = sqlFolder): SqlObject[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((schema) =>
      readdirSync(join(folder, schema.name))
        .filter((file) => file.endsWith('.sql'))
        .map((file) => ({
          path: `sql/${schema.name}/${file}`,
          text: readFileSync(join(folder, schema.name, file), 'utf8').trim(),
        })),
    )
    .toSorted((a, b) => a.path.localeCompare(b.path));
  return [...files, ...schemaComments()];
}

/** What the migrations together have left installed, in the order of installation. */
export function installedSqlObjects(migrations: Pick<Migration, 'up'>[] = listMigrations()): Map<string, string> {
  const installed = new Map<string, string>();
  for (const { up } of migrations) {
    let open: { path: string; lines: string[] } | null = null;
    for (const line of up.split('\n')) {
      const start = START.exec(line)?.[1];
      const removed = REMOVED.exec(line)?.[1];
      if (open && line === END) {
        installed.delete(open.path);
        installed.set(open.path, open.lines.join('\n').trim());
        open = null;
      } else if (open) open.lines.push(line);
      else if (start) open = { path: start, lines: [] };
      else if (removed) installed.delete(removed);
    }
    if (open) throw new CommandError(`${open.path} has no \`${END}\` in its migration`);
  }
  return installed;
}

/** Every object whose source is not what the migrations install, one sentence each; empty when all agree. */
export function sqlObjectsInMigrations(migrations = listMigrations(), sources = listSqlObjects()): string[] {
  const installed = installedSqlObjects(migrations);
  const differing = sources.flatMap(({ path, text }) => {
    const former = installed.get(path);
    if (former === undefined) return [`${path} is in no migration`];
    return former === text ? [] : [`${path} differs from what the migrations install`];
  });
  const present = new Set(sources.map((source) => source.path));
  const left = [...installed.keys()].filter((path) => !present.has(path));
  return [...differing, ...left.map((path) => `${path} is installed by a migration but has no source`)];
}

export type ObjectChanges = {
  /** Before the tables change: drops of what cannot be replaced in place. */
  upDrops: string;
  upCreates: string;
  downDrops: string;
  downCreates: string;
};

/** The texts that take the installed objects to their sources, and back. */
export function planObjectChanges(installed: Map<string, string>, sources: SqlObject[]): ObjectChanges {
  const present = new Map(sources.map((source) => [source.path, source.text]));
  const created = sources.filter(({ path }) => !installed.has(path));
  const changed = sources.filter(({ path, text }) => installed.has(path) && installed.get(path) !== text);
  const removed = [...installed].filter(([path]) => !present.has(path)).map(([path, text]) => ({ path, text }));
  const former = (object: SqlObject): SqlObject => ({ path: object.path, text: installed.get(object.path)! });
  const remade = changed.filter((object) => !replacesInPlace(former(object).text, object.text));

  const upDropped = [...remade.map(former), ...removed];
  const upCreated = [...created, ...changed];
  const downDropped = [...created, ...remade];
  const downCreated = [...changed.map(former), ...removed];
  return {
    upDrops: drops(upDropped) + removed.map(({ path }) => `-- removed ${path}\n`).join(''),
    upCreates: creates(upCreated),
    downDrops: drops(downDropped),
    downCreates: creates(downCreated),
  };
}

const drops = (objects: SqlObject[]) =>
  inOrder(objects)
    .toReversed()
    .map((object) => `${dropStatement(object)}\n`)
    .join('');

const creates = (objects: SqlObject[]) =>
  inOrder(objects)
    .map(({ path, text }) => `-- ${path}\n${text}\n${END}\n`)
    .join('\n');

export function dropStatement({ path, text }: SqlObject): string {
  const stated = /^-- drop: (.+)$/.exec(text.split('\n', 1)[0] ?? '')?.[1];
  if (!stated) throw new CommandError(`${path}: line 1 must be \`-- drop: <statement>\``);
  return stated.trim().endsWith(';') ? stated.trim() : `${stated.trim()};`;
}

/** CREATE OR REPLACE keeps a function's grants and users, but only its body may change: all else is made anew. */
function replacesInPlace(before: string, after: string): boolean {
  if (/\bCREATE\s+(OR\s+REPLACE\s+)?(RECURSIVE\s+)?(MATERIALIZED\s+)?VIEW\b/i.test(before + after)) return false;
  return outsideOfBodies(before) === outsideOfBodies(after);
}

const outsideOfBodies = (text: string) =>
  text
    .replaceAll(/(\$[a-z_]*\$)[\s\S]*?\1/gi, '$$$$')
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\s+/g, ' ');

/**
 * What is named comes before what names it (SQL bodies and views are checked when they are made); an
 * `-- after: <schema>/<object>` line adds what cannot be seen in the text. Otherwise alphabetical, triggers last.
 */
export function inOrder(objects: SqlObject[]): SqlObject[] {
  const rank = ({ path, text }: SqlObject) => {
    if (!path.startsWith('sql/')) return 3;
    if (/\bGRANT\s+USAGE\s+ON\s+SCHEMA\b/i.test(text)) return 2;
    return /\bCREATE\s+(OR\s+REPLACE\s+)?TRIGGER\b/i.test(text) ? 1 : 0;
  };
  const sorted = objects.toSorted((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  const byPath = new Map(sorted.map((object) => [object.path, object]));
  const ordered = new Set<SqlObject>();
  const visiting = new Set<SqlObject>();
  const visit = (object: SqlObject) => {
    if (ordered.has(object) || visiting.has(object)) return;
    visiting.add(object);
    for (const path of needs(object, sorted)) visit(byPath.get(path)!);
    ordered.add(object);
  };
  for (const object of sorted) visit(object);
  return [...ordered];
}

function needs(object: SqlObject, all: SqlObject[]): string[] {
  const stated = [...object.text.matchAll(/^-- after: (\S+?)(?:\.sql)?$/gm)].map(([, name]) => `sql/${name}.sql`);
  const code = object.text.replaceAll(/--.*$/gm, '');
  return all
    .filter((other) => other !== object && other.path.startsWith('sql/') && object.path.startsWith('sql/'))
    .filter(({ path }) => {
      const [schema, name] = path.slice('sql/'.length, -'.sql'.length).split('/');
      return stated.includes(path) || new RegExp(`\\b${schema}\\.${name}\\b`).test(code);
    })
    .map(({ path }) => path);
}
