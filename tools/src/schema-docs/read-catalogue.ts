import { withConnection } from '@pika/database/tooling';

export type Column = {
  name: string;
  type: string;
  isNullable: boolean;
  isKey: boolean;
  default: string | null;
  comment: string | null;
};

export type ForeignKey = {
  name: string;
  columns: string[];
  schema: string;
  table: string;
  onDelete: string;
  isNullable: boolean;
  isUnique: boolean;
};

export type Named = { name: string; text: string };

export type Policy = { name: string; verb: string; roles: string; using: string | null; check: string | null };

export type Table = {
  schema: string;
  name: string;
  kind: 'table' | 'view';
  comment: string | null;
  partitionedBy: string | null;
  rowSecurity: 'none' | 'enabled' | 'forced';
  columns: Column[];
  foreignKeys: ForeignKey[];
  /** CHECK, UNIQUE and EXCLUDE. */
  constraints: Named[];
  /** Those that no constraint made. */
  indexes: Named[];
  policies: Policy[];
  triggers: Named[];
};

export type Enumeration = { schema: string; name: string; values: string[]; comment: string | null };

export type Catalogue = { schemas: Named[]; tables: Table[]; enumerations: Enumeration[] };

/** Everything of ours: no system schema, nothing of an extension, not Prisma's books, no single partition. */
const OURS = `nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'pgboss')`;

const SCHEMAS = `SELECT nspname AS name, coalesce(obj_description(oid, 'pg_namespace'), '') AS text
  FROM pg_namespace WHERE ${OURS} ORDER BY nspname`;

const ENUMERATIONS = `SELECT n.nspname AS schema, t.typname AS name, obj_description(t.oid, 'pg_type') AS comment,
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE ${OURS} AND t.typtype = 'e' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  ORDER BY n.nspname, t.typname`;

const TABLES = `SELECT n.nspname AS schema, c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
    CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind,
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partitionedBy",
    CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'enabled' ELSE 'none' END AS "rowSecurity",
    (SELECT json_agg(json_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isNullable', NOT a.attnotnull,
        'isKey', coalesce(a.attnum = ANY (key.columns), false), 'default', pg_get_expr(d.adbin, d.adrelid),
        'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN LATERAL (SELECT conkey AS columns FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p') AS key ON true
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    (SELECT coalesce(json_agg(json_build_object(
        'name', k.conname, 'schema', rn.nspname, 'table', r.relname,
        'onDelete', CASE k.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' ELSE 'restrict' END,
        'columns', (SELECT json_agg(a.attname ORDER BY o.place) FROM unnest(k.conkey) WITH ORDINALITY AS o (number, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.number),
        'isNullable', EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey) AND NOT a.attnotnull),
        'isUnique', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
          AND i.indnkeyatts = cardinality(k.conkey) AND (i.indkey::int2[])[0:i.indnkeyatts - 1] @> k.conkey)
        ) ORDER BY k.conname), '[]')
      FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0) AS "foreignKeys",
    (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'text', pg_get_constraintdef(k.oid)) ORDER BY k.conname), '[]')
      FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'u', 'x')) AS constraints,
    (SELECT coalesce(json_agg(json_build_object('name', ic.relname, 'text', pg_get_indexdef(i.indexrelid)) ORDER BY ic.relname), '[]')
      FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
      WHERE i.indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    ) AS indexes,
    (SELECT coalesce(json_agg(json_build_object('name', p.polname,
        'verb', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END,
        'roles', (SELECT string_agg(CASE WHEN role.oid = 0 THEN 'public' ELSE role.oid::regrole::text END, ', ' ORDER BY role.oid::regrole::text)
          FROM unnest(p.polroles) AS role (oid)),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)) ORDER BY p.polname), '[]')
      FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
    (SELECT coalesce(json_agg(json_build_object('name', t.tgname, 'text', pg_get_triggerdef(t.oid)) ORDER BY t.tgname), '[]')
      FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  ORDER BY n.nspname, c.relname`;

/** What the catalogue says of a migrated database, the same on every version and on the embedded engine. */
export function readCatalogue(url: string): Promise<Catalogue> {
  return withConnection(url, async (client) => {
    await client.query('BEGIN READ ONLY');
    // So that every name outside of pg_catalog is written with its schema.
    await client.query(`SELECT set_config('search_path', '', true)`);
    const schemas = await client.query<Named>(SCHEMAS);
    const tables = await client.query<Table>(TABLES);
    const enumerations = await client.query<Enumeration>(ENUMERATIONS);
    await client.query('COMMIT');
    return { schemas: schemas.rows, tables: tables.rows, enumerations: enumerations.rows };
  });
}
