SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL;
COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TABLE "i18n"."languages" IS NULL; COMMENT ON TABLE "i18n"."translations" IS NULL; COMMENT ON COLUMN "i18n"."translations"."source_hash" IS NULL;
COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TABLE "analytics"."events" IS NULL;
DROP TRIGGER vouchers_inserted ON marketplace.vouchers; DROP TRIGGER vouchers_updated ON marketplace.vouchers; DROP FUNCTION marketplace.follow_vouchers();
DROP TRIGGER voucher_locations_inserted ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_updated ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_deleted ON marketplace.voucher_locations; DROP FUNCTION marketplace.follow_voucher_locations();
DROP TRIGGER translations_inserted ON i18n.translations; DROP TRIGGER translations_updated ON i18n.translations; DROP TRIGGER translations_deleted ON i18n.translations; DROP FUNCTION marketplace.follow_translations();
DROP TRIGGER locations_updated ON business.locations; DROP FUNCTION marketplace.follow_locations();
DROP TRIGGER languages_inserted ON i18n.languages; DROP TRIGGER languages_updated ON i18n.languages; DROP TRIGGER languages_deleted ON i18n.languages; DROP FUNCTION marketplace.follow_languages();
DROP TRIGGER categories_updated ON catalog.categories; DROP FUNCTION marketplace.follow_categories();
DROP TRIGGER cards_inserted ON marketplace.cards; DROP TRIGGER cards_updated ON marketplace.cards; DROP TRIGGER cards_deleted ON marketplace.cards; DROP FUNCTION marketplace.follow_cards();
DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
DROP TRIGGER categories_path ON catalog.categories; DROP FUNCTION catalog.set_category_path();
DROP FUNCTION marketplace.search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamptz, timestamptz, integer, double precision, uuid, uuid, integer, boolean);
DROP FUNCTION marketplace.refresh_word_frequencies();
DROP FUNCTION marketplace.refresh_stale_cards(integer);
DROP FUNCTION marketplace.prune_expired_cards(timestamptz, integer);
DROP VIEW business.public_locations;

-- sql/business/public_locations.sql
-- drop: DROP VIEW business.public_locations;
-- business.public_locations: the living branches of verified businesses that have not closed. A business that is
-- suspended or closes is gone from here, and with it every voucher from every search, at once.
CREATE OR REPLACE VIEW business.public_locations WITH (security_invoker = true) AS
  SELECT location.id, location.business_id, location.latitude, location.longitude,
    location.street, location.city, location.country_code, location.time_zone, location.weekly_hours,
    location.hours_text
  FROM business.locations location
  JOIN business.businesses business ON business.id = location.business_id
  WHERE location.deleted_at IS NULL AND business.deleted_at IS NULL AND business.closed_at IS NULL
    AND business.status = 'verified';
-- end

