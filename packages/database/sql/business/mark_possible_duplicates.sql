-- drop: DROP FUNCTION business.mark_possible_duplicates(uuid[]);
-- after: business/list_namesakes
-- business.mark_possible_duplicates: after some businesses were added, changed, closed or came back: each that may be
-- the same as one that was there before points to the earliest of those, and a mark that is no longer so is taken
-- back. The marks of others that this concerns follow.
CREATE OR REPLACE FUNCTION business.mark_possible_duplicates(p_business_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_ids uuid[];
  v_earliest uuid[];
BEGIN
  WITH own AS MATERIALIZED (
    SELECT * FROM business.list_namesakes(p_business_ids)
  ), concerned AS MATERIALIZED (
    SELECT own.namesake_id AS id FROM own
    UNION
    SELECT b.id FROM business.businesses b WHERE b.possible_duplicate_of = ANY (p_business_ids)
    EXCEPT
    SELECT id FROM unnest(p_business_ids) AS id
  ), pair AS (
    SELECT * FROM own
    UNION ALL
    SELECT * FROM business.list_namesakes(ARRAY(SELECT concerned.id FROM concerned))
  ), mark AS (
    SELECT DISTINCT ON (pair.business_id) pair.business_id, pair.namesake_id AS earliest
    FROM pair
    WHERE (pair.namesake_created_at, pair.namesake_id) < (pair.created_at, pair.business_id)
    ORDER BY pair.business_id, pair.namesake_created_at, pair.namesake_id
  )
  SELECT array_agg(b.id ORDER BY b.id), array_agg(mark.earliest ORDER BY b.id) INTO v_ids, v_earliest
  FROM business.businesses b
  LEFT JOIN mark ON mark.business_id = b.id
  WHERE b.id IN (SELECT id FROM unnest(p_business_ids) AS id UNION ALL SELECT concerned.id FROM concerned)
    AND b.possible_duplicate_of IS DISTINCT FROM mark.earliest;

  IF v_ids IS NULL THEN
    RETURN;
  END IF;
  PERFORM FROM business.businesses b WHERE b.id = ANY (v_ids) ORDER BY b.id FOR NO KEY UPDATE;
  UPDATE business.businesses b SET possible_duplicate_of = mark.earliest, updated_at = now()
  FROM unnest(v_ids, v_earliest) AS mark (id, earliest)
  WHERE b.id = mark.id;
END
$$;
