import { instantText } from '@pika/shared';
import type { OwnRow } from './export.repository.ts';
import { exportSections } from './export.schemas.ts';

/** One object of everything; of `rowsMax + 1` rows that were read, the last only says that there are more. */
export function mapExport(
  rows: readonly OwnRow[],
  history: readonly Record<string, unknown>[],
  { rowsMax, exportedAt }: { rowsMax: number; exportedAt: Date },
): Record<string, unknown> {
  const byTable = new Map<string, Record<string, unknown>[]>();
  for (const { tableName, content } of rows) {
    const known = byTable.get(tableName);
    if (known === undefined) byTable.set(tableName, [content]);
    else known.push(content);
  }
  const sections = [
    ...Object.entries(exportSections).map(([name, table]) => [name, byTable.get(table) ?? []] as const),
    ['history', history] as const,
  ];
  return {
    exportedAt: instantText(exportedAt),
    ...Object.fromEntries(sections.map(([name, list]) => [name, list.slice(0, rowsMax)])),
    incomplete: sections.filter(([, list]) => list.length > rowsMax).map(([name]) => name),
  };
}
