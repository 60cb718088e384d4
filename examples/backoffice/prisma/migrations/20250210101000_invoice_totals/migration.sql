-- pgready: backfill key=id
UPDATE "financial"."invoices" AS i
SET "total" = coalesce((SELECT sum(round(l."quantity" * l."unit_price", 2)) FROM "financial"."invoice_lines" AS l WHERE l."invoice_id" = i."id"), 0)
WHERE i."total" IS NULL;
