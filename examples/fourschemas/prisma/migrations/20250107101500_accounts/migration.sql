CREATE TYPE "public"."AccountKind" AS ENUM ('PERSON', 'COMPANY');

CREATE TABLE "public"."account" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "public"."AccountKind" NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);
