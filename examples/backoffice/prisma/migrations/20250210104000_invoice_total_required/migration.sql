-- The valid constraint proves it: no row is read.
ALTER TABLE "financial"."invoices" ALTER COLUMN "total" SET NOT NULL;