-- sql/marketplace/prune_expired_cards.sql
-- drop: DROP FUNCTION marketplace.prune_expired_cards(timestamptz, integer);
-- marketplace.prune_expired_cards: removes up to p_limit cards that ended before an instant; says how many.
-- Reading never shows them anyway; the instant lies a day back, so that no walk through pages loses one under way.
CREATE OR REPLACE FUNCTION marketplace.prune_expired_cards(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH old AS (
    SELECT card.location_id, card.voucher_id FROM marketplace.cards card
    WHERE card.expires_at < p_before ORDER BY card.expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM marketplace.cards card USING old
    WHERE card.location_id = old.location_id AND card.voucher_id = old.voucher_id
    RETURNING 1
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION marketplace.prune_expired_cards(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.prune_expired_cards(timestamptz, integer) TO pika_app;
-- end

-- sql/marketplace/refresh_stale_cards.sql
-- drop: DROP FUNCTION marketplace.refresh_stale_cards(integer);
-- after: marketplace/refresh_or_queue
-- marketplace.refresh_stale_cards: takes up to p_limit (at most 500) queued vouchers, makes their cards true, and says
-- how many it took. Several runners share the queue: each skips what another holds.
CREATE OR REPLACE FUNCTION marketplace.refresh_stale_cards(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT stale.voucher_id FROM marketplace.stale_vouchers stale
    ORDER BY stale.queued_at, stale.voucher_id LIMIT least(p_limit, 500) FOR UPDATE SKIP LOCKED
  );
BEGIN
  PERFORM marketplace.refresh_or_queue(v_ids);
  DELETE FROM marketplace.stale_vouchers stale WHERE stale.voucher_id = ANY (v_ids);
  RETURN cardinality(v_ids);
END
$$;
REVOKE ALL ON FUNCTION marketplace.refresh_stale_cards(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.refresh_stale_cards(integer) TO pika_app;
-- end

-- sql/marketplace/refresh_word_frequencies.sql
-- drop: DROP FUNCTION marketplace.refresh_word_frequencies();
-- marketplace.refresh_word_frequencies: copies what ANALYZE learnt of the commonest words of cards to where a search
-- can look it up; says how many changed by more than a fifth. Only speed depends on it: a common word is looked for
-- near the point first, a rare one in the word index.
CREATE OR REPLACE FUNCTION marketplace.refresh_word_frequencies() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_changed integer;
BEGIN
  WITH common AS (
    SELECT split_part(element.token, ':', 1) AS language_code,
      substr(element.token, strpos(element.token, ':') + 1) AS word,
      stats.most_common_elem_freqs[element.ordinal] AS frequency
    FROM pg_stats stats
    CROSS JOIN LATERAL unnest(stats.most_common_elems::text::text[]) WITH ORDINALITY AS element (token, ordinal)
    WHERE stats.schemaname = 'marketplace' AND stats.tablename = 'cards' AND stats.attname = 'search'
      AND left(element.token, 1) <> '@'
  )
  UPDATE marketplace.search_words known
  SET frequency = coalesce(common.frequency, 0)
  FROM marketplace.search_words old
  LEFT JOIN common USING (language_code, word)
  WHERE known.language_code = old.language_code AND known.word = old.word
    AND (old.frequency > 0 OR common.frequency IS NOT NULL)
    AND abs(old.frequency - coalesce(common.frequency, 0)) > 0.2 * old.frequency;
  GET DIAGNOSTICS v_changed = ROW_COUNT;
  RETURN v_changed;
END
$$;
REVOKE ALL ON FUNCTION marketplace.refresh_word_frequencies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.refresh_word_frequencies() TO pika_app;
-- end

-- sql/marketplace/search_nearby.sql
-- drop: DROP FUNCTION marketplace.search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamptz, timestamptz, integer, double precision, uuid, uuid, integer, boolean);
-- after: marketplace/find_nearby
-- after: marketplace/render_cards
-- marketplace.search_nearby: one page of the nearby list in one round trip: find_nearby, then render_cards.
-- Measured: a generic plan is 2.5 times faster here than planning at each call, and jit only costs.
-- `next_*` is the last row shown where another page follows, else NULL.
-- Runs as its owner: all that it reads is public, so no policy is asked for each row.
CREATE OR REPLACE FUNCTION marketplace.search_nearby(
  p_latitude double precision,
  p_longitude double precision,
  p_radius_meters double precision,
  p_bounds double precision[],
  p_category text,
  p_business_id uuid,
  p_words text,
  p_chain text[],
  p_match_length integer,
  p_open_at timestamptz,
  p_at timestamptz,
  p_limit integer,
  p_after_distance double precision,
  p_after_location_id uuid,
  p_after_voucher_id uuid,
  p_batch integer,
  p_geojson boolean,
  OUT category_known boolean,
  OUT data text,
  OUT languages text[],
  OUT next_distance double precision,
  OUT next_location_id uuid,
  OUT next_voucher_id uuid,
  OUT batch integer
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
  v_found record;
BEGIN
  v_found := marketplace.find_nearby(
    p_latitude, p_longitude, p_radius_meters, p_bounds, p_category, p_business_id, p_words, p_chain, p_open_at, p_at,
    p_limit, p_after_distance, p_after_location_id, p_after_voucher_id, p_batch
  );
  category_known := v_found.category_known;
  batch := v_found.batch;
  IF cardinality(v_found.voucher_ids) > p_limit THEN
    next_distance := v_found.distances[p_limit];
    next_location_id := v_found.location_ids[p_limit];
    next_voucher_id := v_found.voucher_ids[p_limit];
  END IF;
  SELECT r.data, r.languages INTO data, languages
  FROM marketplace.render_cards(
    v_found.location_ids[:p_limit], v_found.voucher_ids[:p_limit], v_found.distances[:p_limit],
    p_chain, p_match_length, p_at, p_geojson
  ) AS r;
END
$$;
REVOKE ALL ON FUNCTION marketplace.search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamptz, timestamptz, integer, double precision, uuid, uuid, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.search_nearby(double precision, double precision, double precision, double precision[], text, uuid, text, text[], integer, timestamptz, timestamptz, integer, double precision, uuid, uuid, integer, boolean) TO pika_app, pika_public, pika_support;
-- end

-- sql/security/withdraw_access.sql
-- drop: DROP FUNCTION security.withdraw_access(text);
-- security.withdraw_access: takes every policy and grant on the tables of a schema away again.
CREATE OR REPLACE FUNCTION security.withdraw_access(p_schema text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_statement text;
BEGIN
  FOR v_statement IN
    SELECT format('DROP POLICY %I ON %I.%I', policyname, schemaname, tablename)
    FROM pg_catalog.pg_policies WHERE schemaname = p_schema
    UNION ALL
    SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', schemaname, tablename)
    FROM pg_catalog.pg_tables WHERE schemaname = p_schema AND rowsecurity
    UNION ALL
    SELECT format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM pika_app, pika_public, pika_support, pika_auditor', p_schema)
    UNION ALL
    SELECT format('REVOKE ALL ON SCHEMA %I FROM pika_app, pika_public, pika_support, pika_auditor', p_schema)
  LOOP
    EXECUTE v_statement;
  END LOOP;
END
$$;
-- end

-- sql/catalog/set_category_path.sql
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
-- end

-- sql/marketplace/follow_businesses.sql
-- drop: DROP TRIGGER businesses_updated ON business.businesses; DROP FUNCTION marketplace.follow_businesses();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_businesses: the cards of its vouchers follow what they show of a business, and the names it is searched
-- by. Its status, closing and deletion are not copied anywhere: business.public_locations reads them.
CREATE OR REPLACE FUNCTION marketplace.follow_businesses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.name_key, n.other_names_key, n.source_language, n.logo_url, n.attribution)
      IS DISTINCT FROM (o.name_key, o.other_names_key, o.source_language, o.logo_url, o.attribution)
  );
BEGIN
  PERFORM FROM business.businesses b WHERE b.id = ANY (v_changed) ORDER BY b.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.business_id = ANY (v_changed)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER businesses_updated AFTER UPDATE ON business.businesses
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_businesses();
-- end

-- sql/marketplace/follow_cards.sql
-- drop: DROP TRIGGER cards_inserted ON marketplace.cards; DROP TRIGGER cards_updated ON marketplace.cards; DROP TRIGGER cards_deleted ON marketplace.cards; DROP FUNCTION marketplace.follow_cards();
-- after: marketplace/refresh_facets
-- marketplace.follow_cards: facets follow the cards of their location, whichever way these were changed.
-- A new card whose category the location already stands under changes nothing.
CREATE OR REPLACE FUNCTION marketplace.follow_cards() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM marketplace.refresh_facets(ARRAY(
      SELECT DISTINCT n.location_id FROM new_rows n
      WHERE NOT EXISTS (
        SELECT FROM marketplace.location_facets f WHERE f.facet_id = n.category_id AND f.location_id = n.location_id
      )
    ));
  ELSIF TG_OP = 'UPDATE' THEN
    PERFORM marketplace.refresh_facets(ARRAY(
      SELECT DISTINCT n.location_id FROM new_rows n JOIN old_rows o USING (location_id, voucher_id)
      WHERE n.category_id <> o.category_id
    ));
  ELSE
    PERFORM marketplace.refresh_facets(ARRAY(SELECT DISTINCT o.location_id FROM old_rows o));
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER cards_inserted AFTER INSERT ON marketplace.cards
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
CREATE OR REPLACE TRIGGER cards_updated AFTER UPDATE ON marketplace.cards
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
CREATE OR REPLACE TRIGGER cards_deleted AFTER DELETE ON marketplace.cards
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_cards();
-- end

-- sql/marketplace/follow_categories.sql
-- drop: DROP TRIGGER categories_updated ON catalog.categories; DROP FUNCTION marketplace.follow_categories();
-- after: marketplace/refresh_or_queue
-- after: catalog/set_category_path
-- marketplace.follow_categories: cards show the name and the slug of a category, and facets its ancestors. A moved
-- category takes its subtree along.
CREATE OR REPLACE FUNCTION marketplace.follow_categories() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_moved uuid[] := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.path <> o.path);
  v_changed uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.path, n.name_key, n.source_language, n.slug) IS DISTINCT FROM (o.path, o.name_key, o.source_language, o.slug)
  );
