CREATE TYPE "financial"."InvoiceStatus" AS ENUM ('DRAFT', 'ISSUED', 'PAID', 'VOID');

CREATE TABLE "financial"."invoices" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "number" VARCHAR(40) NOT NULL,
    "status" "financial"."InvoiceStatus" NOT NULL DEFAULT 'DRAFT',
    "currency" CHAR(3) NOT NULL,
    "due_on" DATE NOT NULL,
    "issued_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "financial"."invoice_lines" (
    "invoice_id" UUID NOT NULL,
    "line" SMALLINT NOT NULL,
    "description" VARCHAR(400) NOT NULL,
    "quantity" DECIMAL(12,3) NOT NULL,
    "unit_price" DECIMAL(14,2) NOT NULL,

    CONSTRAINT "invoice_lines_pkey" PRIMARY KEY ("invoice_id","line")
);

CREATE UNIQUE INDEX "invoices_number_key" ON "financial"."invoices"("number");

ALTER TABLE "financial"."invoices" ADD CONSTRAINT "invoices_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "financial"."clients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "financial"."invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "financial"."invoices"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "financial"."invoices" ADD CONSTRAINT "invoices_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "financial"."invoices" ADD CONSTRAINT "invoices_issued_at_check" CHECK ("status" IN ('DRAFT', 'VOID') OR "issued_at" IS NOT NULL);
ALTER TABLE "financial"."invoice_lines" ADD CONSTRAINT "invoice_lines_quantity_check" CHECK ("quantity" > 0);
ALTER TABLE "financial"."invoice_lines" ADD CONSTRAINT "invoice_lines_unit_price_check" CHECK ("unit_price" >= 0);
