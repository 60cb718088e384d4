CREATE TYPE "financial"."InvoiceStatus" AS ENUM ('DRAFT', 'OPEN', 'PAID', 'OVERDUE');

CREATE TABLE "financial"."invoice" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "number" TEXT NOT NULL,
    "status" "financial"."InvoiceStatus" NOT NULL DEFAULT 'DRAFT',
    "issued_at" TIMESTAMP(3) NOT NULL,
    "due_on" DATE NOT NULL,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "financial"."invoice_line" (
    "invoice_id" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price" DECIMAL(14,2) NOT NULL,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("invoice_id","line")
);

CREATE UNIQUE INDEX "invoice_number_key" ON "financial"."invoice"("number");

ALTER TABLE "financial"."invoice" ADD CONSTRAINT "invoice_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "financial"."invoice_line" ADD CONSTRAINT "invoice_line_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "financial"."invoice"("id") ON DELETE CASCADE ON UPDATE CASCADE;
