-- By now the table is written to all day long: built without blocking its writers. The only statement of its script,
-- so that Prisma's own CLI can run it too.
CREATE INDEX CONCURRENTLY "order_account_placed_idx" ON "trading"."order"("account_id", "placed_at" DESC);
