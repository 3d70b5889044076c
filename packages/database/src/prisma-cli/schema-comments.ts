import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFolder } from '../paths.ts';
import type { SqlObject } from './sql-objects.ts';

type Block = { kind: 'TABLE' | 'TYPE'; name: string; schema: string; comment: string; columns: Column[] };
type Column = { name: string; comment: string };

/**
 * The `///` comments of the Prisma schema as COMMENT ON statements, one object for each PostgreSQL schema: the
 * database tells them to psql and to docs/schema.md, and nobody writes them twice.
 */
export function schemaComments(folder = schemaFolder): SqlObject[] {
  const blocks = readdirSync(folder)
    .filter((file) => file.endsWith('.prisma'))
    .toSorted()
    .flatMap((file) => readBlocks(readFileSync(join(folder, file), 'utf8')));
  return [...new Set(blocks.map(({ schema }) => schema))].toSorted().flatMap((schema) => {
    const comments = blocks.filter((block) => block.schema === schema).flatMap(commentsOf);
    if (comments.length === 0) return [];
    const drop = comments.map(({ on }) => `COMMENT ON ${on} IS NULL;`).join(' ');
    const create = comments.map(({ on, text }) => `COMMENT ON ${on} IS '${text.replaceAll("'", "''")}';`);
    return [{ path: `comments of ${schema}`, text: [`-- drop: ${drop}`, ...create].join('\n') }];
  });
}

function readBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  let comment: string[] = [];
  for (const line of text.split('\n').map((part) => part.trim())) {
    const start = /^(model|enum) (\w+) \{$/.exec(line);
    if (line.startsWith('///')) comment.push(line.slice(3).trim());
    else if (start) {
      const kind = start[1] === 'model' ? 'TABLE' : 'TYPE';
      open = { kind, name: start[2]!, schema: 'public', comment: comment.join(' '), columns: [] };
      blocks.push(open);
      comment = [];
    } else if (open && line === '}') open = null;
    else {
      if (open) readLine(open, line, comment.join(' '));
      comment = [];
    }
  }
  return blocks;
}

function readLine(block: Block, line: string, comment: string): void {
  const name = /^@@map\("(.+)"\)/.exec(line)?.[1];
  const schema = /^@@schema\("(.+)"\)/.exec(line)?.[1];
  if (name) block.name = name;
  if (schema) block.schema = schema;
  const field = /^(\w+)\s+\S/.exec(line)?.[1];
  if (block.kind === 'TABLE' && field && comment) {
    block.columns.push({ name: /@map\("(.+?)"\)/.exec(line)?.[1] ?? field, comment });
  }
}

function commentsOf({ kind, schema, name, comment, columns }: Block): { on: string; text: string }[] {
  const of = `"${schema}"."${name}"`;
  return [
    ...(comment ? [{ on: `${kind} ${of}`, text: comment }] : []),
    ...columns.map((column) => ({ on: `COLUMN ${of}."${column.name}"`, text: column.comment })),
  ];
}
