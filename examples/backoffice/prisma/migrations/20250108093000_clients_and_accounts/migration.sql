CREATE TYPE "financial"."AccountKind" AS ENUM ('RECEIVABLE', 'REVENUE', 'CASH');

CREATE TABLE "financial"."clients" (
    "id" UUID NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "country" CHAR(2) NOT NULL,
    "email" VARCHAR(320),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "financial"."accounts" (
    "id" UUID NOT NULL,
    "client_id" UUID,
    "kind" "financial"."AccountKind" NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "accounts_client_id_kind_currency_key" ON "financial"."accounts"("client_id", "kind", "currency");

CREATE UNIQUE INDEX "accounts_house_key" ON "financial"."accounts"("kind", "currency") WHERE (client_id IS NULL);

ALTER TABLE "financial"."accounts" ADD CONSTRAINT "accounts_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "financial"."clients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's language has no word for.
ALTER TABLE "financial"."clients" ADD CONSTRAINT "clients_country_check" CHECK ("country" ~ '^[A-Z]{2}$');
ALTER TABLE "financial"."accounts" ADD CONSTRAINT "accounts_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
