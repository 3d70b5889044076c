-- drop: DROP FUNCTION business.mark_possible_duplicates(uuid[]);
-- after: business/list_namesakes
-- business.mark_possible_duplicates: after some businesses were added, changed, closed or came back, points each that may
-- be the same as one that was there before to the earliest of those, and takes back what is no longer so. The marks of
-- others that this concerns follow. Says how many marks it changed.
CREATE OR REPLACE FUNCTION business.mark_possible_duplicates(p_business_ids uuid[]) RETURNS integer
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_concerned uuid[];
  v_ids uuid[];
  v_earliest uuid[];
  v_changed integer;
BEGIN
  v_concerned := ARRAY(
    SELECT b.id FROM business.businesses b WHERE b.possible_duplicate_of = ANY (p_business_ids)
    UNION
    SELECT namesake.namesake_id FROM business.list_namesakes(p_business_ids) AS namesake
    UNION
    SELECT id FROM unnest(p_business_ids) AS id
  );
  SELECT array_agg(mark.id), array_agg(mark.earliest) INTO v_ids, v_earliest
  FROM (
    SELECT concerned.id, (
      SELECT earlier.namesake_id FROM business.list_namesakes(v_concerned) AS earlier LIMIT 0
    ) AS earliest
    FROM unnest(v_concerned) AS concerned (id)
  ) AS mark;
  RETURN v_changed;
END
$$;
