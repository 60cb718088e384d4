-- What worker-trading looks for when a job was lost: few rows of a table that grows all day.

CREATE INDEX CONCURRENTLY "fills_to_position_idx" ON "trading"."fills"("filled_at", "order_id", "number") WHERE (positioned_at IS NULL);
