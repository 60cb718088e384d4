ALTER TABLE "financial"."invoices" VALIDATE CONSTRAINT "invoices_total_check";
