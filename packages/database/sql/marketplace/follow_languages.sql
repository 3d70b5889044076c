-- drop: DROP TRIGGER languages_inserted ON i18n.languages; DROP TRIGGER languages_updated ON i18n.languages; DROP FUNCTION marketplace.follow_languages();
-- marketplace.follow_languages: a language that is switched on or off, shown by another chain or stemmed otherwise
-- changes every card: all published vouchers are queued.
CREATE OR REPLACE FUNCTION marketplace.follow_languages() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM new_rows n WHERE n.is_active OR n.is_default) THEN
      RETURN NULL;
    END IF;
  ELSIF NOT EXISTS (
    SELECT FROM new_rows n JOIN old_rows o USING (code)
    WHERE (n.chain, n.match_length, n.text_search_config, n.is_active, n.is_default)
      IS DISTINCT FROM (o.chain, o.match_length, o.text_search_config, o.is_active, o.is_default)
  ) THEN
    RETURN NULL;
  END IF;
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
