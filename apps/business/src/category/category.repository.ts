import { sql, type Db, type ResolvedText } from '@pika/database';
import type { LanguageChain } from '@pika/shared';

export interface CategoryRow {
  id: string;
  slug: string;
  parentId: string | null;
  depth: number;
  text: ResolvedText;
}

/** The whole tree, every node before those below it, siblings in their order. */
export async function listCategories(db: Db, { chain, matchLength }: LanguageChain): Promise<CategoryRow[]> {
  return db.$queryRaw<CategoryRow[]>(sql`
    /* listCategories */
    WITH RECURSIVE tree AS (
      SELECT c.id, c.slug, c.parent_id, 1 AS depth, ARRAY[c.position] AS place, c.name_key, c.source_language
      FROM catalog.categories c WHERE c.parent_id IS NULL AND c.deleted_at IS NULL
      UNION ALL
      SELECT c.id, c.slug, c.parent_id, tree.depth + 1, tree.place || c.position, c.name_key, c.source_language
      FROM catalog.categories c JOIN tree ON tree.id = c.parent_id WHERE c.deleted_at IS NULL
    )
    SELECT tree.id, tree.slug, tree.parent_id AS "parentId", tree.depth,
      jsonb_build_array(text.body, text.served, text.depth, text.languages) AS text
    FROM tree
    CROSS JOIN LATERAL i18n.render_text(
      '{name}', ARRAY[tree.name_key], '', tree.source_language, ${[...chain]}::text[], ${matchLength}::int
    ) AS text
    ORDER BY tree.place, tree.slug`);
}
