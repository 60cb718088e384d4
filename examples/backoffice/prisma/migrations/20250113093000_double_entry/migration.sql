CREATE TYPE "financial"."TransactionKind" AS ENUM ('INVOICE', 'PAYMENT');

CREATE TABLE "financial"."transactions" (
    "id" UUID NOT NULL,
    "kind" "financial"."TransactionKind" NOT NULL,
    "client_id" UUID NOT NULL,
    "invoice_id" UUID,
    "payment_id" UUID,
    "description" VARCHAR(400) NOT NULL,
    "booked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transactions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "financial"."entries" (
    "transaction_id" UUID NOT NULL,
    "line" SMALLINT NOT NULL,
    "account_id" UUID NOT NULL,
    "amount" DECIMAL(14,2) NOT NULL,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("transaction_id","line")
);

CREATE UNIQUE INDEX "transactions_invoice_id_key" ON "financial"."transactions"("invoice_id");

CREATE UNIQUE INDEX "transactions_payment_id_key" ON "financial"."transactions"("payment_id");

CREATE INDEX "entries_account_id_transaction_id_idx" ON "financial"."entries"("account_id", "transaction_id");

ALTER TABLE "financial"."transactions" ADD CONSTRAINT "transactions_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "financial"."clients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."transactions" ADD CONSTRAINT "transactions_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "financial"."invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."transactions" ADD CONSTRAINT "transactions_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "financial"."payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."entries" ADD CONSTRAINT "entries_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "financial"."transactions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."entries" ADD CONSTRAINT "entries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "financial"."accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."transactions" ADD CONSTRAINT "transactions_source_check" CHECK (
    CASE "kind"
        WHEN 'INVOICE' THEN "invoice_id" IS NOT NULL AND "payment_id" IS NULL
        WHEN 'PAYMENT' THEN "payment_id" IS NOT NULL AND "invoice_id" IS NULL
    END
);

ALTER TABLE "financial"."entries" ADD CONSTRAINT "entries_amount_check" CHECK ("amount" <> 0);

-- Double entry. Looked at when the database transaction commits, since entries come one after the other.
CREATE FUNCTION "financial"."entries_balance"() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    touched uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.transaction_id ELSE NEW.transaction_id END;
    difference numeric := (SELECT sum(amount) FROM financial.entries WHERE transaction_id = touched);
BEGIN
    IF difference <> 0 THEN
        RAISE EXCEPTION 'the entries of transaction % do not balance: they sum to %', touched, difference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_balance', SCHEMA = 'financial', TABLE = 'entries';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER "entries_balance"
AFTER INSERT OR UPDATE OR DELETE ON "financial"."entries"
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION "financial"."entries_balance"();

-- Entries move to no other transaction: that one could be left out of balance unseen.
CREATE FUNCTION "financial"."entries_stay"() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION 'an entry cannot be moved to another transaction'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_stay', SCHEMA = 'financial', TABLE = 'entries';
END
$$;

CREATE TRIGGER "entries_stay"
BEFORE UPDATE OF "transaction_id" ON "financial"."entries"
FOR EACH ROW WHEN (OLD."transaction_id" <> NEW."transaction_id") EXECUTE FUNCTION "financial"."entries_stay"();

CREATE VIEW "financial"."account_balances" AS
SELECT a."id" AS "account_id",
       a."kind",
       a."currency",
       coalesce(sum(e."amount"), 0)::numeric(20, 2) AS "balance"
FROM "financial"."accounts" AS a
LEFT JOIN "financial"."entries" AS e ON e."account_id" = a."id"
GROUP BY a."id";
