CREATE TYPE "trading"."OrderSide" AS ENUM ('BUY', 'SELL');

CREATE TYPE "trading"."OrderStatus" AS ENUM ('OPEN', 'FILLED', 'CANCELLED');

CREATE TABLE "trading"."instruments" (
    "id" UUID NOT NULL,
    "symbol" VARCHAR(20) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "tick_size" DECIMAL(10,6) NOT NULL,

    CONSTRAINT "instruments_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "trading"."orders" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "instrument_id" UUID NOT NULL,
    "side" "trading"."OrderSide" NOT NULL,
    "status" "trading"."OrderStatus" NOT NULL DEFAULT 'OPEN',
    "quantity" DECIMAL(18,6) NOT NULL,
    "limit_price" DECIMAL(18,6),
    "placed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "trading"."fills" (
    "order_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "quantity" DECIMAL(18,6) NOT NULL,
    "price" DECIMAL(18,6) NOT NULL,
    "filled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "positioned_at" TIMESTAMPTZ(3),

    CONSTRAINT "fills_pkey" PRIMARY KEY ("order_id","number")
);

CREATE TABLE "trading"."positions" (
    "account_id" UUID NOT NULL,
    "instrument_id" UUID NOT NULL,
    "quantity" DECIMAL(18,6) NOT NULL,
    "cost" DECIMAL(18,2) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "positions_pkey" PRIMARY KEY ("account_id","instrument_id")
);

CREATE UNIQUE INDEX "instruments_symbol_key" ON "trading"."instruments"("symbol");

CREATE INDEX "positions_instrument_id_idx" ON "trading"."positions"("instrument_id");

ALTER TABLE "trading"."orders" ADD CONSTRAINT "orders_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "financial"."accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "trading"."orders" ADD CONSTRAINT "orders_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "trading"."instruments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "trading"."fills" ADD CONSTRAINT "fills_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "trading"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "trading"."positions" ADD CONSTRAINT "positions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "financial"."accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "trading"."positions" ADD CONSTRAINT "positions_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "trading"."instruments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "trading"."instruments" ADD CONSTRAINT "instruments_tick_size_check" CHECK ("tick_size" > 0);
ALTER TABLE "trading"."orders" ADD CONSTRAINT "orders_quantity_check" CHECK ("quantity" > 0);
ALTER TABLE "trading"."orders" ADD CONSTRAINT "orders_limit_price_check" CHECK ("limit_price" > 0);
ALTER TABLE "trading"."fills" ADD CONSTRAINT "fills_quantity_check" CHECK ("quantity" > 0);
ALTER TABLE "trading"."fills" ADD CONSTRAINT "fills_price_check" CHECK ("price" > 0);
