CREATE TYPE "financial"."PaymentMethod" AS ENUM ('TRANSFER', 'CARD', 'CASH');

CREATE TABLE "financial"."payments" (
    "id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "method" "financial"."PaymentMethod" NOT NULL,
    "amount" DECIMAL(14,2) NOT NULL,
    "reference" VARCHAR(80) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "payments_reference_key" ON "financial"."payments"("reference");

CREATE INDEX "payments_invoice_id_received_at_idx" ON "financial"."payments"("invoice_id", "received_at");

ALTER TABLE "financial"."payments" ADD CONSTRAINT "payments_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "financial"."invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."payments" ADD CONSTRAINT "payments_amount_check" CHECK ("amount" > 0);
