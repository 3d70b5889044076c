import type { Catalogue, Column, Enumeration, ForeignKey, Named, Policy, Table } from './read-catalogue.ts';

const INTRODUCTION = `# The schema of the database

Generated from the catalogue of a migrated database and its \`COMMENT ON\` by \`npm run schema:docs\`; do not edit it. What a
function, view or trigger does stands in its file below \`packages/database/sql/\`.
`;

export function writeMarkdown({ schemas, tables, enumerations }: Catalogue): string {
  const parts = schemas
    .map((schema) => ({
      schema,
      tables: tables.filter((table) => table.schema === schema.name),
      enumerations: enumerations.filter((enumeration) => enumeration.schema === schema.name),
    }))
    .filter((part) => part.tables.length > 0 || part.enumerations.length > 0);
  const contents = parts.map(
    (part) => `- [${part.schema.name}](#${part.schema.name}): ${part.tables.map(({ name }) => name).join(', ')}`,
  );
  return [INTRODUCTION, `${contents.join('\n')}\n`, ...parts.map(writeSchema)].join('\n');
}

function writeSchema(part: { schema: Named; tables: Table[]; enumerations: Enumeration[] }): string {
  const { schema, tables, enumerations } = part;
  return [
    `## ${schema.name}\n`,
    ...(schema.text && schema.name !== 'public' ? [`${sentence(schema.text)}\n`] : []),
    ...(tables.some(({ kind }) => kind === 'table') ? [writeDiagram(schema.name, tables)] : []),
    ...tables.map(writeTable),
    ...(enumerations.length > 0 ? [writeEnumerations(enumerations)] : []),
  ].join('\n');
}

/** Keys only: what a table is and what it hangs on. Tables of other schemas stand there by their full name. */
function writeDiagram(schema: string, tables: Table[]): string {
  const own = tables.filter(({ kind }) => kind === 'table');
  const entities = own.map((table) => {
    const lines = table.columns
      .map((column) => ({ column, marks: marksOf(table, column) }))
      .filter(({ marks }) => marks.length > 0)
      .map(({ column, marks }) => `    ${diagramType(column.type)} ${column.name} ${marks.join(', ')}`);
    return `  ${table.name} {\n${lines.join('\n')}\n  }`;
  });
  const outside = new Map<string, string>();
  const lines = own.flatMap((table) =>
    table.foreignKeys.map((key) => {
      const isOwn = key.schema === schema;
      const target = isOwn ? key.table : `${key.schema}_${key.table}`;
      if (!isOwn) outside.set(target, `  ${target}["${key.schema}.${key.table}"]`);
      return `  ${table.name} ${key.isUnique ? '|o' : '}o'}--${key.isNullable ? 'o|' : '||'} ${target} : ${key.columns.join('_')}`;
    }),
  );
  const named = [...outside.values()].toSorted();
  return `\`\`\`mermaid\nerDiagram\n${[...entities, ...named, ...lines].join('\n')}\n\`\`\`\n`;
}

const marksOf = (table: Table, column: Column): string[] => [
  ...(column.isKey ? ['PK'] : []),
  ...(table.foreignKeys.some((key) => key.columns.includes(column.name)) ? ['FK'] : []),
];

const diagramType = (type: string) => type.replaceAll(/[^\w[\]]+/g, '_').replace(/_$/, '');

function writeTable(table: Table): string {
  const { schema, name, kind, comment, partitionedBy, rowSecurity, columns } = table;
  const facts = [
    ...(kind === 'view' ? ['A view.'] : []),
    ...(partitionedBy === null ? [] : [`Partitioned by ${partitionedBy}.`]),
    ...(rowSecurity === 'none' ? [] : [`Row-level security is ${rowSecurity}.`]),
  ];
  const hasDefaults = columns.some((column) => column.default !== null);
  const head = ['Column', 'Type', 'Null', 'Key', ...(hasDefaults ? ['Default'] : []), 'What it holds'];
  const rows = columns.map((column) => [
    code(column.name),
    column.type,
    column.isNullable && kind === 'table' ? 'yes' : '',
    keyOf(table, column),
    ...(hasDefaults ? [column.default === null ? '' : code(column.default)] : []),
    column.comment ?? '',
  ]);
  return [
    `### ${schema}.${name}\n`,
    ...(comment || facts.length > 0 ? [`${[...(comment ? [sentence(comment)] : []), ...facts].join(' ')}\n`] : []),
    writeRows(head, rows),
    list('Rules', table.constraints, ({ text }) => text.replace(/ NOT VALID$/, ', not yet validated for old rows')),
    list('Indexes', table.indexes, ({ text }) =>
      text.replace(/^CREATE (UNIQUE )?INDEX \S+ ON (ONLY )?\S+ USING /, '$1'),
    ),
    writePolicies(table.policies),
    list('Triggers', table.triggers, ({ text }) => describeTrigger(text)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function keyOf(table: Table, column: Column): string {
  const keys = table.foreignKeys.filter((key) => key.columns.includes(column.name)).map(describeKey);
  return [...(column.isKey ? ['primary'] : []), ...keys].join(', ');
}

const describeKey = ({ schema, table, onDelete }: ForeignKey) => `→ ${schema}.${table}, on delete ${onDelete}`;

const describeTrigger = (text: string) =>
  text
    .replace(/^CREATE (CONSTRAINT )?TRIGGER \S+ /, '')
    .replace(/ ON \S+/, '')
    .replace(/ REFERENCING .*(?= FOR EACH)/, '')
    .replace(/EXECUTE FUNCTION (.*)$/, '$1');

function writePolicies(policies: Policy[]): string {
  if (policies.length === 0) return '';
  const rows = policies.map(({ name, verb, roles, using, check }) => [
    code(name),
    verb,
    roles,
    using === null ? '' : code(using),
    check === null ? '' : code(check),
  ]);
  return writeRows(['Policy', 'Verb', 'Roles', 'Rows it shows', 'Rows it lets in'], rows);
}

function writeEnumerations(enumerations: Enumeration[]): string {
  const rows = enumerations.map(({ schema, name, values, comment }) => [
    code(`${schema}.${name}`),
    values.map(code).join(', '),
    comment ?? '',
  ]);
  return writeRows(['Enumeration', 'Values', 'What it says'], rows);
}

function list(title: string, items: Named[], describe: (item: Named) => string): string {
  if (items.length === 0) return '';
  return `${title}:\n\n${items.map((item) => `- ${code(item.name)}: ${code(describe(item))}`).join('\n')}\n`;
}

function writeRows(head: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

const code = (text: string) => `\`${text.replaceAll(/\s+/g, ' ')}\``;

const sentence = (text: string) =>
  text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/([^.!?…:])$/, '$1.');