BEGIN
  IF cardinality(v_moved) > 0 THEN
    UPDATE catalog.categories child SET parent_id = child.parent_id WHERE child.parent_id = ANY (v_moved);
  END IF;
  PERFORM FROM catalog.categories c WHERE c.id = ANY (v_changed) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.category_id = ANY (v_changed)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER categories_updated AFTER UPDATE ON catalog.categories
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_categories();
-- end

-- sql/marketplace/follow_languages.sql
-- drop: DROP TRIGGER languages_inserted ON i18n.languages; DROP TRIGGER languages_updated ON i18n.languages; DROP TRIGGER languages_deleted ON i18n.languages; DROP FUNCTION marketplace.follow_languages();
-- marketplace.follow_languages: a language that is switched on or off, removed, shown by another chain or stemmed otherwise
-- changes every card: all published vouchers are queued. The lock waits for cards
-- that are being computed without knowing of the change, and keeps others back until it is committed.
CREATE OR REPLACE FUNCTION marketplace.follow_languages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM new_rows n WHERE n.is_active OR n.is_default) THEN
      RETURN NULL;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF NOT EXISTS (SELECT FROM old_rows o WHERE o.is_active OR o.is_default) THEN
      RETURN NULL;
    END IF;
  ELSIF NOT EXISTS (
    SELECT FROM new_rows n JOIN old_rows o USING (code)
    WHERE (n.chain, n.match_length, n.text_search_config, n.is_active, n.is_default)
      IS DISTINCT FROM (o.chain, o.match_length, o.text_search_config, o.is_active, o.is_default)
  ) THEN
    RETURN NULL;
  END IF;
  LOCK TABLE marketplace.cards IN EXCLUSIVE MODE;
  INSERT INTO marketplace.stale_vouchers (voucher_id)
  SELECT v.id FROM marketplace.vouchers v WHERE v.state = 'published' ORDER BY v.id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER languages_inserted AFTER INSERT ON i18n.languages
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();
CREATE OR REPLACE TRIGGER languages_updated AFTER UPDATE ON i18n.languages
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();
CREATE OR REPLACE TRIGGER languages_deleted AFTER DELETE ON i18n.languages
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_languages();
-- end

-- sql/marketplace/follow_locations.sql
-- drop: DROP TRIGGER locations_updated ON business.locations; DROP FUNCTION marketplace.follow_locations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_locations: cards and facets follow a branch that moved, changed its zone or its business,
-- closed or came back.
CREATE OR REPLACE FUNCTION marketplace.follow_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE (n.business_id, n.latitude, n.longitude, n.time_zone, n.deleted_at IS NULL)
      IS DISTINCT FROM (o.business_id, o.latitude, o.longitude, o.time_zone, o.deleted_at IS NULL)
  );
