-- ##### together/an enum comes with a column, its default and an index [7]

-- CreateEnum
CREATE TYPE "State" AS ENUM ('NEW', 'DONE');

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "state" "State" NOT NULL DEFAULT 'NEW';

-- CreateIndex
CREATE INDEX "A_state_idx" ON "A"("state");

-- ### and back

-- DropIndex
DROP INDEX "A_state_idx";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "state";

-- DropEnum
DROP TYPE "State";

-- ##### together/an enum becomes an array with a default [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "state" SET DEFAULT ARRAY['NEW', 'DONE']::"State"[],
ALTER COLUMN "state" SET DATA TYPE "State"[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "state" SET NOT NULL,
ALTER COLUMN "state" SET DEFAULT 'NEW',
ALTER COLUMN "state" SET DATA TYPE "State";

-- ##### together/an array of an enum loses a value that its default has not [7]

-- AlterEnum
BEGIN;
CREATE TYPE "State_new" AS ENUM ('NEW');
ALTER TABLE "A" ALTER COLUMN "state" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "state" TYPE "State_new"[] USING ("state"::text::"State_new"[]);
ALTER TYPE "State" RENAME TO "State_old";
ALTER TYPE "State_new" RENAME TO "State";
DROP TYPE "State_old";
ALTER TABLE "A" ALTER COLUMN "state" SET DEFAULT ARRAY['NEW']::"State"[];
COMMIT;

-- ### and back

-- AlterEnum
ALTER TYPE "State" ADD VALUE 'DONE';

-- ##### together/an enum of three tables loses a value [7]

-- AlterEnum
BEGIN;
CREATE TYPE "State_new" AS ENUM ('NEW');
ALTER TABLE "A" ALTER COLUMN "s" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "s" TYPE "State_new" USING ("s"::text::"State_new");
ALTER TABLE "B" ALTER COLUMN "s" TYPE "State_new" USING ("s"::text::"State_new");
ALTER TABLE "B" ALTER COLUMN "t" TYPE "State_new"[] USING ("t"::text::"State_new"[]);
ALTER TABLE "C" ALTER COLUMN "s" TYPE "State_new" USING ("s"::text::"State_new");
ALTER TYPE "State" RENAME TO "State_old";
ALTER TYPE "State_new" RENAME TO "State";
DROP TYPE "State_old";
ALTER TABLE "A" ALTER COLUMN "s" SET DEFAULT 'NEW';
COMMIT;

-- ### and back

-- AlterEnum
ALTER TYPE "State" ADD VALUE 'DONE';

-- ##### together/values are mapped [7]

-- AlterEnum
ALTER TYPE "State" ADD VALUE 'gone (far)';

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "s" SET DEFAULT 'done for good';

-- ### and back

-- AlterEnum
BEGIN;
CREATE TYPE "State_new" AS ENUM ('new value', 'done for good');
ALTER TABLE "A" ALTER COLUMN "s" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "s" TYPE "State_new" USING ("s"::text::"State_new");
ALTER TYPE "State" RENAME TO "State_old";
ALTER TYPE "State_new" RENAME TO "State";
DROP TYPE "State_old";
ALTER TABLE "A" ALTER COLUMN "s" SET DEFAULT 'new value';
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "s" SET DEFAULT 'new value';

-- ##### together/an enum is mapped to another name, with its table [7]

-- CreateEnum
CREATE TYPE "state_type" AS ENUM ('NEW');

-- DropTable
DROP TABLE "A";

-- DropEnum
DROP TYPE "State";

-- CreateTable
CREATE TABLE "a_s" (
    "id" INTEGER NOT NULL,
    "s" "state_type" NOT NULL DEFAULT 'NEW',

    CONSTRAINT "a_s_pkey" PRIMARY KEY ("id")
);

-- ### and back

-- CreateEnum
CREATE TYPE "State" AS ENUM ('NEW');

-- DropTable
DROP TABLE "a_s";

-- DropEnum
DROP TYPE "state_type";

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "s" "State" NOT NULL DEFAULT 'NEW',

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- ##### together/an enum's column moves to another table [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "s";

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "s" "State" NOT NULL DEFAULT 'NEW';

-- ### and back

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "s" "State" NOT NULL DEFAULT 'NEW';

-- AlterTable
ALTER TABLE "B" DROP COLUMN "s";

-- ##### together/two enums swap their columns [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" "Two" NOT NULL DEFAULT 'P',
DROP COLUMN "y",
ADD COLUMN     "y" "One" NOT NULL DEFAULT 'P';

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" "One" NOT NULL DEFAULT 'P',
DROP COLUMN "y",
ADD COLUMN     "y" "Two" NOT NULL DEFAULT 'P';

-- ##### together/a column changes in every way at once [7]

-- DropIndex
DROP INDEX "A_x_key";

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT 2,
ALTER COLUMN "x" SET DATA TYPE BIGINT,
ALTER COLUMN "y" SET NOT NULL,
ALTER COLUMN "y" SET DEFAULT 'y',
ALTER COLUMN "y" SET DATA TYPE VARCHAR(20);

-- CreateIndex
CREATE INDEX "A_x_y_idx" ON "A"("x", "y");

-- ### and back

-- DropIndex
DROP INDEX "A_x_y_idx";

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DEFAULT 1,
ALTER COLUMN "x" SET DATA TYPE INTEGER,
ALTER COLUMN "y" DROP NOT NULL,
ALTER COLUMN "y" DROP DEFAULT,
ALTER COLUMN "y" SET DATA TYPE VARCHAR(10);

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- ##### together/columns come, go and change in two tables [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "a",
ADD COLUMN     "c" INTEGER,
ALTER COLUMN "b" SET NOT NULL;

-- AlterTable
ALTER TABLE "B" DROP COLUMN "b",
ADD COLUMN     "c" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
DROP COLUMN "a",
ADD COLUMN     "a" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "c",
ADD COLUMN     "a" INTEGER NOT NULL,
ALTER COLUMN "b" DROP NOT NULL;

-- AlterTable
ALTER TABLE "B" DROP COLUMN "c",
ADD COLUMN     "b" INTEGER NOT NULL,
ALTER COLUMN "a" SET DATA TYPE TEXT;

-- ##### together/a table goes that refers to one that stays [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropTable
DROP TABLE "B";

-- ### and back

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "aId" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "B_aId_key" ON "B"("aId");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/two tables that refer to each other go [7]

-- DropForeignKey
ALTER TABLE "A" DROP CONSTRAINT "A_bId_fkey";

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropTable
DROP TABLE "A";

-- DropTable
DROP TABLE "B";

-- ### and back

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "bId" INTEGER,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "aId" INTEGER,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "A" ADD CONSTRAINT "A_bId_fkey" FOREIGN KEY ("bId") REFERENCES "B"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ##### together/a ring of three tables comes, one in the ring goes [7]

-- DropForeignKey
ALTER TABLE "A" DROP CONSTRAINT "A_bId_fkey";

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_cId_fkey";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "bId";

-- DropTable
DROP TABLE "B";

-- ### and back

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "bId" INTEGER NOT NULL;

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "cId" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "A" ADD CONSTRAINT "A_bId_fkey" FOREIGN KEY ("bId") REFERENCES "B"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_cId_fkey" FOREIGN KEY ("cId") REFERENCES "C"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/a foreign key's column and the key that it refers to change their type [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGINT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" SET DATA TYPE BIGINT;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE INTEGER,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" SET DATA TYPE INTEGER;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/a foreign key's column and the key that it refers to are made anew [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" UUID NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP COLUMN "aId",
ADD COLUMN     "aId" UUID;

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "B"("aId");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP COLUMN "aId",
ADD COLUMN     "aId" INTEGER;

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "B"("aId");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ##### together/a composite key that others refer to gets a column [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_x_y_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD COLUMN     "z" INTEGER NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("x", "y", "z");

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "z" INTEGER NOT NULL;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_x_y_z_fkey" FOREIGN KEY ("x", "y", "z") REFERENCES "A"("x", "y", "z") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_x_y_z_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "z",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("x", "y");

-- AlterTable
ALTER TABLE "B" DROP COLUMN "z";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_x_y_fkey" FOREIGN KEY ("x", "y") REFERENCES "A"("x", "y") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/a relation moves from a key to a unique [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_ref_fkey";

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "ref" SET DATA TYPE TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "A_code_key" ON "A"("code");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_ref_fkey" FOREIGN KEY ("ref") REFERENCES "A"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_ref_fkey";

-- DropIndex
DROP INDEX "A_code_key";

-- AlterTable
ALTER TABLE "B" DROP COLUMN "ref",
ADD COLUMN     "ref" INTEGER NOT NULL;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_ref_fkey" FOREIGN KEY ("ref") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/a one to many becomes a one to one [7]

-- DropIndex
DROP INDEX "B_aId_idx";

-- CreateIndex
CREATE UNIQUE INDEX "B_aId_key" ON "B"("aId");

-- ### and back

-- DropIndex
DROP INDEX "B_aId_key";

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "B"("aId");

-- ##### together/a relation turns round [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropIndex
DROP INDEX "B_aId_key";

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "bId" INTEGER NOT NULL;

-- AlterTable
ALTER TABLE "B" DROP COLUMN "aId";

-- CreateIndex
CREATE UNIQUE INDEX "A_bId_key" ON "A"("bId");

-- AddForeignKey
ALTER TABLE "A" ADD CONSTRAINT "A_bId_fkey" FOREIGN KEY ("bId") REFERENCES "B"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "A" DROP CONSTRAINT "A_bId_fkey";

-- DropIndex
DROP INDEX "A_bId_key";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "bId";

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "aId" INTEGER NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "B_aId_key" ON "B"("aId");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/a one to many becomes many to many [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "B" DROP COLUMN "aId";

-- CreateTable
CREATE TABLE "_AToB" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_AToB_B_index" ON "_AToB"("B");

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "aId" INTEGER NOT NULL;

-- DropTable
DROP TABLE "_AToB";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/many to many to itself, with another name [7]

-- DropForeignKey
ALTER TABLE "_friends" DROP CONSTRAINT "_friends_A_fkey";

-- DropForeignKey
ALTER TABLE "_friends" DROP CONSTRAINT "_friends_B_fkey";

-- DropTable
DROP TABLE "_friends";

-- CreateTable
CREATE TABLE "_follows" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_follows_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_follows_B_index" ON "_follows"("B");

-- AddForeignKey
ALTER TABLE "_follows" ADD CONSTRAINT "_follows_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_follows" ADD CONSTRAINT "_follows_B_fkey" FOREIGN KEY ("B") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_follows" DROP CONSTRAINT "_follows_A_fkey";

-- DropForeignKey
ALTER TABLE "_follows" DROP CONSTRAINT "_follows_B_fkey";

-- DropTable
DROP TABLE "_follows";

-- CreateTable
CREATE TABLE "_friends" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_friends_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_friends_B_index" ON "_friends"("B");

-- AddForeignKey
ALTER TABLE "_friends" ADD CONSTRAINT "_friends_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_friends" ADD CONSTRAINT "_friends_B_fkey" FOREIGN KEY ("B") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### together/several many to many between two models [7]

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- DropTable
DROP TABLE "_AToB";

-- CreateTable
CREATE TABLE "_one" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_one_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "_two" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_two_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_one_B_index" ON "_one"("B");

-- CreateIndex
CREATE INDEX "_two_B_index" ON "_two"("B");

-- AddForeignKey
ALTER TABLE "_one" ADD CONSTRAINT "_one_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_one" ADD CONSTRAINT "_one_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_two" ADD CONSTRAINT "_two_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_two" ADD CONSTRAINT "_two_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_one" DROP CONSTRAINT "_one_A_fkey";

-- DropForeignKey
ALTER TABLE "_one" DROP CONSTRAINT "_one_B_fkey";

-- DropForeignKey
ALTER TABLE "_two" DROP CONSTRAINT "_two_A_fkey";

-- DropForeignKey
ALTER TABLE "_two" DROP CONSTRAINT "_two_B_fkey";

-- DropTable
DROP TABLE "_one";

-- DropTable
DROP TABLE "_two";

-- CreateTable
CREATE TABLE "_AToB" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_AToB_B_index" ON "_AToB"("B");

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### together/a model of many to many is mapped to another name [7]

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropTable
DROP TABLE "A";

-- CreateTable
CREATE TABLE "a_table" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "a_table_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "a_table"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropTable
DROP TABLE "a_table";

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### together/tables and columns in other letters [7]

-- DropTable
DROP TABLE "User";

-- CreateTable
CREATE TABLE "users" (
    "id" INTEGER NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "email" TEXT NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "users_created_at_idx" ON "users"("created_at");

-- ### and back

-- DropTable
DROP TABLE "users";

-- CreateTable
CREATE TABLE "User" (
    "id" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "email" TEXT NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "User_createdAt_idx" ON "User"("createdAt");

-- ##### together/a column is mapped to another name in every place [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropIndex
DROP INDEX "B_aId_idx";

-- DropIndex
DROP INDEX "B_n_aId_key";

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
DROP COLUMN "aId",
ADD COLUMN     "a_id" INTEGER NOT NULL,
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("a_id", "n");

-- CreateIndex
CREATE INDEX "B_a_id_idx" ON "B"("a_id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "B_n_a_id_key" ON "B"("n", "a_id");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_a_id_fkey";

-- DropIndex
DROP INDEX "B_a_id_idx";

-- DropIndex
DROP INDEX "B_n_a_id_key";

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
DROP COLUMN "a_id",
ADD COLUMN     "aId" INTEGER NOT NULL,
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("aId", "n");

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "B"("aId" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "B_n_aId_key" ON "B"("n", "aId");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/all names are given by hand [7]

-- AlterTable
ALTER TABLE "A" RENAME CONSTRAINT "A_pkey" TO "pk_a";

-- AlterTable
ALTER TABLE "B" RENAME CONSTRAINT "B_pkey" TO "pk_b";

-- RenameForeignKey
ALTER TABLE "B" RENAME CONSTRAINT "B_aId_fkey" TO "fk_b_a";

-- RenameIndex
ALTER INDEX "A_n_key" RENAME TO "uq_a_n";

-- RenameIndex
ALTER INDEX "A_m_idx" RENAME TO "ix_a_m";

-- ### and back

-- AlterTable
ALTER TABLE "A" RENAME CONSTRAINT "pk_a" TO "A_pkey";

-- AlterTable
ALTER TABLE "B" RENAME CONSTRAINT "pk_b" TO "B_pkey";

-- RenameForeignKey
ALTER TABLE "B" RENAME CONSTRAINT "fk_b_a" TO "B_aId_fkey";

-- RenameIndex
ALTER INDEX "uq_a_n" RENAME TO "A_n_key";

-- RenameIndex
ALTER INDEX "ix_a_m" RENAME TO "A_m_idx";

-- ##### together/names that are cut [7]

-- DropIndex
DROP INDEX "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce_idx";

-- CreateIndex
CREATE UNIQUE INDEX "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce_key" ON "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce"("aColumnWithANameThatIsNotMuchShorterThanThat");

-- CreateIndex
CREATE INDEX "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce_idx" ON "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce"("aColumnWithANameThatIsNotMuchShorterThanThat", "id");

-- ### and back

-- DropIndex
DROP INDEX "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce_key";

-- DropIndex
DROP INDEX "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce_idx";

-- CreateIndex
CREATE INDEX "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce_idx" ON "AVeryLongNameForATableThatNobodyWouldWantToTypeMoreThanOnce"("aColumnWithANameThatIsNotMuchShorterThanThat");

-- ##### together/names with accents and signs [7]

-- DropIndex
DROP INDEX "Tabelle für alles_größe_idx";

-- AlterTable
ALTER TABLE "Tabelle für alles" ADD COLUMN     "日本語 $1 %s {0}" INTEGER;

-- CreateIndex
CREATE UNIQUE INDEX "Tabelle für alles_größe_key" ON "Tabelle für alles"("größe");

-- CreateIndex
CREATE INDEX "Tabelle für alles_日本語 $1 %s {0}_größe_idx" ON "Tabelle für alles"("日本語 $1 %s {0}", "größe");

-- ### and back

-- DropIndex
DROP INDEX "Tabelle für alles_größe_key";

-- DropIndex
DROP INDEX "Tabelle für alles_日本語 $1 %s {0}_größe_idx";

-- AlterTable
ALTER TABLE "Tabelle für alles" DROP COLUMN "日本語 $1 %s {0}";

-- CreateIndex
CREATE INDEX "Tabelle für alles_größe_idx" ON "Tabelle für alles"("größe");

-- ##### together/names that are keywords [7]

-- DropIndex
DROP INDEX "user_select_idx";

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "table" INTEGER,
ALTER COLUMN "select" SET DATA TYPE BIGINT;

-- CreateIndex
CREATE UNIQUE INDEX "user_table_key" ON "user"("table");

-- CreateIndex
CREATE INDEX "user_select_table_idx" ON "user"("select", "table");

-- ### and back

-- DropIndex
DROP INDEX "user_table_key";

-- DropIndex
DROP INDEX "user_select_table_idx";

-- AlterTable
ALTER TABLE "user" DROP COLUMN "table",
ALTER COLUMN "select" SET DATA TYPE INTEGER;

-- CreateIndex
CREATE INDEX "user_select_idx" ON "user"("select");

-- ##### together/the key loses its numbers [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "id" DROP DEFAULT;
DROP SEQUENCE "A_id_seq";

-- ### and back

-- AlterTable
CREATE SEQUENCE a_id_seq;
ALTER TABLE "A" ALTER COLUMN "id" SET DEFAULT nextval('a_id_seq');
ALTER SEQUENCE a_id_seq OWNED BY "A"."id";

-- ##### together/the key becomes a big one with numbers [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGSERIAL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGSERIAL,
ALTER COLUMN "aId" SET DATA TYPE BIGINT,
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("id");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE SERIAL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
ALTER COLUMN "id" SET DATA TYPE SERIAL,
ALTER COLUMN "aId" SET DATA TYPE INTEGER,
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("id");

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/numbers become texts [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" UUID NOT NULL DEFAULT gen_random_uuid(),
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" SERIAL NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ##### together/a unique comes with its column, its table has another one [7]

-- DropIndex
DROP INDEX "A_x_key";

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "y" INTEGER NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_y_key" ON "A"("y");

-- CreateIndex
CREATE UNIQUE INDEX "A_x_y_key" ON "A"("x", "y");

-- ### and back

-- DropIndex
DROP INDEX "A_y_key";

-- DropIndex
DROP INDEX "A_x_y_key";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y";

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- ##### together/indexes change all at once [7]

-- DropIndex
DROP INDEX "A_b_idx";

-- DropIndex
DROP INDEX "A_c_idx";

-- DropIndex
DROP INDEX "A_a_b_key";

-- CreateIndex
CREATE INDEX "A_b_idx" ON "A"("b" DESC);

-- CreateIndex
CREATE INDEX "A_c_idx" ON "A"("c");

-- CreateIndex
CREATE INDEX "A_c_b_idx" ON "A" USING BRIN ("c", "b");

-- CreateIndex
CREATE UNIQUE INDEX "A_b_a_key" ON "A"("b", "a");

-- RenameIndex
ALTER INDEX "by_hand" RENAME TO "by_machine";

-- ### and back

-- DropIndex
DROP INDEX "A_b_idx";

-- DropIndex
DROP INDEX "A_c_idx";

-- DropIndex
DROP INDEX "A_c_b_idx";

-- DropIndex
DROP INDEX "A_b_a_key";

-- CreateIndex
CREATE INDEX "A_b_idx" ON "A"("b");

-- CreateIndex
CREATE INDEX "A_c_idx" ON "A" USING HASH ("c");

-- CreateIndex
CREATE UNIQUE INDEX "A_a_b_key" ON "A"("a", "b");

-- RenameIndex
ALTER INDEX "by_machine" RENAME TO "by_hand";

-- ##### together/an index of a list [7]

-- CreateIndex
CREATE INDEX "A_j_idx" ON "A" USING GIN ("j" jsonb_path_ops);

-- ### and back

-- DropIndex
DROP INDEX "A_j_idx";

-- ##### together/two indexes become one [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### together/a table is replaced by one of the same shape [7]

-- DropTable
DROP TABLE "A";

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "B_n_key" ON "B"("n");

-- ### and back

-- DropTable
DROP TABLE "B";

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "A"("n");

-- ##### together/a table is replaced, and keeps its database name [7]

-- DropIndex
DROP INDEX "things_n_key";

-- AlterTable
ALTER TABLE "things" ADD COLUMN     "t" TEXT NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "things" DROP COLUMN "t";

-- CreateIndex
CREATE UNIQUE INDEX "things_n_key" ON "things"("n");

-- ##### together/tables swap names [7]

-- AlterTable
ALTER TABLE "one" DROP COLUMN "x",
ADD COLUMN     "y" TEXT NOT NULL;

-- AlterTable
ALTER TABLE "two" DROP COLUMN "y",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "two" DROP COLUMN "x",
ADD COLUMN     "y" TEXT NOT NULL;

-- AlterTable
ALTER TABLE "one" DROP COLUMN "y",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ##### together/columns swap names [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "one" SET DATA TYPE TEXT,
DROP COLUMN "two",
ADD COLUMN     "two" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "two" SET DATA TYPE TEXT,
DROP COLUMN "one",
ADD COLUMN     "one" INTEGER NOT NULL;

-- ##### together/no database relations any more, with many to many [7]

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- ### and back

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### together/a model and what refers to it move to another schema [7]

-- DropForeignKey
ALTER TABLE "one"."B" DROP CONSTRAINT "B_aId_fkey";

-- DropTable
DROP TABLE "one"."A";

-- DropTable
DROP TABLE "one"."B";

-- CreateTable
CREATE TABLE "two"."A" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "two"."B" (
    "id" INTEGER NOT NULL,
    "aId" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "two"."B"("aId");

-- AddForeignKey
ALTER TABLE "two"."B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "two"."A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "two"."B" DROP CONSTRAINT "B_aId_fkey";

-- DropTable
DROP TABLE "two"."A";

-- DropTable
DROP TABLE "two"."B";

-- CreateTable
CREATE TABLE "one"."A" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "one"."B" (
    "id" INTEGER NOT NULL,
    "aId" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "one"."B"("aId");

-- AddForeignKey
ALTER TABLE "one"."B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "one"."A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### together/a foreign key across schemas comes and one goes [7]

-- DropForeignKey
ALTER TABLE "two"."B" DROP CONSTRAINT "B_aId_fkey";

-- DropForeignKey
ALTER TABLE "one"."C" DROP CONSTRAINT "C_aId_fkey";

-- AlterTable
ALTER TABLE "one"."C" ALTER COLUMN "aId" SET NOT NULL;

-- AddForeignKey
ALTER TABLE "one"."C" ADD CONSTRAINT "C_aId_fkey" FOREIGN KEY ("aId") REFERENCES "one"."A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "one"."C" DROP CONSTRAINT "C_aId_fkey";

-- AlterTable
ALTER TABLE "one"."C" ALTER COLUMN "aId" DROP NOT NULL;

-- AddForeignKey
ALTER TABLE "two"."B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "one"."A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "one"."C" ADD CONSTRAINT "C_aId_fkey" FOREIGN KEY ("aId") REFERENCES "one"."A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ##### together/an enum of one schema in a table of another changes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "two"."E_new" AS ENUM ('X', 'Z');
ALTER TABLE "one"."A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "one"."A" ALTER COLUMN "e" TYPE "two"."E_new" USING ("e"::text::"two"."E_new");
ALTER TABLE "one"."A" ALTER COLUMN "f" TYPE "two"."E_new"[] USING ("f"::text::"two"."E_new"[]);
ALTER TYPE "two"."E" RENAME TO "E_old";
ALTER TYPE "two"."E_new" RENAME TO "E";
DROP TYPE "two"."E_old";
ALTER TABLE "one"."A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- ### and back

-- AlterEnum
BEGIN;
CREATE TYPE "two"."E_new" AS ENUM ('X', 'Y');
ALTER TABLE "one"."A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "one"."A" ALTER COLUMN "e" TYPE "two"."E_new" USING ("e"::text::"two"."E_new");
ALTER TABLE "one"."A" ALTER COLUMN "f" TYPE "two"."E_new"[] USING ("f"::text::"two"."E_new"[]);
ALTER TYPE "two"."E" RENAME TO "E_old";
ALTER TYPE "two"."E_new" RENAME TO "E";
DROP TYPE "two"."E_old";
ALTER TABLE "one"."A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- ##### together/a schema with quotes comes [7]

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "with-dash";

-- CreateTable
CREATE TABLE "with-dash"."B" (
    "id" SERIAL NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "B_n_key" ON "with-dash"."B"("n");

-- ### and back

-- DropTable
DROP TABLE "with-dash"."B";

-- ##### together/everything comes [7]

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');

-- AlterTable
CREATE SEQUENCE a_id_seq;
ALTER TABLE "A" ADD COLUMN     "email" VARCHAR(320) NOT NULL,
ADD COLUMN     "role" "Role" NOT NULL DEFAULT 'USER',
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY['a']::TEXT[],
ALTER COLUMN "id" SET DEFAULT nextval('a_id_seq');
ALTER SEQUENCE a_id_seq OWNED BY "A"."id";

-- CreateTable
CREATE TABLE "Post" (
    "id" UUID NOT NULL,
    "authorId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" JSONB NOT NULL DEFAULT '{}',
    "price" DECIMAL(10,2) NOT NULL DEFAULT 0,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Group" (
    "x" INTEGER NOT NULL,
    "y" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "Group_pkey" PRIMARY KEY ("x","y")
);

-- CreateIndex
CREATE INDEX "Post_authorId_at_idx" ON "Post"("authorId", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Group_n_key" ON "Group"("n");

-- CreateIndex
CREATE UNIQUE INDEX "Group_n_x_key" ON "Group"("n", "x");

-- CreateIndex
CREATE UNIQUE INDEX "A_email_key" ON "A"("email");

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "Post" DROP CONSTRAINT "Post_authorId_fkey";

-- DropIndex
DROP INDEX "A_email_key";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "email",
DROP COLUMN "role",
DROP COLUMN "tags",
ALTER COLUMN "id" DROP DEFAULT;
DROP SEQUENCE "A_id_seq";

-- DropTable
DROP TABLE "Post";

-- DropTable
DROP TABLE "Group";

-- DropEnum
DROP TYPE "Role";

-- ##### together/an index with conditions of columns that change [7]

-- DropIndex
DROP INDEX "A_n_idx";

-- DropIndex
DROP INDEX "A_s_key";

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "n" SET DATA TYPE BIGINT;

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n") WHERE ("s" = 'b');

-- CreateIndex
CREATE UNIQUE INDEX "A_s_key" ON "A"("s") WHERE (n > 5);

-- ### and back

-- DropIndex
DROP INDEX "A_n_idx";

-- DropIndex
DROP INDEX "A_s_key";

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "n" SET DATA TYPE INTEGER;

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n") WHERE ("s" = 'a');

-- CreateIndex
CREATE UNIQUE INDEX "A_s_key" ON "A"("s") WHERE (n IS NOT NULL);

-- ##### together/names with quotes [7]

-- DropIndex
DROP INDEX "all ""of"" it_x_idx";

-- AlterTable
ALTER TABLE "all ""of"" it" DROP COLUMN "x",
ADD COLUMN     "x""y" INTEGER;

-- CreateIndex
CREATE INDEX "its ""index""" ON "all ""of"" it"("x""y");

-- ### and back

-- DropIndex
DROP INDEX "its ""index""";

-- AlterTable
ALTER TABLE "all ""of"" it" DROP COLUMN "x""y",
ADD COLUMN     "x" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "all ""of"" it_x_idx" ON "all ""of"" it"("x");

-- ##### together/labels with apostrophes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "State_new" AS ENUM ('it''s new');
ALTER TABLE "A" ALTER COLUMN "s" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "s" TYPE "State_new" USING ("s"::text::"State_new");
ALTER TYPE "State" RENAME TO "State_old";
ALTER TYPE "State_new" RENAME TO "State";
DROP TYPE "State_old";
ALTER TABLE "A" ALTER COLUMN "s" SET DEFAULT 'it''s new';
COMMIT;

-- ### and back

-- AlterEnum
ALTER TYPE "State" ADD VALUE 'it''s done';

