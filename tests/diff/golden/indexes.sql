-- ##### indexes/an index comes [7]

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n");

-- ### and back

-- DropIndex
DROP INDEX "A_n_idx";

-- ##### indexes/a unique comes [7]

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "A"("n");

-- ### and back

-- DropIndex
DROP INDEX "A_n_key";

-- ##### indexes/an index becomes unique [7]

-- DropIndex
DROP INDEX "i";

-- CreateIndex
CREATE UNIQUE INDEX "i" ON "A"("n");

-- ### and back

-- DropIndex
DROP INDEX "i";

-- CreateIndex
CREATE INDEX "i" ON "A"("n");

-- ##### indexes/an index is renamed [7]

-- RenameIndex
ALTER INDEX "A_n_idx" RENAME TO "by_n";

-- ### and back

-- RenameIndex
ALTER INDEX "by_n" RENAME TO "A_n_idx";

-- ##### indexes/a unique is renamed [7]

-- RenameIndex
ALTER INDEX "A_n_key" RENAME TO "only_n";

-- ### and back

-- RenameIndex
ALTER INDEX "only_n" RENAME TO "A_n_key";

-- ##### indexes/two of the same columns are renamed [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### indexes/two of the same columns, one of another kind [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### indexes/two names change places [7]

-- RenameIndex
ALTER INDEX "a" RENAME TO "b";

-- RenameIndex
ALTER INDEX "b" RENAME TO "a";

-- ### and back

-- RenameIndex
ALTER INDEX "b" RENAME TO "a";

-- RenameIndex
ALTER INDEX "a" RENAME TO "b";

-- ##### indexes/sort order [7]

-- DropIndex
DROP INDEX "A_n_m_idx";

-- CreateIndex
CREATE INDEX "A_n_m_idx" ON "A"("n" DESC, "m");

-- ### and back

-- DropIndex
DROP INDEX "A_n_m_idx";

-- CreateIndex
CREATE INDEX "A_n_m_idx" ON "A"("n", "m");

-- ##### indexes/sort order said or not [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### indexes/columns change places [7]

-- DropIndex
DROP INDEX "A_n_m_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_m_n_key" ON "A"("m", "n");

-- ### and back

-- DropIndex
DROP INDEX "A_m_n_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_n_m_key" ON "A"("n", "m");

-- ##### indexes/another algorithm [7]

-- DropIndex
DROP INDEX "A_n_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A" USING HASH ("n");

-- ### and back

-- DropIndex
DROP INDEX "A_n_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n");

-- ##### indexes/an operator class that is the default [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### indexes/an operator class that is not the default [7]

-- DropIndex
DROP INDEX "A_j_idx";

-- CreateIndex
CREATE INDEX "A_j_idx" ON "A" USING GIN ("j" jsonb_path_ops);

-- ### and back

-- DropIndex
DROP INDEX "A_j_idx";

-- CreateIndex
CREATE INDEX "A_j_idx" ON "A" USING GIN ("j");

-- ##### indexes/a raw operator class [7]

-- DropIndex
DROP INDEX "A_s_idx";

-- CreateIndex
CREATE INDEX "A_s_idx" ON "A" USING GIN ("s" gin_bigm_ops);

-- ### and back

-- DropIndex
DROP INDEX "A_s_idx";

-- CreateIndex
CREATE INDEX "A_s_idx" ON "A" USING GIN ("s" gin_trgm_ops);

-- ##### indexes/brin and spgist [7]

-- DropIndex
DROP INDEX "A_n_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A" USING BRIN ("n" int4_minmax_multi_ops);

-- ### and back

-- DropIndex
DROP INDEX "A_n_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A" USING BRIN ("n");

-- ##### indexes/inet, said or not [7]

-- DropIndex
DROP INDEX "A_s_idx";

-- CreateIndex
CREATE INDEX "A_s_idx" ON "A" USING SPGIST ("s" inet_ops);

-- ### and back

-- DropIndex
DROP INDEX "A_s_idx";

-- CreateIndex
CREATE INDEX "A_s_idx" ON "A" USING GIST ("s" inet_ops);

-- ##### indexes/a column under an index goes [7]

-- DropIndex
DROP INDEX "A_n_m_idx";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "m";

-- ### and back

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "m" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "A_n_m_idx" ON "A"("n", "m");

-- ##### indexes/a column under an index is made anew [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "m",
ADD COLUMN     "m" BOOLEAN NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_m_key" ON "A"("m");

-- CreateIndex
CREATE INDEX "A_n_m_idx" ON "A"("n", "m");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "m",
ADD COLUMN     "m" INTEGER NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_m_key" ON "A"("m");

-- CreateIndex
CREATE INDEX "A_n_m_idx" ON "A"("n", "m");

-- ##### indexes/a column under an index is made anew, and the index is renamed [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "n",
ADD COLUMN     "n" BOOLEAN NOT NULL;

-- CreateIndex
CREATE INDEX "other" ON "A"("n");

-- RenameIndex
ALTER INDEX "A_n_idx" RENAME TO "other";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "n",
ADD COLUMN     "n" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n");

-- RenameIndex
ALTER INDEX "other" RENAME TO "A_n_idx";

-- ##### indexes/an index of a new table has the name of one that goes [7]

-- DropIndex
DROP INDEX "i";

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "i" ON "B"("n");

-- ### and back

-- DropTable
DROP TABLE "B";

-- CreateIndex
CREATE INDEX "i" ON "A"("n");

-- ##### indexes/indexes of new and of old tables [7]

-- CreateTable
CREATE TABLE "C" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "C_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "C_n_key" ON "C"("n");

-- CreateIndex
CREATE UNIQUE INDEX "B_n_key" ON "B"("n");

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "A"("n");

-- ### and back

-- DropIndex
DROP INDEX "A_n_key";

-- DropIndex
DROP INDEX "B_n_key";

-- DropTable
DROP TABLE "C";

-- ##### indexes/a partial index comes [7]

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n") WHERE ("n" IS NOT NULL);

-- ### and back

-- DropIndex
DROP INDEX "A_n_idx";

-- ##### indexes/a partial index gets another condition [7]

-- DropIndex
DROP INDEX "A_n_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n") WHERE (n > 5);

-- ### and back

-- DropIndex
DROP INDEX "A_n_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n") WHERE ("n" IS NOT NULL);

-- ##### indexes/a partial index is spelled otherwise [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### indexes/a partial index becomes whole [7]

-- DropIndex
DROP INDEX "A_n_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "A"("n");

-- ### and back

-- DropIndex
DROP INDEX "A_n_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_n_key" ON "A"("n") WHERE ("n" IS NOT NULL);

-- ##### indexes/a partial index is renamed [7]

-- RenameIndex
ALTER INDEX "one" RENAME TO "two";

-- ### and back

-- RenameIndex
ALTER INDEX "two" RENAME TO "one";

