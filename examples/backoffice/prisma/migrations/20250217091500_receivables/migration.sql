CREATE VIEW "financial"."receivables" AS
SELECT i."id" AS "invoice_id",
       i."client_id",
       i."status",
       i."due_on",
       i."total",
       coalesce((SELECT sum(p."amount") FROM "financial"."payments" AS p WHERE p."invoice_id" = i."id"), 0)::numeric(20, 2) AS "paid"
FROM "financial"."invoices" AS i
WHERE i."status" IN ('ISSUED', 'OVERDUE');
