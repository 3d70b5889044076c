-- drop: DROP FUNCTION audit.exemptions();
-- audit.exemptions: every table that is not audited, and why.
CREATE OR REPLACE FUNCTION audit.exemptions() RETURNS TABLE (table_name text, reason text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    ('audit.archives', 'the log itself: append-only'),
    ('audit.entries', 'the log itself: append-only, sealed'),
    ('audit.sealed_entries', 'the log itself: append-only'),
    ('audit.seals', 'the log itself: append-only'),
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.search_words', 'derived from marketplace.cards by triggers'),
    ('marketplace.stale_vouchers', 'a queue of derived work'),
    ('public._prisma_migrations', 'the books of the migrations, written before there is a log')
$$;
REVOKE ALL ON FUNCTION audit.exemptions() FROM PUBLIC;
