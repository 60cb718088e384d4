-- A constraint that holds for new rows at once; the old ones are looked at in the next migration, without a lock that
-- stops anybody.
ALTER TABLE "financial"."invoices" ADD CONSTRAINT "invoices_total_check" CHECK ("total" IS NOT NULL AND "total" >= 0) NOT VALID;