BEGIN
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_or_queue(ARRAY(
      SELECT DISTINCT link.voucher_id FROM marketplace.voucher_locations link WHERE link.location_id = ANY (v_ids)
    ));
    PERFORM marketplace.refresh_facets(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER locations_updated AFTER UPDATE ON business.locations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_locations();
-- end

-- sql/marketplace/follow_translations.sql
-- drop: DROP TRIGGER translations_inserted ON i18n.translations; DROP TRIGGER translations_updated ON i18n.translations; DROP TRIGGER translations_deleted ON i18n.translations; DROP FUNCTION marketplace.follow_translations();
-- after: marketplace/refresh_or_queue
-- marketplace.follow_translations: everything that shows a text follows it: a voucher's own texts, all names of its
-- business, the name of its category. Vouchers in every state are taken: one that is just being published by another
-- transaction still looks like a draft here, and refresh_cards waits for it.
CREATE OR REPLACE FUNCTION marketplace.follow_translations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_keys text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_keys := ARRAY(SELECT DISTINCT n.key FROM new_rows n);
  ELSIF TG_OP = 'DELETE' THEN
    v_keys := ARRAY(SELECT DISTINCT o.key FROM old_rows o);
  ELSE
    v_keys := ARRAY(
      SELECT changed.key
      FROM (
        (SELECT n.key, n.language_code, n.value FROM new_rows n EXCEPT SELECT o.key, o.language_code, o.value FROM old_rows o)
        UNION ALL
        (SELECT o.key, o.language_code, o.value FROM old_rows o EXCEPT SELECT n.key, n.language_code, n.value FROM new_rows n)
      ) AS changed
    );
  END IF;
  PERFORM FROM business.businesses b
  WHERE b.name_key = ANY (v_keys) OR b.other_names_key = ANY (v_keys) ORDER BY b.id FOR UPDATE;
  PERFORM FROM catalog.categories c WHERE c.name_key = ANY (v_keys) ORDER BY c.id FOR UPDATE;
  PERFORM marketplace.refresh_or_queue(ARRAY(
    SELECT v.id FROM marketplace.vouchers v WHERE v.title_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.description_key = ANY (v_keys)
    UNION
    SELECT v.id FROM marketplace.vouchers v WHERE v.terms_key = ANY (v_keys)
    UNION
    SELECT v.id FROM business.businesses b JOIN marketplace.vouchers v ON v.business_id = b.id
    WHERE b.name_key = ANY (v_keys) OR b.other_names_key = ANY (v_keys)
    UNION
    SELECT v.id FROM catalog.categories c JOIN marketplace.vouchers v ON v.category_id = c.id WHERE c.name_key = ANY (v_keys)
  ));
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER translations_inserted AFTER INSERT ON i18n.translations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_updated AFTER UPDATE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
CREATE OR REPLACE TRIGGER translations_deleted AFTER DELETE ON i18n.translations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_translations();
-- end

-- sql/marketplace/follow_voucher_locations.sql
-- drop: DROP TRIGGER voucher_locations_inserted ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_updated ON marketplace.voucher_locations; DROP TRIGGER voucher_locations_deleted ON marketplace.voucher_locations; DROP FUNCTION marketplace.follow_voucher_locations();
-- after: marketplace/refresh_cards
-- marketplace.follow_voucher_locations: cards follow the list of places where a voucher is valid.
CREATE OR REPLACE FUNCTION marketplace.follow_voucher_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_ids := ARRAY(SELECT DISTINCT n.voucher_id FROM new_rows n);
  ELSIF TG_OP = 'UPDATE' THEN
    v_ids := ARRAY(SELECT n.voucher_id FROM new_rows n UNION SELECT o.voucher_id FROM old_rows o);
  ELSE
    v_ids := ARRAY(SELECT DISTINCT o.voucher_id FROM old_rows o);
  END IF;
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_cards(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER voucher_locations_inserted AFTER INSERT ON marketplace.voucher_locations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
CREATE OR REPLACE TRIGGER voucher_locations_updated AFTER UPDATE ON marketplace.voucher_locations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
CREATE OR REPLACE TRIGGER voucher_locations_deleted AFTER DELETE ON marketplace.voucher_locations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_voucher_locations();
-- end

-- sql/marketplace/follow_vouchers.sql
-- drop: DROP TRIGGER vouchers_inserted ON marketplace.vouchers; DROP TRIGGER vouchers_updated ON marketplace.vouchers; DROP FUNCTION marketplace.follow_vouchers();
-- after: marketplace/refresh_cards
-- marketplace.follow_vouchers: cards follow vouchers that are, or just ceased to be, published.
CREATE OR REPLACE FUNCTION marketplace.follow_vouchers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_ids uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_ids := ARRAY(SELECT n.id FROM new_rows n WHERE n.state = 'published');
  ELSE
    v_ids := ARRAY(
      SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
      WHERE 'published' IN (n.state, o.state)
        AND to_jsonb(n) - 'updated_at' <> to_jsonb(o) - 'updated_at'
    );
  END IF;
  IF cardinality(v_ids) > 0 THEN
    PERFORM marketplace.refresh_cards(v_ids);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER vouchers_inserted AFTER INSERT ON marketplace.vouchers
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();
CREATE OR REPLACE TRIGGER vouchers_updated AFTER UPDATE ON marketplace.vouchers
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION marketplace.follow_vouchers();
-- end

-- sql/analytics/access.sql
-- drop: SELECT security.withdraw_access('analytics');
-- after: security/withdraw_access
-- access to analytics: A business reads what happened to its vouchers.
GRANT USAGE ON SCHEMA analytics TO pika_app, pika_support;

ALTER TABLE analytics.events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON analytics.events TO pika_app;
GRANT SELECT ON analytics.events TO pika_support;
CREATE POLICY owner_all ON analytics.events TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON analytics.events FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON analytics.events FOR SELECT TO pika_support USING (true);
-- end

-- sql/business/access.sql
-- drop: SELECT security.withdraw_access('business');
-- after: security/withdraw_access
-- access to business: The public sees verified businesses; a business sees and changes its own, except what operators decide.
GRANT USAGE ON SCHEMA business TO pika_app, pika_public, pika_support;

ALTER TABLE business.businesses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (category_id, name_key, other_names_key, description_key, source_language, phone, website, logo_url, attribution, updated_at, closed_at, deleted_at) ON business.businesses TO pika_app;
GRANT SELECT ON business.businesses TO pika_public;
GRANT SELECT, UPDATE (status, possible_duplicate_of, updated_at, closed_at, deleted_at) ON business.businesses TO pika_support;
CREATE POLICY owner_all ON business.businesses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.businesses FOR SELECT TO pika_app
  USING ((status = 'verified' AND deleted_at IS NULL) OR id = (SELECT security.current_business_id()) OR owner_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON business.businesses FOR INSERT TO pika_app
  WITH CHECK (owner_id = (SELECT security.current_user_id()) AND status = 'pending');
CREATE POLICY app_update ON business.businesses FOR UPDATE TO pika_app
  USING (id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON business.businesses FOR SELECT TO pika_public
  USING (status = 'verified' AND deleted_at IS NULL);
CREATE POLICY support_select ON business.businesses FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON business.businesses FOR UPDATE TO pika_support USING (true);

ALTER TABLE business.locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON business.locations TO pika_app;
GRANT SELECT ON business.locations TO pika_public;
GRANT SELECT, UPDATE ON business.locations TO pika_support;
CREATE POLICY owner_all ON business.locations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.locations FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()) OR (deleted_at IS NULL AND EXISTS (SELECT FROM business.businesses b WHERE b.id = business_id)));
CREATE POLICY app_insert ON business.locations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON business.locations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON business.locations FOR SELECT TO pika_public
  USING (deleted_at IS NULL AND EXISTS (SELECT FROM business.businesses b WHERE b.id = business_id));
CREATE POLICY support_select ON business.locations FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON business.locations FOR UPDATE TO pika_support USING (true);

ALTER TABLE business.special_days ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON business.special_days TO pika_app;
GRANT SELECT ON business.special_days TO pika_public;
GRANT SELECT ON business.special_days TO pika_support;
CREATE POLICY owner_all ON business.special_days TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.special_days FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id));
CREATE POLICY app_insert ON business.special_days FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_update ON business.special_days FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_delete ON business.special_days FOR DELETE TO pika_app
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY public_select ON business.special_days FOR SELECT TO pika_public
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id));
CREATE POLICY support_select ON business.special_days FOR SELECT TO pika_support USING (true);

ALTER TABLE business.members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON business.members TO pika_app;
GRANT SELECT ON business.members TO pika_support;
CREATE POLICY owner_all ON business.members TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.members FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()) OR user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON business.members FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON business.members FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_delete ON business.members FOR DELETE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON business.members FOR SELECT TO pika_support USING (true);

ALTER TABLE business.invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON business.invitations TO pika_app;
GRANT SELECT (id, business_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at) ON business.invitations TO pika_support;
CREATE POLICY owner_all ON business.invitations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.invitations FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON business.invitations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON business.invitations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON business.invitations FOR SELECT TO pika_support USING (true);

GRANT SELECT ON business.public_locations TO pika_app, pika_public, pika_support;
-- end

-- sql/catalog/access.sql
-- drop: SELECT security.withdraw_access('catalog');
-- after: security/withdraw_access
-- access to catalog: Reference data: everybody reads, operators write.
GRANT USAGE ON SCHEMA catalog TO pika_app, pika_public, pika_support;

GRANT SELECT ON catalog.categories TO pika_app;
GRANT SELECT ON catalog.categories TO pika_public;
GRANT SELECT, INSERT, UPDATE ON catalog.categories TO pika_support;

GRANT SELECT ON catalog.currencies TO pika_app;
GRANT SELECT ON catalog.currencies TO pika_public;
GRANT SELECT ON catalog.currencies TO pika_support;

GRANT SELECT ON catalog.markets TO pika_app;
GRANT SELECT ON catalog.markets TO pika_public;
GRANT SELECT, INSERT, UPDATE ON catalog.markets TO pika_support;
-- end

