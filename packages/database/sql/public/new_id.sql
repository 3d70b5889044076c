-- drop: DROP FUNCTION public.new_id(timestamptz);
-- public.new_id: a UUID of version 7 (RFC 9562) of that millisecond, as the apps make them.
CREATE OR REPLACE FUNCTION public.new_id(p_at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE SET search_path = '' AS $$
  SELECT (
    lpad(to_hex(floor(extract(epoch FROM p_at) * 1000)::bigint), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid
$$;
