CREATE TYPE order_status AS ENUM ('pending', 'paid', 'shipped', 'cancelled');
CREATE TABLE customers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, name varchar(100) NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE addresses (id bigserial PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE, line1 text NOT NULL, line2 text, country char(2) NOT NULL, is_default boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX one_default ON addresses (customer_id) WHERE is_default;
CREATE TABLE products (sku varchar(40) PRIMARY KEY, title text NOT NULL, price numeric(12,2) NOT NULL CHECK (price >= 0), tags text[] NOT NULL DEFAULT '{}', attributes jsonb NOT NULL DEFAULT '{}');
CREATE INDEX ON products USING gin (tags); CREATE INDEX ON products USING gin (attributes jsonb_path_ops);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers, ship_to bigint REFERENCES addresses ON DELETE SET NULL, bill_to bigint REFERENCES addresses ON DELETE SET NULL, status order_status NOT NULL DEFAULT 'pending', placed_at timestamptz);
CREATE INDEX ON orders (status, placed_at DESC);
CREATE TABLE order_lines (order_id bigint REFERENCES orders ON DELETE CASCADE, sku varchar(40) REFERENCES products, quantity int NOT NULL DEFAULT 1, unit_price numeric(12,2) NOT NULL, PRIMARY KEY (order_id, sku));
