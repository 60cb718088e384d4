-- By now orders are placed all day long: built without blocking them. The only statement of its script, so that
-- Prisma's own CLI can run it, too.

CREATE INDEX CONCURRENTLY "orders_account_id_placed_at_idx" ON "trading"."orders"("account_id", "placed_at", "id");
