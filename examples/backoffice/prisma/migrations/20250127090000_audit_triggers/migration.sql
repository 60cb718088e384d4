-- Who changed what, whoever does it: services have no right to write the log themselves.
CREATE FUNCTION "public"."write_audit_entry"() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    INSERT INTO public.audit_log ("actor", "relation", "record_id", "before", "after")
    VALUES (
        session_user,
        TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
        coalesce(NEW.id, OLD.id),
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER "invoices_audit"
AFTER UPDATE OF "status" OR DELETE ON "financial"."invoices"
FOR EACH ROW EXECUTE FUNCTION "public"."write_audit_entry"();

CREATE TRIGGER "payments_audit"
AFTER INSERT OR UPDATE OR DELETE ON "financial"."payments"
FOR EACH ROW EXECUTE FUNCTION "public"."write_audit_entry"();
