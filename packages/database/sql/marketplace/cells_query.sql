-- drop: DROP FUNCTION marketplace.cells_query(double precision, double precision, integer);
-- after: marketplace/grid_cells
-- marketplace.cells_query: "in one of the cells around this point", for the `search` column of cards.
CREATE OR REPLACE FUNCTION marketplace.cells_query(p_latitude double precision, p_longitude double precision, p_level integer)
RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT string_agg('''' || cell || '''', ' | ')::tsquery
    FROM unnest(marketplace.grid_cells(p_latitude, p_longitude, ARRAY[p_level], true)) AS cell
  );
END
$$;
