CREATE SCHEMA IF NOT EXISTS "books";
CREATE TABLE "books"."Entry" (
    "id" BIGSERIAL NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "done" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "Entry_pkey" PRIMARY KEY ("id")
);
