-- Once for each server and database, by an administrator connected to the back office's (new, empty) database:
--
--     psql -v ON_ERROR_STOP=1 -f roles.sql          or: pgready db execute --url ADMIN_URL --file roles.sql
--
-- It may be run again. One role owns and migrates; each service has a role of its own that can do neither. Passwords are
-- given apart from this file (`python -m backoffice.roles` reads them from the environment): it is committed.
-- What each service may do with which table is in the migrations, beside the tables.
DO $$
DECLARE
    owner CONSTANT text := 'backoffice_owner';
    trading_owner CONSTANT text := 'backoffice_trading_owner';
    services CONSTANT text[] := ARRAY[
        'backoffice_ledger_api', 'backoffice_tagging_api', 'backoffice_trading_svc',
        'backoffice_worker_financial', 'backoffice_worker_trading', 'backoffice_statements'
    ];
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[owner, trading_owner] || services LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name);
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
        -- Instants are kept with their zone; sessions that show them in UTC leave nothing to misread.
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET timezone = %L', name, current_database(), 'UTC');
    END LOOP;
    FOREACH name IN ARRAY services LOOP
        -- A page takes milliseconds. Whoever takes longer is in others' way.
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %L', name, current_database(), '15s');
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', name, current_database(), '30s');
    END LOOP;

    -- Nobody else connects, and nobody but the owners makes anything, temporary tables included.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('ALTER DATABASE %I OWNER TO %I', current_database(), owner);
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    EXECUTE format('ALTER SCHEMA public OWNER TO %I', owner);

    -- trading-svc keeps a schema and a history of its own.
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS trading_svc AUTHORIZATION %I', trading_owner);
END
$$;
