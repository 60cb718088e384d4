-- What the dunning run looks for every night: a small part of the table.

CREATE INDEX CONCURRENTLY "invoices_open_due_on_idx" ON "financial"."invoices"("due_on", "id") WHERE (status = 'ISSUED'::financial."InvoiceStatus");
