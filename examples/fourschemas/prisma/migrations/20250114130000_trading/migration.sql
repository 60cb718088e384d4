CREATE TYPE "trading"."OrderSide" AS ENUM ('BUY', 'SELL');
CREATE TYPE "trading"."OrderStatus" AS ENUM ('OPEN', 'FILLED', 'CANCELLED');

CREATE TABLE "trading"."instrument" (
    "id" SERIAL NOT NULL,
    "symbol" TEXT NOT NULL,
    "tick_size" DECIMAL(10,6) NOT NULL,

    CONSTRAINT "instrument_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "trading"."order" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "instrument_id" INTEGER NOT NULL,
    "side" "trading"."OrderSide" NOT NULL,
    "status" "trading"."OrderStatus" NOT NULL DEFAULT 'OPEN',
    "quantity" DECIMAL(18,6) NOT NULL,
    "limit_price" DECIMAL(18,6),
    "placed_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "instrument_symbol_key" ON "trading"."instrument"("symbol");

ALTER TABLE "trading"."order" ADD CONSTRAINT "order_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "trading"."order" ADD CONSTRAINT "order_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "trading"."instrument"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
