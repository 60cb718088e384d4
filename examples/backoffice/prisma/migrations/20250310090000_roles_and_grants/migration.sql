-- Least privilege: what each service needs, table by table, and nothing else. The roles are made by roles.sql, with
-- what they may be; where that was never run (a laptop, CI, a shadow database) they are made here, unable to log in.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'backoffice_ledger_api', 'backoffice_tagging_api', 'backoffice_trading_svc',
        'backoffice_worker_financial', 'backoffice_worker_trading', 'backoffice_statements'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- Roles belong to the server: a deploy of another database came first.
            END;
        END IF;
    END LOOP;

    -- `pgready wait` reads the history. Where Prisma replays this in its shadow database there is none.
    IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
        GRANT SELECT ON public._prisma_migrations TO
            backoffice_ledger_api, backoffice_tagging_api, backoffice_trading_svc,
            backoffice_worker_financial, backoffice_worker_trading, backoffice_statements;
    END IF;
END
$$;

-- ledger-api: clients, accounts, invoices and payments; it reads the books and never writes them.
GRANT USAGE ON SCHEMA financial, public TO backoffice_ledger_api;
GRANT SELECT, INSERT ON financial.clients, financial.accounts, financial.invoices, financial.invoice_lines, financial.payments TO backoffice_ledger_api;
GRANT UPDATE (status, issued_at, updated_at) ON financial.invoices TO backoffice_ledger_api;
GRANT SELECT ON financial.transactions, financial.entries, financial.account_balances, financial.receivables TO backoffice_ledger_api;

-- tagging-api: its own schema only. What is tagged it knows by kind and id.
GRANT USAGE ON SCHEMA tagging, public TO backoffice_tagging_api;
GRANT SELECT, INSERT, DELETE ON tagging.tags, tagging.taggings TO backoffice_tagging_api;

-- trading-svc: orders and fills; positions are the worker's.
GRANT USAGE ON SCHEMA trading, public TO backoffice_trading_svc;
GRANT SELECT, INSERT ON trading.instruments, trading.orders, trading.fills TO backoffice_trading_svc;
GRANT UPDATE (status) ON trading.orders TO backoffice_trading_svc;
GRANT SELECT ON trading.positions TO backoffice_trading_svc;

-- worker-financial: writes the books, marks what is paid and what is overdue.
GRANT USAGE ON SCHEMA financial, public TO backoffice_worker_financial;
GRANT SELECT ON financial.invoices, financial.payments TO backoffice_worker_financial;
GRANT UPDATE (status, updated_at) ON financial.invoices TO backoffice_worker_financial;
GRANT SELECT, INSERT ON financial.accounts, financial.transactions, financial.entries TO backoffice_worker_financial;

-- worker-trading: fills become positions.
GRANT USAGE ON SCHEMA trading, public TO backoffice_worker_trading;
GRANT SELECT ON trading.orders, trading.fills TO backoffice_worker_trading;
GRANT UPDATE (positioned_at) ON trading.fills TO backoffice_worker_trading;
GRANT SELECT, INSERT, UPDATE ON trading.positions TO backoffice_worker_trading;

-- statements: reads what a client is sent.
GRANT USAGE ON SCHEMA financial, public TO backoffice_statements;
GRANT SELECT ON financial.clients, financial.accounts, financial.invoices, financial.invoice_lines, financial.payments, financial.transactions, financial.entries, financial.account_balances TO backoffice_statements;

-- The job queue: services put jobs in, workers take them out. Its functions and triggers run with their caller's rights.
GRANT SELECT, INSERT ON public.procrastinate_jobs TO backoffice_ledger_api, backoffice_trading_svc;
GRANT INSERT ON public.procrastinate_events TO backoffice_ledger_api, backoffice_trading_svc;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON public.procrastinate_jobs, public.procrastinate_events, public.procrastinate_periodic_defers, public.procrastinate_workers
    TO backoffice_worker_financial, backoffice_worker_trading;
GRANT USAGE ON SEQUENCE public.procrastinate_jobs_id_seq, public.procrastinate_events_id_seq
    TO backoffice_ledger_api, backoffice_trading_svc, backoffice_worker_financial, backoffice_worker_trading;
GRANT USAGE ON SEQUENCE public.procrastinate_periodic_defers_id_seq TO backoffice_worker_financial, backoffice_worker_trading;
