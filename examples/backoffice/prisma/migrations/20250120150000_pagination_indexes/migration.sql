-- One index for each list that a page shows: the filters first, then the order, then what makes it total. Each serves
-- both directions of its order.

CREATE INDEX "clients_created_at_idx" ON "financial"."clients"("created_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "clients_country_name_idx" ON "financial"."clients"("country", "name", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "accounts_created_at_idx" ON "financial"."accounts"("created_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "accounts_client_id_created_at_idx" ON "financial"."accounts"("client_id", "created_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "invoices_created_at_idx" ON "financial"."invoices"("created_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "invoices_status_due_on_idx" ON "financial"."invoices"("status", "due_on", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "invoices_client_id_created_at_idx" ON "financial"."invoices"("client_id", "created_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "invoices_client_id_status_created_at_idx" ON "financial"."invoices"("client_id", "status", "created_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "transactions_booked_at_idx" ON "financial"."transactions"("booked_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "transactions_client_id_booked_at_idx" ON "financial"."transactions"("client_id", "booked_at", "id"); -- pgready: allow H004 before the first client: the tables are empty

CREATE INDEX "transactions_client_id_kind_booked_at_idx" ON "financial"."transactions"("client_id", "kind", "booked_at", "id"); -- pgready: allow H004 before the first client: the tables are empty
