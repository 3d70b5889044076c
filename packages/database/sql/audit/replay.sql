-- drop: DROP FUNCTION audit.replay(regclass, timestamptz);
-- after: audit/apply_changes
-- audit.replay: a table as the log alone tells it, from empty, now or as of an instant; audit.apply_changes says which
-- columns. An instant means what was written until then, whenever it was committed.
-- began: what came before a TRUNCATE, or before the audit began, is void.
-- piece: the writes of one key from an insert, or an arrival by a change of key, on.
-- life: the last piece of every living key, and, where it arrived by a change of key, the pieces before.
CREATE OR REPLACE FUNCTION audit.replay(p_table regclass, p_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (row_key jsonb, record jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH RECURSIVE
  entry AS (
    SELECT e.id, e.operation, e.row_key, e.former_key, e.changes
    FROM pg_catalog.pg_class class
    JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
    JOIN audit.entries e ON e.schema_name = namespace.nspname AND e.table_name = class.relname
    WHERE class.oid = p_table AND e.recorded_at <= p_at
  ),
  began AS (
    SELECT coalesce(max(id), 0) AS id FROM entry WHERE operation IN ('truncate', 'attach', 'detach')
  ),
  event AS MATERIALIZED (
    SELECT entry.*, max(entry.id) FILTER (WHERE entry.operation = 'insert' OR entry.former_key IS NOT NULL)
      OVER (PARTITION BY entry.row_key ORDER BY entry.id) AS base_id
    FROM entry, began WHERE entry.id > began.id
  ),
  last_touch AS (
    SELECT DISTINCT ON (touch.key) touch.key, touch.base_id, touch.is_alive
    FROM (
      SELECT event.row_key AS key, event.id, event.base_id, event.operation <> 'delete' AS is_alive FROM event
      UNION ALL
      SELECT event.former_key, event.id, NULL, false FROM event WHERE event.former_key IS NOT NULL
    ) AS touch
    ORDER BY touch.key, touch.id DESC, touch.is_alive DESC
  ),
  piece AS MATERIALIZED (
    SELECT event.row_key, event.base_id, array_agg(event.changes::jsonb ORDER BY event.id) AS changes,
      (array_agg(event.former_key ORDER BY event.id))[1] AS former_key
    FROM event GROUP BY event.row_key, event.base_id
  ),
  life AS (
    SELECT piece.row_key AS living_key, piece.base_id, piece.former_key, piece.changes
    FROM last_touch JOIN piece ON piece.row_key = last_touch.key AND piece.base_id = last_touch.base_id
    WHERE last_touch.is_alive
    UNION ALL
    SELECT life.living_key, former.base_id, former.former_key, former.changes
    FROM life
    JOIN LATERAL (
      SELECT piece.* FROM piece
      WHERE piece.row_key = life.former_key AND piece.base_id < life.base_id
      ORDER BY piece.base_id DESC LIMIT 1
    ) AS former ON true
  )
  SELECT life.living_key, audit.fold(change.changes ORDER BY life.base_id, change.ordinal)
  FROM life CROSS JOIN LATERAL unnest(life.changes) WITH ORDINALITY AS change (changes, ordinal)
  GROUP BY life.living_key
$$;
REVOKE ALL ON FUNCTION audit.replay(regclass, timestamptz) FROM PUBLIC;
