-- A data migration: the list shows totals, and adding up lines for every row of a page was too slow.
ALTER TABLE "financial"."invoice" ADD COLUMN "total" DECIMAL(14,2);

UPDATE "financial"."invoice" AS i
SET "total" = lines."total"
FROM (
    SELECT "invoice_id", sum("quantity" * "unit_price") AS "total" FROM "financial"."invoice_line" GROUP BY "invoice_id"
) AS lines
WHERE lines."invoice_id" = i."id";

ALTER TABLE "financial"."invoice" ALTER COLUMN "total" SET NOT NULL;

ANALYZE "financial"."invoice";
