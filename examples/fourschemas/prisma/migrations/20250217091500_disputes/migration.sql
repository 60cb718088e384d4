CREATE TABLE "financial"."dispute" (
    "invoice_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "opened_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dispute_pkey" PRIMARY KEY ("invoice_id")
);

ALTER TABLE "financial"."dispute" ADD CONSTRAINT "dispute_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "financial"."invoice"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "financial"."dispute" ("invoice_id", "reason")
SELECT "id", 'imported as disputed' FROM "financial"."invoice" WHERE "number" IN ('INV-000004', 'INV-000008');

UPDATE "financial"."invoice" SET "status" = 'DISPUTED' WHERE "id" IN (SELECT "invoice_id" FROM "financial"."dispute");
