-- Likewise, in a migration of its own.

CREATE INDEX CONCURRENTLY "orders_instrument_id_status_placed_at_idx" ON "trading"."orders"("instrument_id", "status", "placed_at", "id");
