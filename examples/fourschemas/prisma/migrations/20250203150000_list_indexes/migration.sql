-- One index for each list that a page shows: the filters first, then the order, then the tie-breaker.
CREATE INDEX "invoice_account_status_issued_idx" ON "financial"."invoice"("account_id", "status", "issued_at" DESC, "id" DESC);
CREATE INDEX "invoice_status_due_idx" ON "financial"."invoice"("status", "due_on");
CREATE INDEX "order_instrument_status_placed_idx" ON "trading"."order"("instrument_id", "status", "placed_at" DESC, "id" DESC);