-- sql/i18n/access.sql
-- drop: SELECT security.withdraw_access('i18n');
-- after: security/withdraw_access
-- access to i18n: Every text may be read; a business writes its own.
GRANT USAGE ON SCHEMA i18n TO pika_app, pika_public, pika_support;

GRANT SELECT ON i18n.languages TO pika_app;
GRANT SELECT ON i18n.languages TO pika_public;
GRANT SELECT, INSERT, UPDATE ON i18n.languages TO pika_support;

ALTER TABLE i18n.translations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON i18n.translations TO pika_app;
GRANT SELECT ON i18n.translations TO pika_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON i18n.translations TO pika_support;
CREATE POLICY owner_all ON i18n.translations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON i18n.translations FOR SELECT TO pika_app USING (true);
CREATE POLICY app_insert ON i18n.translations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON i18n.translations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_delete ON i18n.translations FOR DELETE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON i18n.translations FOR SELECT TO pika_public USING (true);
CREATE POLICY support_select ON i18n.translations FOR SELECT TO pika_support USING (true);
CREATE POLICY support_insert ON i18n.translations FOR INSERT TO pika_support WITH CHECK (true);
CREATE POLICY support_update ON i18n.translations FOR UPDATE TO pika_support USING (true);
CREATE POLICY support_delete ON i18n.translations FOR DELETE TO pika_support USING (true);
-- end

-- sql/identity/access.sql
-- drop: SELECT security.withdraw_access('identity');
-- after: security/withdraw_access
-- access to identity: Credentials are for nobody but their person: support sees sessions and keys without their secrets, and ends them. Looking somebody up by a secret is for functions of their own.
GRANT USAGE ON SCHEMA identity TO pika_app, pika_support;

ALTER TABLE identity.credentials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.credentials TO pika_app;
CREATE POLICY owner_all ON identity.credentials TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.credentials FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.credentials FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.credentials FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.email_links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.email_links TO pika_app;
CREATE POLICY owner_all ON identity.email_links TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.email_links FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.email_links FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.email_links FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.totp_factors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.totp_factors TO pika_app;
CREATE POLICY owner_all ON identity.totp_factors TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.totp_factors FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.totp_factors FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.totp_factors FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON identity.totp_factors FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.backup_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.backup_codes TO pika_app;
CREATE POLICY owner_all ON identity.backup_codes TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.backup_codes FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.backup_codes FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.backup_codes FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON identity.backup_codes FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.sessions TO pika_app;
GRANT SELECT, UPDATE (revoked_at, revoke_reason) ON identity.sessions TO pika_support;
CREATE POLICY owner_all ON identity.sessions TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.sessions FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.sessions FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.sessions FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON identity.sessions FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON identity.sessions FOR UPDATE TO pika_support USING (true);

ALTER TABLE identity.refresh_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.refresh_tokens TO pika_app;
CREATE POLICY owner_all ON identity.refresh_tokens TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.refresh_tokens FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM identity.sessions s WHERE s.id = session_id AND s.user_id = (SELECT security.current_user_id())));
CREATE POLICY app_insert ON identity.refresh_tokens FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM identity.sessions s WHERE s.id = session_id AND s.user_id = (SELECT security.current_user_id())));
CREATE POLICY app_update ON identity.refresh_tokens FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM identity.sessions s WHERE s.id = session_id AND s.user_id = (SELECT security.current_user_id())));

ALTER TABLE identity.role_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON identity.role_grants TO pika_app;
GRANT SELECT, INSERT, DELETE ON identity.role_grants TO pika_support;
CREATE POLICY owner_all ON identity.role_grants TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.role_grants FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON identity.role_grants FOR SELECT TO pika_support USING (true);
CREATE POLICY support_insert ON identity.role_grants FOR INSERT TO pika_support
  WITH CHECK ((SELECT security.has_role('admin')));
CREATE POLICY support_delete ON identity.role_grants FOR DELETE TO pika_support
  USING ((SELECT security.has_role('admin')));

ALTER TABLE identity.api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.api_keys TO pika_app;
GRANT SELECT (id, business_id, created_by, name, prefix, scopes, allowed_origins, created_at, expires_at, last_used_at, revoked_at), UPDATE (revoked_at) ON identity.api_keys TO pika_support;
CREATE POLICY owner_all ON identity.api_keys TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.api_keys FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON identity.api_keys FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON identity.api_keys FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON identity.api_keys FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON identity.api_keys FOR UPDATE TO pika_support USING (true);
-- end

-- sql/marketplace/access.sql
-- drop: SELECT security.withdraw_access('marketplace');
-- after: security/withdraw_access
-- access to marketplace: The public sees published vouchers; a business its own; a consumer what they claimed. Ledgers and counters are written by functions alone.
GRANT USAGE ON SCHEMA marketplace TO pika_app, pika_public, pika_support;

GRANT SELECT ON marketplace.cards TO pika_app;
GRANT SELECT ON marketplace.cards TO pika_public;
GRANT SELECT ON marketplace.cards TO pika_support;

GRANT SELECT ON marketplace.location_facets TO pika_app;
GRANT SELECT ON marketplace.location_facets TO pika_public;
GRANT SELECT ON marketplace.location_facets TO pika_support;

GRANT SELECT ON marketplace.search_words TO pika_app;
GRANT SELECT ON marketplace.search_words TO pika_public;

ALTER TABLE marketplace.vouchers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON marketplace.vouchers TO pika_app;
GRANT SELECT ON marketplace.vouchers TO pika_public;
GRANT SELECT, UPDATE (state, updated_at) ON marketplace.vouchers TO pika_support;
CREATE POLICY owner_all ON marketplace.vouchers TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.vouchers FOR SELECT TO pika_app
  USING ((state = 'published' AND deleted_at IS NULL) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.vouchers FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON marketplace.vouchers FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON marketplace.vouchers FOR SELECT TO pika_public
  USING (state = 'published' AND deleted_at IS NULL);
CREATE POLICY support_select ON marketplace.vouchers FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON marketplace.vouchers FOR UPDATE TO pika_support USING (true);

ALTER TABLE marketplace.voucher_locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON marketplace.voucher_locations TO pika_app;
GRANT SELECT ON marketplace.voucher_locations TO pika_public;
GRANT SELECT ON marketplace.voucher_locations TO pika_support;
CREATE POLICY owner_all ON marketplace.voucher_locations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_locations FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id));
CREATE POLICY app_insert ON marketplace.voucher_locations FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id()))
    AND EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_delete ON marketplace.voucher_locations FOR DELETE TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY public_select ON marketplace.voucher_locations FOR SELECT TO pika_public
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id));
CREATE POLICY support_select ON marketplace.voucher_locations FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaigns ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON marketplace.campaigns TO pika_app;
GRANT SELECT ON marketplace.campaigns TO pika_support;
CREATE POLICY owner_all ON marketplace.campaigns TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaigns FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.campaigns FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON marketplace.campaigns FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.campaigns FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.voucher_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON marketplace.voucher_codes TO pika_app;
CREATE POLICY owner_all ON marketplace.voucher_codes TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_codes FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_insert ON marketplace.voucher_codes FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_update ON marketplace.voucher_codes FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));

