-- The service's role; where roles.sql was never run it is made here, unable to log in.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backoffice_trading_svc') THEN
        BEGIN
            CREATE ROLE backoffice_trading_svc;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- Roles belong to the server: a deploy of another database came first.
        END;
    END IF;
    -- `pgready wait` reads the history, which is there once pgready has made it.
    IF to_regclass('trading_svc._prisma_migrations') IS NOT NULL THEN
        GRANT SELECT ON trading_svc._prisma_migrations TO backoffice_trading_svc;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA trading_svc TO backoffice_trading_svc;
GRANT SELECT, INSERT ON trading_svc.quotes TO backoffice_trading_svc;
GRANT SELECT ON trading_svc.latest_quotes TO backoffice_trading_svc;
