-- ##### schemas/a model comes in another schema [7]

-- CreateEnum
CREATE TYPE "auth"."E" AS ENUM ('X');

-- CreateTable
CREATE TABLE "auth"."B" (
    "id" INTEGER NOT NULL,
    "e" "auth"."E" NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- ### and back

-- DropTable
DROP TABLE "auth"."B";

-- DropEnum
DROP TYPE "auth"."E";

-- ##### schemas/a model moves [7]

-- DropTable
DROP TABLE "A";

-- CreateTable
CREATE TABLE "auth"."A" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "e" "E" NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "auth"."A"("n");

-- ### and back

-- DropTable
DROP TABLE "auth"."A";

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "e" "E" NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "A"("n");

-- ##### schemas/an enum moves [7]

-- CreateEnum
CREATE TYPE "auth"."E" AS ENUM ('X');

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "auth"."E" NOT NULL DEFAULT 'X';

-- DropEnum
DROP TYPE "E";

-- ### and back

-- CreateEnum
CREATE TYPE "E" AS ENUM ('X');

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "E" NOT NULL DEFAULT 'X';

-- DropEnum
DROP TYPE "auth"."E";

-- ##### schemas/one schema becomes several [7]

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "auth";

-- CreateTable
CREATE TABLE "auth"."B" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- ### and back

-- DropTable
DROP TABLE "auth"."B";

-- ##### schemas/everything changes in a schema [7]

-- AlterEnum
BEGIN;
CREATE TYPE "billing"."E_new" AS ENUM ('X');
ALTER TABLE "auth"."A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "auth"."A" ALTER COLUMN "e" TYPE "billing"."E_new" USING ("e"::text::"billing"."E_new");
ALTER TYPE "billing"."E" RENAME TO "E_old";
ALTER TYPE "billing"."E_new" RENAME TO "E";
DROP TYPE "billing"."E_old";
ALTER TABLE "auth"."A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- AlterTable
ALTER TABLE "auth"."A" ADD COLUMN     "t" SERIAL NOT NULL,
ALTER COLUMN "n" DROP NOT NULL,
ALTER COLUMN "n" SET DEFAULT 5,
ALTER COLUMN "s" DROP DEFAULT;
ALTER TABLE "auth"."A" RENAME CONSTRAINT "A_pkey" TO "key";

-- AlterTable
ALTER TABLE "billing"."B" ADD COLUMN     "n" SERIAL NOT NULL;

-- RenameForeignKey
ALTER TABLE "billing"."B" RENAME CONSTRAINT "B_aId_fkey" TO "other";

-- RenameIndex
ALTER INDEX "auth"."A_n_idx" RENAME TO "by_n";

-- ### and back

-- AlterEnum
ALTER TYPE "billing"."E" ADD VALUE 'Y';

-- AlterTable
CREATE SEQUENCE "auth".a_s_seq;
ALTER TABLE "auth"."A" DROP COLUMN "t",
ALTER COLUMN "n" SET NOT NULL,
ALTER COLUMN "n" DROP DEFAULT,
ALTER COLUMN "s" SET DEFAULT nextval('"auth".a_s_seq');
ALTER TABLE "auth"."A" RENAME CONSTRAINT "key" TO "A_pkey";
ALTER SEQUENCE "auth".a_s_seq OWNED BY "auth"."A"."s";

-- AlterTable
ALTER TABLE "billing"."B" DROP COLUMN "n";

-- RenameForeignKey
ALTER TABLE "billing"."B" RENAME CONSTRAINT "other" TO "B_aId_fkey";

-- RenameIndex
ALTER INDEX "auth"."by_n" RENAME TO "A_n_idx";

-- ##### schemas/a schema is listed and empty [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### schemas/tables of one name in two schemas [7]

-- DropIndex
DROP INDEX "auth"."t_n_key";

-- RenameIndex
ALTER INDEX "billing"."t_n_key" RENAME TO "other";

-- ### and back

-- CreateIndex
CREATE UNIQUE INDEX "t_n_key" ON "auth"."t"("n");

-- RenameIndex
ALTER INDEX "billing"."other" RENAME TO "t_n_key";

-- ##### schemas/enums of one name in two schemas [7]

-- AlterEnum
BEGIN;
CREATE TYPE "auth"."e_new" AS ENUM ('X');
ALTER TABLE "auth"."A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "auth"."A" ALTER COLUMN "f" DROP DEFAULT;
ALTER TABLE "auth"."A" ALTER COLUMN "e" TYPE "auth"."e_new" USING ("e"::text::"auth"."e_new");
ALTER TYPE "auth"."e" RENAME TO "e_old";
ALTER TYPE "auth"."e_new" RENAME TO "e";
DROP TYPE "auth"."e_old";
ALTER TABLE "auth"."A" ALTER COLUMN "e" SET DEFAULT 'X';
ALTER TABLE "auth"."A" ALTER COLUMN "f" SET DEFAULT 'X';
COMMIT;

-- ### and back

-- AlterEnum
ALTER TYPE "auth"."e" ADD VALUE 'Y';

-- ##### schemas/many to many across schemas [7]

-- DropForeignKey
ALTER TABLE "billing"."_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- AlterTable
ALTER TABLE "billing"."A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGINT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "billing"."_AToB" DROP CONSTRAINT "_AToB_AB_pkey",
ALTER COLUMN "A" SET DATA TYPE BIGINT,
ADD CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A", "B");

-- AddForeignKey
ALTER TABLE "billing"."_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "billing"."A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "billing"."_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- AlterTable
ALTER TABLE "billing"."A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE INTEGER,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "billing"."_AToB" DROP CONSTRAINT "_AToB_AB_pkey",
ALTER COLUMN "A" SET DATA TYPE INTEGER,
ADD CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A", "B");

-- AddForeignKey
ALTER TABLE "billing"."_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "billing"."A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### schemas/extensions come [7]

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "pg_trgm" WITH VERSION "2";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "vector" WITH SCHEMA "x" VERSION "1";

-- ### and back

-- This is an empty migration.

-- ##### schemas/an extension changes [7]

-- DropExtension
DROP EXTENSION "citext";

-- DropExtension
DROP EXTENSION "hstore";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "citext" WITH SCHEMA "b" VERSION "2";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "hstore" WITH SCHEMA "b";

-- ### and back

-- DropExtension
DROP EXTENSION "citext";

-- DropExtension
DROP EXTENSION "hstore";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "citext" WITH SCHEMA "a" VERSION "1";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "hstore" WITH SCHEMA "a";

-- ##### schemas/an extension says less [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### schemas/extensions by their mapped names [7]

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "zombodb";

-- CreateExtension
CREATE EXTENSION IF NOT EXISTS "amcheck";

-- ### and back

-- This is an empty migration.