ALTER TABLE marketplace.claims ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (state, updated_at) ON marketplace.claims TO pika_app;
GRANT SELECT ON marketplace.claims TO pika_support;
CREATE POLICY owner_all ON marketplace.claims TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.claims FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_insert ON marketplace.claims FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON marketplace.claims FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.claims FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.holds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (released_at) ON marketplace.holds TO pika_app;
GRANT SELECT ON marketplace.holds TO pika_support;
CREATE POLICY owner_all ON marketplace.holds TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.holds FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON marketplace.holds FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON marketplace.holds FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.holds FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.redemptions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.redemptions TO pika_app;
GRANT SELECT ON marketplace.redemptions TO pika_support;
CREATE POLICY owner_all ON marketplace.redemptions TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.redemptions FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.redemptions FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.attempts TO pika_app;
GRANT SELECT ON marketplace.attempts TO pika_support;
CREATE POLICY owner_all ON marketplace.attempts TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.attempts FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.attempts FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.voucher_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.voucher_counters TO pika_app;
GRANT SELECT ON marketplace.voucher_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.voucher_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.voucher_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.location_day_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.location_day_counters TO pika_app;
GRANT SELECT ON marketplace.location_day_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.location_day_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.location_day_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.location_day_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaign_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.campaign_counters TO pika_app;
GRANT SELECT ON marketplace.campaign_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.campaign_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaign_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.campaigns c WHERE c.id = campaign_id AND c.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.campaign_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.user_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.user_counters TO pika_app;
GRANT SELECT ON marketplace.user_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.user_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.user_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.user_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.user_day_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.user_day_counters TO pika_app;
GRANT SELECT ON marketplace.user_day_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.user_day_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.user_day_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.user_day_counters FOR SELECT TO pika_support USING (true);
-- end

-- sql/security/access.sql
-- drop: SELECT security.withdraw_access('security');
-- after: security/withdraw_access
-- access to security: What protects everybody is written by the apps and read by functions.
GRANT USAGE ON SCHEMA security TO pika_app;

GRANT INSERT ON security.login_attempts TO pika_app;
-- end

-- sql/users/access.sql
-- drop: SELECT security.withdraw_access('users');
-- after: security/withdraw_access
-- access to users: A person sees and changes what is theirs; support sees all and may suspend.
GRANT USAGE ON SCHEMA users TO pika_app, pika_support;

