-- table: i18n.translations
-- Whose texts those are that were written before translation_owner_expand.
WITH batch AS (
  SELECT t.key, t.language_code, t.domain, t.business_id
  FROM i18n.translations t
  WHERE (t.key, t.language_code) > (coalesce($1::jsonb ->> 'key', ''), coalesce($1::jsonb ->> 'languageCode', ''))
  ORDER BY t.key, t.language_code
  LIMIT $2::int
),
owned AS (
  SELECT batch.key, batch.language_code, b.id AS business_id
  FROM batch JOIN business.businesses b ON batch.key IN (b.name_key, b.other_names_key, b.description_key)
  WHERE batch.domain = 'business' AND batch.business_id IS NULL
  UNION ALL
  SELECT batch.key, batch.language_code, v.business_id
  FROM batch JOIN marketplace.vouchers v ON batch.key IN (v.title_key, v.description_key, v.terms_key)
  WHERE batch.domain = 'voucher' AND batch.business_id IS NULL
),
updated AS (
  UPDATE i18n.translations t SET business_id = owned.business_id
  FROM owned WHERE t.key = owned.key AND t.language_code = owned.language_code
)
SELECT
  CASE WHEN count(*) = $2::int THEN (
    SELECT jsonb_build_object('key', last.key, 'languageCode', last.language_code)
    FROM batch AS last ORDER BY last.key DESC, last.language_code DESC LIMIT 1
  ) END AS cursor,
  count(*)::int AS rows
FROM batch;
