-- The list shows totals, and adding up lines for every row of a page was too slow. Nullable at first, and with a
-- default for what the running version inserts; the rows that are there follow in batches.
ALTER TABLE "financial"."invoices" ADD COLUMN "total" DECIMAL(14,2);
ALTER TABLE "financial"."invoices" ALTER COLUMN "total" SET DEFAULT 0;