ALTER TABLE users.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (email, display_name, language_code, updated_at, deleted_at) ON users.users TO pika_app;
GRANT SELECT, UPDATE (state, updated_at, deleted_at) ON users.users TO pika_support;
CREATE POLICY owner_all ON users.users TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.users FOR SELECT TO pika_app USING (id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.users FOR INSERT TO pika_app
  WITH CHECK (id = (SELECT security.current_user_id()) AND state = 'active');
CREATE POLICY app_update ON users.users FOR UPDATE TO pika_app USING (id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.users FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON users.users FOR UPDATE TO pika_support USING (true);

ALTER TABLE users.addresses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON users.addresses TO pika_app;
GRANT SELECT ON users.addresses TO pika_support;
CREATE POLICY owner_all ON users.addresses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.addresses FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.addresses FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON users.addresses FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON users.addresses FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.addresses FOR SELECT TO pika_support USING (true);

ALTER TABLE users.preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON users.preferences TO pika_app;
GRANT SELECT ON users.preferences TO pika_support;
CREATE POLICY owner_all ON users.preferences TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.preferences FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.preferences FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON users.preferences FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.preferences FOR SELECT TO pika_support USING (true);
-- end

-- comments of analytics
-- drop: COMMENT ON TYPE "analytics"."event_type" IS NULL; COMMENT ON TABLE "analytics"."events" IS NULL;
COMMENT ON TYPE "analytics"."event_type" IS 'The steps of the funnel.';
COMMENT ON TABLE "analytics"."events" IS 'What happened to vouchers, counted by the funnel. Without foreign keys: it outlives what it counts. `weight` is how many events a sampled row stands for.';
-- end

-- comments of audit
-- drop: COMMENT ON TYPE "audit"."operation" IS NULL; COMMENT ON TABLE "audit"."entries" IS NULL; COMMENT ON TABLE "audit"."sealed_entries" IS NULL; COMMENT ON TABLE "audit"."seals" IS NULL; COMMENT ON TABLE "audit"."archives" IS NULL;
COMMENT ON TYPE "audit"."operation" IS 'What happened to a row, or to a whole table; `attach` and `detach` begin and end its audit.';
COMMENT ON TABLE "audit"."entries" IS 'One write of one row, or one TRUNCATE of one table; partitioned by month of `recordedAt`. Append-only. `rowKey` is the primary key after the write, `formerKey` the one before where the write changed it. `changes` is `{"old": {…}, "new": {…}, "secret": [columns], "hashed": {…}, "personal": {…}}`; of an update, the changed columns alone. It is json, not jsonb, so that its text, which is sealed, is kept as it was written. `attach` and `detach` say from when and until when a table is audited; what it held at `attach` follows as inserts.';
COMMENT ON TABLE "audit"."sealed_entries" IS 'The hash chain: the sealed entries in the order (transactionId, entryId), without a gap from position 1 on. `rowHash` is the SHA-256 of the entry''s canonical form, `chainHash` that of the chain hash before and the row hash.';
COMMENT ON TABLE "audit"."seals" IS 'One run of the sealer that found something; `root` is the chain hash at `lastPosition`. Number 0 is the beginning, and the row that a sealer locks.';
COMMENT ON TABLE "audit"."archives" IS 'Months whose entries were detached to be kept elsewhere; their hashes stay in the chain.';
-- end

-- comments of business
-- drop: COMMENT ON TYPE "business"."member_role" IS NULL; COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TYPE "business"."member_role" IS 'From the most to the least that a member may do.';
COMMENT ON TYPE "business"."business_status" IS 'Only verified businesses are seen by the public.';
COMMENT ON TABLE "business"."businesses" IS 'A merchant. `sourceId` is the identity at the place the row was imported from, such as `osm:node/442030367`. `otherNamesKey` leads to names that are searched and not shown. `closedAt`: gone for good, kept for who remembers it.';
COMMENT ON TABLE "business"."locations" IS 'A branch. `weeklyHours` holds minutes of the local week, Monday 00:00 = 0, Sunday 24:00 = 10080; NULL where unknown. `hoursText` is how the source wrote them.';
COMMENT ON TABLE "business"."special_days" IS 'What replaces the weekly hours on one local date: minutes of that day, 0 to 1440; empty means closed all day.';
COMMENT ON TABLE "business"."members" IS 'Who works for a business. A redeemer may redeem at the counter, a manager may change offers, an owner everything.';
COMMENT ON TABLE "business"."invitations" IS 'An offer of membership to an e-mail address. Only the SHA-256 of its token is kept.';
-- end

-- comments of i18n
-- drop: COMMENT ON TYPE "i18n"."text_direction" IS NULL; COMMENT ON TABLE "i18n"."languages" IS NULL; COMMENT ON TABLE "i18n"."translations" IS NULL; COMMENT ON COLUMN "i18n"."translations"."source_hash" IS NULL; COMMENT ON COLUMN "i18n"."translations"."business_id" IS NULL;
COMMENT ON TYPE "i18n"."text_direction" IS 'How a language is written.';
COMMENT ON TABLE "i18n"."languages" IS 'A language content can be written in. `chain` is what a reader of this language alone is shown, in order; it is computed by `languageChainOf` of @pika/shared and stored so that SQL can apply it.';
COMMENT ON TABLE "i18n"."translations" IS 'One text in one language. Entities hold keys, never texts.';
COMMENT ON COLUMN "i18n"."translations"."source_hash" IS 'SHA-256 of the source text that was translated: another one there now means that this is stale.';
COMMENT ON COLUMN "i18n"."translations"."business_id" IS 'Whose text it is, kept by a trigger; NULL for the platform''s own and while no entity holds the key.';
-- end

-- comments of identity
-- drop: COMMENT ON TYPE "identity"."email_link_purpose" IS NULL; COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "identity"."email_link_purpose" IS 'What following a link proves or allows.';
COMMENT ON TYPE "identity"."platform_role" IS 'Operators; everybody is a consumer, and businesses have members.';
COMMENT ON TABLE "identity"."credentials" IS 'How a person logs in. `emailVerifiedAt` is NULL until the link was followed.';
COMMENT ON COLUMN "identity"."credentials"."password_hash" IS 'argon2id in PHC string format.';
COMMENT ON TABLE "identity"."email_links" IS 'A link that was sent by e-mail and works once. Only the SHA-256 of its token is kept.';
COMMENT ON TABLE "identity"."totp_factors" IS 'The second factor of a person (RFC 6238). `lastUsedStep` refuses a code that was used already.';
COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS 'AES-256-GCM under a key from the environment.';
COMMENT ON TABLE "identity"."backup_codes" IS 'Ten codes for who lost the second factor, each good once.';
COMMENT ON TABLE "identity"."sessions" IS 'One device that is logged in: the family of its refresh tokens.';
COMMENT ON TABLE "identity"."refresh_tokens" IS '`successorId` is the token it was exchanged for; a second exchange later than the grace revokes the session.';
COMMENT ON TABLE "identity"."role_grants" IS 'What a person may do beyond being a consumer; membership of businesses is `business.members`.';
COMMENT ON TABLE "identity"."api_keys" IS 'A secret of a business''s own programs, shown once. `prefix` is its public beginning, by which it is found.';
COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS 'SHA-256; the secret has 256 bits of its own.';
COMMENT ON TABLE "identity"."signing_keys" IS 'Keys that sign access tokens. Verifiers accept a key from `publishedAt` on, tokens are signed with it from `activeFrom` on, and it is forgotten after `retiresAt`.';
COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS 'AES-256-GCM under a key from the environment.';
-- end

-- comments of marketplace
-- drop: COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "marketplace"."voucher_state" IS 'Where an offer is in its life; the trigger `vouchers_state_transition` lists the ways.';
COMMENT ON TYPE "marketplace"."discount_type" IS 'What is given; each type has one value column.';
COMMENT ON TYPE "marketplace"."code_kind" IS 'How a code is read: scanned, typed, or printed once for everybody.';
COMMENT ON TYPE "marketplace"."claim_state" IS 'What became of a voucher in a wallet.';
COMMENT ON TYPE "marketplace"."redemption_kind" IS 'A rollback is an entry of its own.';
COMMENT ON TYPE "marketplace"."channel" IS 'Through what somebody tried to redeem.';
COMMENT ON TABLE "marketplace"."vouchers" IS 'An offer. Exactly one value column is set, the one of its discount type. Amounts are minor units of `currency`. `validFrom` and `validUntil` are local dates at the redeeming location; `validUntil` is inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS 'Inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS 'Minutes of the local week, as business.locations.weekly_hours; NULL: always.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS 'Days a claim lives from the moment it was made; NULL: as long as the voucher.';
COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS 'Sum of discounts at most, in minor units of the currency.';
COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS 'Vouchers of one group may be combined; NULL: this one stands alone.';
COMMENT ON COLUMN "marketplace"."vouchers"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "marketplace"."voucher_locations" IS 'Where a voucher can be redeemed.';
COMMENT ON TABLE "marketplace"."cards" IS 'Read model, kept by triggers: one published voucher at one of its locations, with its texts ready to show. `texts` maps an active language to [inside of a JSON object, deepest place of its chain used, languages used]; `facts` continues that object with what the location''s time zone decides. `cards_walk_idx` holds all that the search decides by, so that it reads no card that it does not show. `search` holds words as `<language>:<lexeme>` and grid cells as `@<level>:<x>,<y>,<z>`.';
COMMENT ON TABLE "marketplace"."location_facets" IS 'Read model, kept by triggers: a location with cards stands here once under the root facet (the nil UUID), once under its business, and once under each category of its cards and the ancestors of these.';
COMMENT ON TABLE "marketplace"."search_words" IS 'The words that cards contain, for spelling correction; `frequency` is the part of all cards that hold the word, 0 for all but the commonest.';
COMMENT ON TABLE "marketplace"."stale_vouchers" IS 'Vouchers whose cards wait to be recomputed, because one change touched too many of them for one request.';
COMMENT ON TABLE "marketplace"."campaigns" IS 'Vouchers that share limits. `startsAt` is inclusive, `endsAt` is not.';
COMMENT ON TABLE "marketplace"."voucher_codes" IS 'What is shown or typed at the counter to redeem a voucher that nobody has claimed.';
COMMENT ON TABLE "marketplace"."claims" IS 'A voucher in somebody''s wallet. `sourceId` tells apart claims of the same voucher by the same person; `expiresAt` was fixed when it was claimed.';
COMMENT ON TABLE "marketplace"."holds" IS 'A short reservation. It counts until `expiresAt`, whether or not anybody has swept it away.';
COMMENT ON TABLE "marketplace"."redemptions" IS 'The ledger: one row for each redemption, and one more that reverses it where it was rolled back. Rows are never changed. `userId` is whose limits it counted against, `staffId` who scanned; `localDay` is the date at the location.';
COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS 'Negative in a rollback.';
COMMENT ON TABLE "marketplace"."attempts" IS 'Every try to redeem, refused ones too. `violations` lists the codes of the rules that refused it.';
COMMENT ON TABLE "marketplace"."voucher_counters" IS 'How much of a voucher''s limits is used. `usedCount` can never pass `limitTotal`, whoever asks.';
COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS 'Copied from the voucher, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."campaign_counters" IS 'How much of a campaign''s limits its vouchers have used together.';
COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS 'Copied from the campaign, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."user_counters" IS 'How often a person has redeemed a voucher.';
COMMENT ON TABLE "marketplace"."user_day_counters" IS 'How often a person has redeemed a voucher on a local day.';
COMMENT ON TABLE "marketplace"."location_day_counters" IS 'How often a voucher was redeemed at a location on its local day.';
-- end

-- comments of public
-- drop: COMMENT ON TABLE "public"."data_migrations" IS NULL; COMMENT ON COLUMN "public"."data_migrations"."name" IS NULL; COMMENT ON COLUMN "public"."data_migrations"."cursor" IS NULL; COMMENT ON COLUMN "public"."data_migrations"."rows_done" IS NULL; COMMENT ON COLUMN "public"."data_migrations"."finished_at" IS NULL; COMMENT ON TABLE "public"."outbox_events" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."id" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."aggregate_type" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."type" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."request_id" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."occurred_at" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."available_at" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."attempts" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."last_error" IS NULL; COMMENT ON COLUMN "public"."outbox_events"."parked_at" IS NULL; COMMENT ON TABLE "public"."consumed_events" IS NULL; COMMENT ON COLUMN "public"."consumed_events"."consumer" IS NULL; COMMENT ON COLUMN "public"."consumed_events"."event_id" IS NULL;
COMMENT ON TABLE "public"."data_migrations" IS 'How far the data.sql of each migration has come. `cursor` is what its last batch answered; see docs/migrations.md.';
COMMENT ON COLUMN "public"."data_migrations"."name" IS 'The folder of the migration.';
COMMENT ON COLUMN "public"."data_migrations"."cursor" IS 'What the last batch answered and the next one is given; NULL before the first and after the last.';
COMMENT ON COLUMN "public"."data_migrations"."rows_done" IS 'Rows of all batches so far, as data.sql counts them.';
COMMENT ON COLUMN "public"."data_migrations"."finished_at" IS 'When a batch answered no cursor; later migrations wait for that.';
COMMENT ON TABLE "public"."outbox_events" IS 'Events for other parts of the system, written in the transaction of the change they tell of and delivered at least once, in the order of commits per aggregate. `number_outbox_event` gives ids and `available_at`.';
COMMENT ON COLUMN "public"."outbox_events"."id" IS 'Given by a trigger under a lock of the aggregate: within one aggregate in the order of commits';
COMMENT ON COLUMN "public"."outbox_events"."aggregate_type" IS 'What kind of thing the event is about; with aggregate_id the unit of order';
COMMENT ON COLUMN "public"."outbox_events"."type" IS 'What happened, dotted: voucher.redeemed';
COMMENT ON COLUMN "public"."outbox_events"."request_id" IS 'The request that caused it';
COMMENT ON COLUMN "public"."outbox_events"."occurred_at" IS 'When the transaction began that wrote it';
COMMENT ON COLUMN "public"."outbox_events"."available_at" IS 'From when on a dispatcher may take it; in the future while one has it or after a failure; NULL while an earlier event of its aggregate waits, or when parked or delivered';
COMMENT ON COLUMN "public"."outbox_events"."attempts" IS 'How often it was given to a dispatcher; the present number is that dispatcher''s proof that it still holds the event';
COMMENT ON COLUMN "public"."outbox_events"."last_error" IS 'What the last failed attempt said';
COMMENT ON COLUMN "public"."outbox_events"."parked_at" IS 'Too many attempts failed: it waits for public.release_outbox_event, and its aggregate with it; with delivered_at: it was skipped';
COMMENT ON TABLE "public"."consumed_events" IS 'What a consumer has done already: a row stands here if and only if the effect of that event is committed.';
COMMENT ON COLUMN "public"."consumed_events"."consumer" IS 'Name of the effect, the same for ever';
COMMENT ON COLUMN "public"."consumed_events"."event_id" IS 'Of public.outbox_events, which may be pruned sooner';
-- end

-- comments of security
-- drop: COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL;
COMMENT ON TYPE "security"."login_outcome" IS 'How a try to log in ended.';
COMMENT ON TABLE "security"."login_attempts" IS 'Every try to log in, by the hash of the e-mail address that was given: the ground of lockouts.';
COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS 'HMAC-SHA-256 under a key from the environment.';
COMMENT ON TABLE "security"."subject_keys" IS 'The key that a person''s values are sealed with in the audit log. Erasing a person destroys it: `key` is then NULL.';
COMMENT ON TABLE "security"."hash_keys" IS 'Keys of keyed hashes, by purpose; whoever has one can guess at the values that were hashed with it.';
-- end

-- comments of users
-- drop: COMMENT ON TYPE "users"."user_state" IS NULL; COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TYPE "users"."user_state" IS '`erased` is the end: what told who it was is gone.';
COMMENT ON TABLE "users"."users" IS 'A person who can own a business or hold vouchers. Credentials belong to `identity`.';
COMMENT ON COLUMN "users"."users"."email" IS 'In lower case.';
COMMENT ON COLUMN "users"."users"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "users"."addresses" IS 'Where a person lives or works, in their own words; the position is theirs to give.';
COMMENT ON TABLE "users"."preferences" IS 'What a person wants to be told of by e-mail. The language is that of `users.users`.';
-- end
