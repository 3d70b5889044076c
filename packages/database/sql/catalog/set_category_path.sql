-- drop: DROP TRIGGER categories_path ON catalog.categories; DROP FUNCTION catalog.set_category_path();
-- catalog.set_category_path: path = the parent's path and the node itself; a cycle is refused.
CREATE OR REPLACE FUNCTION catalog.set_category_path() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_parent_path uuid[] := '{}';
BEGIN
  IF NEW.parent_id IS NOT NULL THEN
    SELECT parent.path INTO v_parent_path FROM catalog.categories parent WHERE parent.id = NEW.parent_id FOR SHARE;
    IF NEW.id = ANY (v_parent_path) THEN
      RAISE EXCEPTION 'a category cannot stand below itself'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_acyclic', SCHEMA = 'catalog', TABLE = 'categories';
    END IF;
  END IF;
  NEW.path := v_parent_path || NEW.id;
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER categories_path BEFORE INSERT OR UPDATE OF parent_id ON catalog.categories
  FOR EACH ROW EXECUTE FUNCTION catalog.set_category_path();
