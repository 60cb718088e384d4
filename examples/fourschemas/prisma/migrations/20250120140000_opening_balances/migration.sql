-- What came over from the old system: accounts, instruments, and 5,000 invoices of two lines each.
-- The accounts keep their numbers: a sequence does not go back when a first try is rolled back, so a script that counted
-- on it to give out 1, 2 and 3 would never succeed after a crash.
INSERT INTO "public"."account" ("id", "name", "kind") VALUES
    (1, 'Ada Lovelace', 'PERSON'), (2, 'Analytical Engines Ltd', 'COMPANY'), (3, 'Babbage & Sons', 'COMPANY');
SELECT setval(pg_get_serial_sequence('"public"."account"', 'id'), 3);

INSERT INTO "trading"."instrument" ("symbol", "tick_size") VALUES ('COAL', 0.05), ('IRON', 0.01), ('SILK', 0.0025);

INSERT INTO "tagging"."tag" ("name") VALUES ('imported'), ('priority');

INSERT INTO "financial"."invoice" ("account_id", "number", "status", "issued_at", "due_on")
SELECT 1 + n % 3,
       'INV-' || to_char(n, 'FM000000'),
       (ARRAY['OPEN', 'PAID', 'PAID', 'DRAFT'])[1 + n % 4]::"financial"."InvoiceStatus",
       timestamp '2024-01-01 08:00' + n * interval '97 minutes',
       (timestamp '2024-01-31' + n * interval '97 minutes')::date
FROM generate_series(1, 5000) AS n;

INSERT INTO "financial"."invoice_line" ("invoice_id", "line", "description", "quantity", "unit_price")
SELECT i."id", line, CASE line WHEN 1 THEN 'punched cards' ELSE 'engine hours' END, 1 + i."id" % 7, 12.50 * line
FROM "financial"."invoice" AS i CROSS JOIN generate_series(1, 2) AS line;

INSERT INTO "tagging"."invoice_tag" ("invoice_id", "tag_id")
SELECT i."id", t."id" FROM "financial"."invoice" AS i CROSS JOIN "tagging"."tag" AS t WHERE t."name" = 'imported';
