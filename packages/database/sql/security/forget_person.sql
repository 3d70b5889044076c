-- drop: DROP FUNCTION security.forget_person(uuid, text, uuid[]);
-- security.forget_person: for identity.erase_person: the answers kept under the person's own idempotency keys go. Those of
-- who invited them stay, so that an invitation sent again still has no second effect, with the address that
-- business.forget_person leaves in the invitation. An operator who acted for somebody is a caller of their own.
CREATE OR REPLACE FUNCTION security.forget_person(p_user_id uuid, p_email text, p_inviter_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_inviters text[] := ARRAY(
    SELECT 'user:' || inviter.id::text FROM unnest(p_inviter_ids) AS inviter (id)
    UNION
    SELECT 'user:' || acted.user_id::text || ' by user:' || acted.impersonated_by::text FROM identity.sessions acted
    WHERE acted.user_id = ANY (p_inviter_ids) AND acted.impersonated_by IS NOT NULL);
  v_own text[] := ARRAY(
    SELECT 'user:' || p_user_id::text
    UNION
    SELECT 'user:' || acted.user_id::text || ' by user:' || acted.impersonated_by::text FROM identity.sessions acted
    WHERE acted.user_id = p_user_id AND acted.impersonated_by IS NOT NULL);
  v_kept record;
  v_answer jsonb;
BEGIN
  DELETE FROM security.idempotency_keys kept WHERE kept.caller = ANY (v_own);
  FOR v_kept IN
    SELECT kept.created_on, kept.caller, kept.key, kept.body FROM security.idempotency_keys kept
    WHERE kept.caller = ANY (v_inviters) AND kept.operation = 'insertInvitation'
  LOOP
    v_answer := convert_from(v_kept.body, 'UTF8')::jsonb;
    CONTINUE WHEN v_answer ->> 'email' IS DISTINCT FROM p_email;
    UPDATE security.idempotency_keys kept
    SET body = convert_to((v_answer || jsonb_build_object('email', (v_answer ->> 'id') || '@erased.invalid'))::text, 'UTF8')
    WHERE kept.created_on = v_kept.created_on AND kept.caller = v_kept.caller
      AND kept.operation = 'insertInvitation' AND kept.key = v_kept.key;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION security.forget_person(uuid, text, uuid[]) FROM PUBLIC;
