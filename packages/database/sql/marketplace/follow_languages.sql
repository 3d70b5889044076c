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
